"""People of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """The room of people."""

    name = "alliance.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Listen to sign-ins and answer the outbox."""
        from . import receivers  # noqa: F401
