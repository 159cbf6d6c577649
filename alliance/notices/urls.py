"""Pages of notices."""

from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("<uuid:public_id>/", views.open_notice, name="open"),
]
