"""Addresses of privileges."""

from django.urls import URLPattern

app_name = "privileges"
urlpatterns: list[URLPattern] = []
