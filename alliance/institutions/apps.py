"""Institutions of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    """The room of institutions."""

    name = "alliance.institutions"
    label = "institutions"
    verbose_name = _("Institutions")

    def ready(self) -> None:
        """Hang up the office's tiles."""
        from . import tiles  # noqa: F401
