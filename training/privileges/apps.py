"""Privileges."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivilegesConfig(AppConfig):
    """The room of privileges."""

    name = "training.privileges"
    label = "privileges"
    verbose_name = _("Privileges")

    def ready(self) -> None:
        """Answer the outbox, and open this room's doors on the page of training."""
        from . import cards, receivers  # noqa: F401
