"""Notices of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """The room of notices."""

    name = "alliance.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Answer the outbox, listen to accounts, and say what is said about them."""
        from . import account, receivers  # noqa: F401

        account.define_texts()
