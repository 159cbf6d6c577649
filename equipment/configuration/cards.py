"""This room's doors on the page of equipment."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from equipment.hub import Card, cards

from . import policies


@cards(order=60)
def configuration(user: Any) -> Iterator[Card]:
    """What is missing, and what each tier must have."""
    overseen = policies.alliances_to_oversee(user)
    if overseen or access_of(user).institutions_with(Permission.EQUIPMENT_KEEP):
        yield Card(
            title=_("Gaps in the base configuration"),
            text=_("What is asked, what is there, what is too old or not in service."),
            url=reverse("configuration:gaps"),
            icon="chart",
        )
    if policies.alliances_to_maintain(user):
        yield Card(
            title=_("Base configuration"),
            text=_("What each tier must have, in editions with a date."),
            url=reverse("configuration:standards"),
            icon="book",
        )
