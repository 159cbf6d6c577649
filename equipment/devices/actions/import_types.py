"""Types of device brought in as a whole file, with the techniques that need them; all or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from alliance.catalogue.models import Technique
from alliance.core.exchange.plan import Change, Plan, Row, RowError, compare, resolve_many
from alliance.core.exchange.write import upsert
from alliance.core.pinyin import initials

from .. import policies
from ..choices import Need
from ..models import DeviceType, TypeTechnique

FIELDS: Final = (
    "code", "name", "family", "kind", "category_code", "is_high_end", "is_fixed", "life_years",
    "setup_minutes", "cleaning_minutes", "statutory_months", "preventive_months",
    "upkeep_source", "is_active", "source",
)  # fmt: skip
_NEEDS: Final = {"required_ids": Need.REQUIRED, "helpful_ids": Need.HELPFUL}


def plan_types(*, rows: Sequence[Row], by: Any) -> Plan:
    """What bringing these types of device in would do; writes nothing."""
    if not policies.may_maintain_types(by):
        raise PermissionDenied
    errors: list[RowError] = []
    for column in ("required", "helpful"):
        into = f"{column}_ids"
        errors += resolve_many(rows, column, Technique.objects.all(), into=into)
    plan = compare(rows, DeviceType.objects.all(), key=("code",), fields=FIELDS, errors=errors)
    return _with_needs(plan, rows)


def _with_needs(plan: Plan, rows: Sequence[Row]) -> Plan:
    """Types that stay but whose techniques differ are told as changed too."""
    moved = {change.row.number for change in plan.changed} | {row.number for row in plan.new}
    wrong = {error.number for error in plan.errors}
    left = [row for row in rows if row.number not in moved | wrong]
    held = _held({row.values["code"] for row in left})
    for row in left:
        pk, needs = held.get(row.values["code"], (0, {}))
        if pk and _asked(row) is not None and _merged(needs, row) != needs:
            plan.changed.append(Change(row, pk, ["required"]))
            plan.same -= 1
    return plan


def _held(codes: set[str]) -> dict[str, tuple[int, dict[int, str]]]:
    """By code of a type: its id, and how much which technique needs it."""
    found: dict[str, tuple[int, dict[int, str]]] = {
        code: (pk, {})
        for code, pk in DeviceType.objects.filter(code__in=codes).values_list("code", "pk")
    }
    links = TypeTechnique.objects.filter(type__code__in=codes)
    for code, technique, need in links.values_list("type__code", "technique_id", "need"):
        found[code][1][technique] = need
    return found


def _asked(row: Row) -> dict[str, list[int]] | None:
    """The techniques that a row names, by column; None where the file has no such column."""
    found = {name: row.values[name] for name in _NEEDS if name in row.values}
    return found or None


def _merged(needs: Mapping[int, str], row: Row) -> dict[int, str]:
    """What a type's techniques are after a row: each column that the file has replaces its own."""
    asked = _asked(row) or {}
    replaced = {_NEEDS[name] for name in asked}
    merged = {pk: need for pk, need in needs.items() if need not in replaced}
    for name in reversed(list(_NEEDS)):
        merged |= dict.fromkeys(asked.get(name, ()), _NEEDS[name].value)
    return merged


@transaction.atomic
def import_types(*, rows: Sequence[Row], by: Any, progress: Callable[[int], None]) -> Plan:
    """Add and change types of device by code, with their techniques; all or none."""
    plan = plan_types(rows=rows, by=by)
    plan.check()
    upsert(
        DeviceType,
        plan,
        key=("code",),
        fields=FIELDS,
        derive=_spell,
        derived=["pinyin", "version"],
        progress=progress,
    )
    written = [*plan.new, *(change.row for change in plan.changed)]
    held = _held({row.values["code"] for row in written})
    for row in written:
        pk, needs = held[row.values["code"]]
        if (after := _merged(needs, row)) != needs:
            _relink(pk, after)
    return plan


def _relink(type_id: int, needs: Mapping[int, str]) -> None:
    links = TypeTechnique.objects.filter(type=type_id)
    links.exclude(technique__in=needs).delete()
    TypeTechnique.objects.bulk_create(
        [TypeTechnique(type_id=type_id, technique_id=pk, need=need) for pk, need in needs.items()],
        update_conflicts=True,
        unique_fields=["type", "technique"],
        update_fields=["need"],
    )


def _spell(row: DeviceType) -> None:
    row.pinyin = initials(row.name)[:100]
    row.version += bool(row.pk)
