"""Addresses of insights."""

from django.urls import path

from . import views

app_name = "insights"
urlpatterns = [
    path("", views.use, name="use"),
    path("idle/", views.report, {"name": "idle"}, name="idle"),
    path("demand/", views.report, {"name": "demand"}, name="demand"),
    path("sharing/", views.report, {"name": "sharing"}, name="sharing"),
    path("costs/", views.report, {"name": "costs"}, name="costs"),
    path("refusals/", views.refusals, name="refusals"),
    path("export/", views.export, name="export"),
]
