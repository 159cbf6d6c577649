"""Logbook."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogbookConfig(AppConfig):
    """The room of logbook."""

    name = "training.logbook"
    label = "logbook"
    verbose_name = _("Logbook")

    def ready(self) -> None:
        """Answer the outbox and follow merged patients."""
        from . import receivers  # noqa: F401
