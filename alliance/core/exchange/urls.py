"""Addresses of imports and exports (included by `core.urls`)."""

from django.urls import path

from . import views

urlpatterns = [
    path("imports/", views.hub, name="imports"),
    path("imports/jobs/<uuid:public_id>/", views.job, name="import-job"),
    path("imports/jobs/<uuid:public_id>/status/", views.status, name="import-status"),
    path("imports/jobs/<uuid:public_id>/confirm/", views.confirm, name="import-confirm"),
    path("imports/jobs/<uuid:public_id>/check/", views.check_again, name="import-check"),
    path("imports/jobs/<uuid:public_id>/resume/", views.resume, name="import-resume"),
    path("imports/jobs/<uuid:public_id>/errors.xlsx", views.errors, name="import-errors"),
    path("imports/<slug:table>/", views.new, name="import-new"),
    path("imports/<slug:table>/template.xlsx", views.template, name="import-template"),
    path("exports/<slug:table>.xlsx", views.export, name="export"),
]
