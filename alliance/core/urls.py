"""Addresses for machines and the platform's own pages."""

from django.urls import include, path

from . import views, views_ledger

app_name = "core"

urlpatterns = [
    path("health/live/", views.live, name="live"),
    path("health/ready/", views.ready, name="ready"),
    path("metrics", views.prometheus, name="metrics"),
    path("ledger/", views_ledger.index, name="ledger"),
    path("", include("alliance.core.exchange.urls")),
]
