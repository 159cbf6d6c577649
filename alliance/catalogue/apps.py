"""Catalogue of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """The room of catalogue."""

    name = "alliance.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")
