"""Notices of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """The room of notices."""

    name = "alliance.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Answer the outbox."""
        from . import receivers  # noqa: F401
