"""Addresses of granting."""

from django.urls import URLPattern

app_name = "granting"
urlpatterns: list[URLPattern] = []
