"""Quality control."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QcConfig(AppConfig):
    """The room of qc."""

    name = "qc"
    label = "qc"
    verbose_name = _("Quality control")

    def ready(self) -> None:
        """Answer the outbox and open a door for keepers of devices."""
        from . import cards, receivers  # noqa: F401
