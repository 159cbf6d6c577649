"""Admission of techniques."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    """The room of standards."""

    name = "training.standards"
    label = "standards"
    verbose_name = _("Admission of techniques")

    def ready(self) -> None:
        """Answer the outbox, hang up tiles and cards."""
        from . import cards, receivers, tiles  # noqa: F401
