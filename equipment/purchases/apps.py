"""Purchases of devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PurchasesConfig(AppConfig):
    """The room of purchases."""

    name = "equipment.purchases"
    label = "purchases"
    verbose_name = _("Purchases of devices")

    def ready(self) -> None:
        """Answer the outbox, hang up cards."""
        from . import cards, receivers  # noqa: F401
