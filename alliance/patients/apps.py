"""Patients of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    """The room of patients."""

    name = "alliance.patients"
    label = "patients"
    verbose_name = _("Patients")
