"""Pages that file referrals: the form, drafts, attachments, print."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
