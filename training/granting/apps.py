"""Granting."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantingConfig(AppConfig):
    """The room of granting."""

    name = "training.granting"
    label = "granting"
    verbose_name = _("Granting")

    def ready(self) -> None:
        """Answer the outbox, and show the doors of this room on the page of training."""
        from . import cards, receivers  # noqa: F401
