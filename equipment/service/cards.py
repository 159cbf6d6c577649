"""This room's doors on the page of equipment."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipment.hub import Card, cards

from . import policies
from .models import MaintenancePlan, WorkOrder

_MOST = 99


@cards(order=20)
def service(user: Any) -> Iterator[Card]:
    """What a keeper has to do today; repairs, for everybody who works with devices."""
    if not policies.may_look(user):
        return
    kept = policies.houses_kept(user)
    if policies.may_look_after(user):
        faults = WorkOrder.objects.visible_to(user).open().filter(institution__in=kept)
        plans = MaintenancePlan.objects.visible_to(user).filter(device__owner__in=kept)
        late = plans.current().overdue(timezone.localdate())
        waiting = faults[: _MOST + 1].count() + late[: _MOST + 1].count()
        note = ""
        if waiting:
            note = ngettext("%(count)s to see to", "%(count)s to see to", waiting) % {
                "count": waiting
            }
        yield Card(
            title=_("Keeper's day"),
            text=_("Faults, checks due and overdue, recalls and adverse events, in one place."),
            url=reverse("service:board"),
            icon="briefcase",
            note=note,
            tone="warn" if note else "",
        )
    yield Card(
        title=_("Repairs"),
        text=_("Faults reported and how far their repair is."),
        url=reverse("service:orders"),
        icon="settings",
    )
