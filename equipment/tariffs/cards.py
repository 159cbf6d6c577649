"""This room's door on the page of equipment."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from equipment.hub import Card, cards

from . import policies


@cards(order=70)
def prices(user: Any) -> Iterator[Card]:
    """What sharing a device costs."""
    if policies.may_look(user):
        yield Card(
            title=_("Prices of sharing"),
            text=_("What the use of a shared device costs whom, and who uses it free of charge."),
            url=reverse("tariffs:prices"),
            icon="list",
        )
