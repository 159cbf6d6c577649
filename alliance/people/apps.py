"""People of the alliance."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """The room of people."""

    name = "alliance.people"
    label = "people"
    verbose_name = _("People")
