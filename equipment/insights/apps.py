"""Use of devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    """The room of insights."""

    name = "equipment.insights"
    label = "insights"
    verbose_name = _("Use of devices")

    def ready(self) -> None:
        """Show its card."""
        from . import cards  # noqa: F401
