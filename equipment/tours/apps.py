"""Tours of devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ToursConfig(AppConfig):
    """The room of tours."""

    name = "equipment.tours"
    label = "tours"
    verbose_name = _("Tours of devices")
