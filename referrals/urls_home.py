"""The home page, by role."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
