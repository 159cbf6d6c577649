"""This room's doors on the page of equipment."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipment.hub import Card, cards

from . import policies
from .models import Device, Stocktake


@cards(order=10)
def register(user: Any) -> Iterator[Card]:
    """The register; keepers see how many devices are past their life."""
    if not policies.may_look(user):
        return
    past = Device.objects.kept_by(user).past_life(timezone.localdate()).count()
    words = ngettext("%(count)s past its life", "%(count)s past their life", past)
    yield Card(
        title=_("Register of devices"),
        text=_("What there is and where it stands; labels, files, what leaves the register."),
        url=reverse("devices:list") + ("?standing=past_life" if past else ""),
        icon="device",
        note=words % {"count": past} if past else "",
        tone="warn" if past else "",
    )


@cards(order=80)
def stocktakes(user: Any) -> Iterator[Card]:
    """Stock-takes, of which one may be open."""
    if not policies.may_count(user):
        return
    mine = Stocktake.objects.visible_to(user).filter(institution__in=policies.houses_kept(user))
    begun = mine.open().exists()
    yield Card(
        title=_("Stock-takes"),
        text=_("Count by scanning labels; what is missing, as a table."),
        url=reverse("devices:stocktakes"),
        icon="check-circle",
        note=_("one is open") if begun else "",
    )


@cards(order=90)
def types(user: Any) -> Iterator[Card]:
    """Types of device, for the office that maintains them."""
    if policies.may_maintain_types(user):
        yield Card(
            title=_("Device types"),
            text=_("What is usual for each type, and which techniques need it."),
            url=reverse("devices:types"),
            icon="grid",
        )
