"""Exams."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    """The room of exams."""

    name = "training.exams"
    label = "exams"
    verbose_name = _("Exams")

    def ready(self) -> None:
        """Answer the outbox; stand on the page of training."""
        from . import cards, receivers  # noqa: F401
