"""Base configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigurationConfig(AppConfig):
    """The room of configuration."""

    name = "equipment.configuration"
    label = "configuration"
    verbose_name = _("Base configuration")
