"""Privileges."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivilegesConfig(AppConfig):
    """The room of privileges."""

    name = "training.privileges"
    label = "privileges"
    verbose_name = _("Privileges")
