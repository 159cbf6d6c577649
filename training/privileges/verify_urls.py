"""The public address of certificates, short enough for a code on paper."""

from django.urls import path

from .views import certificates

app_name = "verify"
urlpatterns = [path("<str:token>/", certificates.verify, name="certificate")]
