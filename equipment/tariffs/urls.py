"""Addresses of tariffs."""

from django.urls import path

from . import views

app_name = "tariffs"
urlpatterns = [
    path("", views.index, name="prices"),
    path("new/", views.new, name="new"),
    path("<uuid:public_id>/end/", views.end, name="end"),
]
