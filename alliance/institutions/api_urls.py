"""API routes of institutions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
