"""Pages of patients."""

from django.urls import path

from .views import consents, index, merging, record, registration

app_name = "patients"

urlpatterns = [
    path("", index.patients, name="list"),
    path("find/", index.find, name="find"),
    path("new/", registration.register, name="register"),
    path("duplicates/", registration.duplicates, name="duplicates"),
    path("<uuid:public_id>/", record.detail, name="detail"),
    path("<uuid:public_id>/amend/", registration.amend, name="amend"),
    path("<uuid:public_id>/reveal/", record.reveal, name="reveal"),
    path("<uuid:public_id>/consents/new/", consents.record, name="consent"),
    path(
        "<uuid:public_id>/consents/<uuid:consent_id>/withdraw/",
        consents.withdraw,
        name="withdraw-consent",
    ),
    path("<uuid:public_id>/merge/", merging.find_other, name="merge-find"),
    path("<uuid:public_id>/merge/<uuid:other_id>/", merging.merge, name="merge"),
]
