"""What others may ask: what a use of a device costs an institution, before it and after it."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q

from alliance.catalogue.selectors import technique_grade
from alliance.core.policy import policies
from alliance.institutions.models import Institution
from equipment.devices.models import Device

from . import rules
from .models import Price
from .rules import Listed as Listed
from .rules import Quote as Quote
from .rules import Terms as Terms
from .rules import basis_sentence as basis_sentence


def terms(
    *,
    devices: Collection[Device],
    institution_id: int,
    technique_id: int | None,
    alliance_id: int,
    on: date,
) -> dict[int, Terms]:
    """The terms on which an institution uses each device for a technique; four queries.

    `on` is the day of use: its price list, its edition of the catalogue and its policy count.
    """
    tier = Institution.objects.values_list("tier", flat=True).get(pk=institution_id)
    grade = ""
    if technique_id is not None:
        answer = technique_grade(technique_id, on=on, alliance_id=alliance_id)
        grade = answer.grade if answer else ""
    values = policies(alliance_id=alliance_id, on=on, prefix="tariffs.")
    listed = _listed(devices, alliance_id=alliance_id, on=on)
    return {
        device.pk: rules.Terms(
            price=rules.chosen(
                listed, type_id=device.type_id, device_id=device.pk, tier=rules.paying_tier(tier)
            ),
            free_reason=rules.free_reason(
                is_own=device.owner_id == institution_id,
                tier=tier,
                grade=grade,
                rule=values["tariffs.free"],
            ),
            step_minutes=values["tariffs.step_minutes"],
        )
        for device in devices
    }


def _listed(devices: Collection[Device], *, alliance_id: int, on: date) -> list[Listed]:
    """The prices of these devices and their types that count on a day."""
    rows = (
        Price.objects.in_force(on)
        .filter(alliance=alliance_id)
        .filter(Q(device__in=devices) | Q(type__in={device.type_id for device in devices}))
        .order_by("pk")
    )
    found = rows.values_list("pk", "type_id", "device_id", "tier", "unit", "amount")
    return [Listed(*row) for row in found]


def quotes(
    *,
    devices: Collection[Device],
    institution_id: int,
    technique_id: int | None,
    alliance_id: int,
    starts_at: datetime,
    ends_at: datetime,
    on: date,
) -> dict[int, Quote]:
    """What the same time costs an institution with each of many devices; four queries."""
    found = terms(
        devices=devices,
        institution_id=institution_id,
        technique_id=technique_id,
        alliance_id=alliance_id,
        on=on,
    )
    return {pk: one.quote(starts_at, ends_at) for pk, one in found.items()}


def quote(
    *,
    device: Device,
    institution_id: int,
    technique_id: int | None,
    alliance_id: int,
    starts_at: datetime,
    ends_at: datetime,
    on: date,
) -> Quote:
    """What a time with a device costs an institution; `on` is the day of use."""
    found = quotes(
        devices=[device],
        institution_id=institution_id,
        technique_id=technique_id,
        alliance_id=alliance_id,
        starts_at=starts_at,
        ends_at=ends_at,
        on=on,
    )
    return found[device.pk]
