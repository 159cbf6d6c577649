"""Base configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigurationConfig(AppConfig):
    """The room of the base configuration."""

    name = "equipment.configuration"
    label = "configuration"
    verbose_name = _("Base configuration")

    def ready(self) -> None:
        """Hang up cards."""
        from . import cards  # noqa: F401
