"""Addresses of equipment as a whole."""

from django.urls import path

from . import views

app_name = "equipment"
urlpatterns = [path("", views.home, name="home")]
