"""Institutions of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    """The room of institutions."""

    name = "alliance.institutions"
    label = "institutions"
    verbose_name = _("Institutions")
