"""Pages that file referrals: the form, drafts, attachments, print."""

from django.urls import path

from . import views_assist, views_files, views_new, views_print

urlpatterns = [
    path("new/", views_new.new, name="new"),
    path("new/autosave/", views_new.autosave, name="autosave-new"),
    path("new/files/", views_new.attach_new, name="attach-new"),
    path("new/patient/", views_assist.patient_lookup, name="patient-lookup"),
    path("new/check/", views_assist.check_receiver, name="check_receiver"),
    path("new/lookup/<str:kind>/", views_assist.lookup, name="lookup"),
    path("drafts/<uuid:public_id>/", views_new.draft, name="draft"),
    path("drafts/<uuid:public_id>/autosave/", views_new.autosave, name="autosave"),
    path("<uuid:public_id>/files/", views_files.attach, name="attach"),
    path("<uuid:public_id>/files/<uuid:attachment_id>/", views_files.attachment, name="attachment"),
    path(
        "<uuid:public_id>/files/<uuid:attachment_id>/remove/",
        views_files.remove,
        name="remove-attachment",
    ),
    path("<uuid:public_id>/print/", views_print.paper, name="print"),
]
