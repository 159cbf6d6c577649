"""This room's door on the page of equipment."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from equipment.hub import Card, cards

from . import policies


@cards(order=90)
def insights(user: Any) -> Iterator[Card]:
    """How devices are used, for who keeps or oversees them."""
    if policies.may_look(user):
        yield Card(
            title=_("Use of devices"),
            text=_("When they are used, which stand idle, and where one more would help."),
            url=reverse("insights:use"),
            icon="chart",
        )
