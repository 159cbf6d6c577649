"""Addresses of training as a whole."""

from django.urls import path

from . import views

app_name = "training"
urlpatterns = [path("", views.home, name="home")]
