"""Logbook."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogbookConfig(AppConfig):
    """The room of logbook."""

    name = "training.logbook"
    label = "logbook"
    verbose_name = _("Logbook")

    def ready(self) -> None:
        """Answer the outbox, follow merged patients, show cards."""
        from . import cards, receivers  # noqa: F401
