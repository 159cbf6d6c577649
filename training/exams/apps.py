"""Exams."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    """The room of exams."""

    name = "training.exams"
    label = "exams"
    verbose_name = _("Exams")
