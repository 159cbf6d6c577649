"""API routes of referrals."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
