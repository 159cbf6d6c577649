"""Referrals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    """The room of referrals."""

    name = "referrals"
    label = "referrals"
    verbose_name = _("Referrals")

    def ready(self) -> None:
        """Connect what listens to signals and carries out outbox messages."""
        from . import causes, receivers  # noqa: F401
