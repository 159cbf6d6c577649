"""Endpoints of standards."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
