"""Addresses of devices."""

from django.urls import path

from .views import devices, files, labels, stocktakes, types

app_name = "devices"
urlpatterns = [
    path("", devices.index, name="list"),
    path("new/", devices.new, name="new"),
    path("labels/", labels.labels, name="labels"),
    # Short: it stands in the QR code on the device.
    path("q/<uuid:public_id>/", devices.scan, name="scan"),
    path("types/", types.index, name="types"),
    path("types/new/", types.new, name="type-new"),
    path("types/<uuid:public_id>/", types.detail, name="type"),
    path("types/<uuid:public_id>/edit/", types.edit, name="type-edit"),
    path("types/<uuid:public_id>/techniques/", types.need, name="type-need"),
    path("types/<uuid:public_id>/techniques/<str:code>/drop/", types.drop, name="type-drop"),
    path("stock-takes/", stocktakes.index, name="stocktakes"),
    path("stock-takes/new/", stocktakes.new, name="stocktake-new"),
    path("stock-takes/<uuid:public_id>/", stocktakes.detail, name="stocktake"),
    path("stock-takes/<uuid:public_id>/scan/", stocktakes.scan, name="stocktake-scan"),
    path("stock-takes/<uuid:public_id>/close/", stocktakes.close, name="stocktake-close"),
    path(
        "stock-takes/<uuid:public_id>/lines/<int:line_id>/take-back/",
        stocktakes.take_back,
        name="stocktake-take-back",
    ),
    path("<uuid:public_id>/", devices.device, name="device"),
    path("<uuid:public_id>/edit/", devices.edit, name="edit"),
    path("<uuid:public_id>/move/", devices.move, name="move"),
    path("<uuid:public_id>/retire/", devices.retire, name="retire"),
    path("<uuid:public_id>/put-back/", devices.put_back, name="put-back"),
    path("<uuid:public_id>/give/", devices.give, name="give"),
    path("<uuid:public_id>/label/", labels.label, name="label"),
    path("<uuid:public_id>/files/", files.attach, name="attach"),
    path("<uuid:public_id>/files/<uuid:file_id>/", files.file, name="file"),
    path("<uuid:public_id>/files/<uuid:file_id>/remove/", files.remove, name="file-remove"),
]
