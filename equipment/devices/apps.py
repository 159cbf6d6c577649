"""Devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    """The room of devices."""

    name = "equipment.devices"
    label = "devices"
    verbose_name = _("Devices")

    def ready(self) -> None:
        """Answer the outbox, hang up cards and this room's own panel."""
        from . import cards, counted, receivers  # noqa: F401
