"""Use of devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    """The room of insights."""

    name = "equipment.insights"
    label = "insights"
    verbose_name = _("Use of devices")

    def ready(self) -> None:
        """Show its card; tell applications for devices what was wanted."""
        from . import cards, evidence  # noqa: F401
