"""What others may ask: what a use of a device costs an institution, before it and after it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from alliance.catalogue.selectors import grades_between, technique_grade
from alliance.core.policy import PolicySet, policies, policy_history
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
    use = Use(list(devices), institution_id, technique_id, alliance_id, on)
    tier = Institution.objects.values_list("tier", flat=True).get(pk=institution_id)
    grade = ""
    if technique_id is not None:
        answer = technique_grade(technique_id, on=on, alliance_id=alliance_id)
        grade = answer.grade if answer else ""
    values = policies(alliance_id=alliance_id, on=on, prefix="tariffs.")
    listed = _listed(devices, alliance_id=alliance_id, on=on)
    return _terms(use, tier=tier, grade=grade, values=values, listed=listed)


@dataclass(frozen=True, slots=True)
class Use:
    """Devices that an institution uses on a day, and for what."""

    devices: Sequence[Device]
    institution_id: int
    technique_id: int | None
    alliance_id: int
    on: date


def terms_of(uses: Sequence[Use]) -> list[dict[int, Terms]]:
    """The terms of many uses, of whatever days and alliances, in their order; four queries."""
    if not uses:
        return []
    houses = Institution.objects.filter(pk__in={use.institution_id for use in uses})
    tiers = dict(houses.values_list("pk", "tier"))
    history = policy_history(
        alliance_ids={use.alliance_id for use in uses},
        until=max(use.on for use in uses),
        keys=["tariffs.free", "tariffs.step_minutes"],
    )
    grade_of, prices_of = _grades(uses), _prices(uses)
    return [
        _terms(
            use,
            tier=tiers[use.institution_id],
            grade=grade_of(use),
            values=history.on(use.on, alliance_id=use.alliance_id),
            listed=prices_of(use),
        )
        for use in uses
    ]


def _terms(
    use: Use, *, tier: str, grade: str, values: PolicySet, listed: Sequence[Listed]
) -> dict[int, Terms]:
    return {
        device.pk: rules.Terms(
            price=rules.chosen(
                listed, type_id=device.type_id, device_id=device.pk, tier=rules.paying_tier(tier)
            ),
            free_reason=rules.free_reason(
                is_own=device.owner_id == use.institution_id,
                tier=tier,
                grade=grade,
                rule=values["tariffs.free"],
            ),
            step_minutes=values["tariffs.step_minutes"],
        )
        for device in use.devices
    }


def _grades(uses: Sequence[Use]) -> Callable[[Use], str]:
    """How the technique of each use is graded on its day; empty where it is not."""
    days = [use.on for use in uses]
    grade_on = grades_between(
        {use.technique_id for use in uses if use.technique_id is not None},
        alliance_ids={use.alliance_id for use in uses},
        since=min(days),
        until=max(days),
    )
    return lambda use: grade_on(use.technique_id or 0, use.alliance_id, use.on)


def _prices(uses: Sequence[Use]) -> Callable[[Use], list[Listed]]:
    """The prices that count for each use: of its alliance and its day."""
    devices = [device for use in uses for device in use.devices]
    rows = _of_devices(devices).filter(alliance__in={use.alliance_id for use in uses})
    found = rows.values_list(
        "alliance_id", "valid_from", "valid_until", "pk", "type_id", "device_id", "tier", "unit",
        "amount",
    )  # fmt: skip
    listed = [(of, since, until, Listed(*price)) for of, since, until, *price in found]

    def prices(use: Use) -> list[Listed]:
        return [
            price
            for of, since, until, price in listed
            if of == use.alliance_id and since <= use.on and (until is None or use.on < until)
        ]

    return prices


def _listed(devices: Collection[Device], *, alliance_id: int, on: date) -> list[Listed]:
    """The prices of these devices and their types that count on a day."""
    rows = _of_devices(devices).in_force(on).filter(alliance=alliance_id)
    found = rows.values_list("pk", "type_id", "device_id", "tier", "unit", "amount")
    return [Listed(*row) for row in found]


def _of_devices(devices: Collection[Device]) -> Any:
    """The prices of devices and of their types."""
    types = {device.type_id for device in devices}
    return Price.objects.filter(Q(device__in=devices) | Q(type__in=types)).order_by("pk")


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
