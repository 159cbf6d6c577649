"""Catalogue of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """The room of catalogue."""

    name = "alliance.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Hang up the catalogue's tile in the alliance office."""
        from . import tiles  # noqa: F401
