"""This room's door on the page of equipment."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipment.hub import Card, cards

from . import policies, selectors


@cards(order=60)
def tours(user: Any) -> Iterator[Card]:
    """Tours; with how many stops to come are at one's own institutions."""
    if not policies.may_look(user):
        return
    coming = selectors.coming_stops(user, timezone.now()).count()
    words = ngettext("%(count)s stop at yours", "%(count)s stops at yours", coming)
    yield Card(
        title=_("Tours of devices"),
        text=_("A vehicle with devices comes to you; book places for your patients."),
        url=reverse("tours:list"),
        icon="calendar",
        note=words % {"count": coming} if coming else "",
        tone="active" if coming else "",
    )
