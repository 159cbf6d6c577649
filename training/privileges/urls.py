"""Addresses of privileges."""

from django.urls import path

from .views import asking, certificates, overrides, privileges

app_name = "privileges"
urlpatterns = [
    path("", asking.who, name="who"),
    path("mine/", privileges.mine, name="mine"),
    path("list/", privileges.index, name="list"),
    path("certificates/<uuid:public_id>/", certificates.paper, name="certificate"),
    path("emergencies/", overrides.index, name="overrides"),
    path("emergencies/new/", overrides.new, name="override_new"),
    path("emergencies/<uuid:public_id>/", overrides.detail, name="override"),
    path("emergencies/<uuid:public_id>/report/", overrides.report, name="override_report"),
    path("emergencies/<uuid:public_id>/review/", overrides.review, name="override_review"),
    path("<uuid:public_id>/", privileges.detail, name="detail"),
    path("<uuid:public_id>/suspend/", privileges.suspend, name="suspend"),
    path("<uuid:public_id>/restore/", privileges.restore, name="restore"),
    path("<uuid:public_id>/withdraw/", privileges.withdraw, name="withdraw"),
    path("<uuid:public_id>/certificate/", certificates.issue, name="certify"),
]
