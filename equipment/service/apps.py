"""Maintenance and repair."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceConfig(AppConfig):
    """The room of service."""

    name = "equipment.service"
    label = "service"
    verbose_name = _("Maintenance and repair")

    def ready(self) -> None:
        """Answer the outbox, hang up cards and panels."""
        from . import cards, marks, panels, receivers  # noqa: F401
