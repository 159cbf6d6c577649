"""Prices of sharing."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TariffsConfig(AppConfig):
    """The room of tariffs."""

    name = "equipment.tariffs"
    label = "tariffs"
    verbose_name = _("Prices of sharing")

    def ready(self) -> None:
        """Hang up cards."""
        from . import cards  # noqa: F401
