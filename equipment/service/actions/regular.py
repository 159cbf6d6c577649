"""New devices are planned what their types ask for again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from alliance.core import ledger
from alliance.core.policy import policy
from alliance.core.transactions import one_transaction
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of

from .. import rules
from ..choices import PlanKind
from ..models import MaintenancePlan
from .outages import changed
from .plans import stops_by_policy

# Which months of a type say how often.
_MONTHS: Final = {
    PlanKind.STATUTORY: "statutory_months",
    PlanKind.PREVENTIVE: "preventive_months",
}

# By device and kind: when it was done last before the device came onto the register.
LastDone = Mapping[int, Mapping[str, date]]
_NOTHING: Final[LastDone] = MappingProxyType({})


@one_transaction
def plan_regular(
    *, device_ids: Collection[int], by: Any, last_done: LastDone = _NOTHING
) -> list[MaintenancePlan]:
    """Plan the calibration and maintenance of devices that have come onto the register.

    Who registers them has been judged by who calls. `last_done` says by device and kind when it was
    done last, where that was told: the first is due so many months later. Else it is due so many
    months after a device came into use; where that has passed, nobody knows when it was checked
    last, and it is due within the days of the policy.
    """
    today = timezone.localdate()
    rows = Device.objects.filter(pk__in=device_ids, retired_on=None).select_related("type")
    houses: dict[int, list[Device]] = {}
    for device in rows.order_by("owner", "pk"):
        houses.setdefault(device.owner_id, []).append(device)
    made: list[MaintenancePlan] = []
    for owner_id, devices in houses.items():
        plans = list(_plans(owner_id, devices, last_done, today, by))
        MaintenancePlan.objects.bulk_create(plans)
        made += plans
        if plans:
            first, count = plans[0], len(plans)
            ledger.record(
                "plan.regular", by=by, subject=first, institution_id=owner_id, count=count
            )
    if made:
        changed([plan.device_id for plan in made])
    return made


def _plans(
    owner_id: int, devices: list[Device], last_done: LastDone, today: date, by: Any
) -> Iterator[MaintenancePlan]:
    alliance = alliance_of(owner_id, today)
    alliance_id = alliance.pk if alliance else None
    grace = policy("service.unknown_days", on=today, alliance_id=alliance_id)
    for kind, field in _MONTHS.items():
        # As names are kept; whoever reads another language is told the kind in that.
        with override(settings.LANGUAGE_CODE):
            name = str(kind.label)
        stops = stops_by_policy(owner_id, kind)
        for device in devices:
            months = getattr(device.type, field)
            if months is None:
                continue
            last = last_done.get(device.pk, {}).get(kind)
            due, why = rules.first_due(
                device.in_use_from, months, last=last, today=today, grace=grace
            )
            yield MaintenancePlan(
                device=device,
                kind=kind,
                name=name,
                months=months,
                first_due_on=due,
                first_due_why=why,
                last_on=last,
                due_on=due,
                stops_use=stops,
                created_by=by,
            )
