"""Tours of devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ToursConfig(AppConfig):
    """The room of tours."""

    name = "equipment.tours"
    label = "tours"
    verbose_name = _("Tours of devices")

    def ready(self) -> None:
        """Answer the outbox, say which devices are away, hang up cards and panels."""
        from . import cards, panels, receivers, selectors  # noqa: F401
