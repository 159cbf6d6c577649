"""Addresses of the base configuration."""

from django.urls import path

from .views import gaps, standards

app_name = "configuration"
urlpatterns = [
    path("", gaps.index, name="gaps"),
    path("institutions/<uuid:public_id>/", gaps.house, name="gap"),
    path("standards/", standards.index, name="standards"),
    path("standards/new/", standards.new, name="new"),
    path("standards/<uuid:public_id>/", standards.detail, name="standard"),
    path("standards/<uuid:public_id>/publish/", standards.publish, name="publish"),
    path("standards/<uuid:public_id>/discard/", standards.discard, name="discard"),
    path("standards/<uuid:public_id>/items/<int:pk>/remove/", standards.remove, name="remove"),
]
