"""Programmes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """The room of programmes."""

    name = "training.programmes"
    label = "programmes"
    verbose_name = _("Programmes")
