"""Programmes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """The room of programmes."""

    name = "training.programmes"
    label = "programmes"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        """Answer the outbox; show the doors of this room."""
        from . import cards, receivers  # noqa: F401
