"""This room's door on the page of equipment."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipment.hub import Card, cards

from . import policies
from .models import Purchase

_MOST = 100


@cards(order=65)
def purchases(user: Any) -> Iterator[Card]:
    """Applications for devices, and how many wait for one's side."""
    if not policies.may_look(user):
        return
    count = Purchase.objects.visible_to(user).waiting_for(user)[:_MOST].count()
    note = ""
    if count:
        note = ngettext("%(count)s waits for us", "%(count)s wait for us", count) % {"count": count}
    yield Card(
        title=_("Purchase of devices"),
        text=_("Apply, review, evaluate, decide, deliver."),
        url=reverse("purchases:purchases"),
        icon="inbox",
        note=note,
        tone="warn" if note else "",
    )
