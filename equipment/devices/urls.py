"""Addresses of devices."""

from django.urls import path

from .views import devices

app_name = "devices"
urlpatterns = [
    # Short: it stands in the QR code on the device.
    path("q/<uuid:public_id>/", devices.scan, name="scan"),
    path("<uuid:public_id>/", devices.device, name="device"),
]
