"""What a draft asks, brought in as a whole file: what is asked already changes, the rest is added."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.exchange import acting
from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve
from alliance.core.exchange.spec import Place
from equipment.devices.models import DeviceType
from equipment.devices.selectors import active_types

from .. import selectors
from ..models import Standard
from .items import set_item

_KEY = ("tier", "type_id")
_FIELDS = ("minimum", "max_age_years", "purpose")


def plan_items(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What asking for this in the alliance's newest draft would do; what is wrong with it."""
    draft, plan = _compared(rows, by, place)
    if draft is not None:
        tried = acting.rehearse(Plan(new=_written(plan)), _act(draft, by, plan), place=place)
        plan.errors += tried.errors
    return plan


@transaction.atomic
def import_items(
    *, rows: Sequence[Row], by: Any, place: Place, progress: Callable[[int], None]
) -> Plan:
    """Ask for all of this in the newest draft, or for none of it; nothing is taken out."""
    draft, plan = _compared(rows, by, place)
    plan.check()
    assert draft is not None  # noqa: S101 (without a draft the plan has an error)
    acting.carry_out(Plan(new=_written(plan)), _act(draft, by, plan), progress)
    return plan


def _compared(rows: Sequence[Row], by: Any, place: Place) -> tuple[Standard | None, Plan]:
    require(by, Permission.EQUIPMENT_STANDARD, alliance_id=place.alliance_id)
    draft = selectors.newest_draft(alliance_id=place.alliance_id)
    if draft is None:
        message = _("Begin a draft edition first: lines are brought into it.")
        return None, Plan(errors=[RowError(row.number, "", message) for row in rows[:1]])
    errors = resolve(rows, "type", active_types())
    return draft, compare(rows, draft.items.all(), key=_KEY, fields=_FIELDS, errors=errors)


def _written(plan: Plan) -> list[Row]:
    return [*plan.new, *(change.row for change in plan.changed)]


def _act(draft: Standard, by: Any, plan: Plan) -> acting.Act:
    """Ask for what a row says; what it does not say stays as it was."""
    types = DeviceType.objects.in_bulk([row.values["type_id"] for row in _written(plan)])
    known = draft.items.in_bulk([change.pk for change in plan.changed])
    before = {change.row.number: known[change.pk] for change in plan.changed}

    def act(row: Row) -> None:
        given, stood = row.values, before.get(row.number)
        set_item(
            standard=draft,
            tier=given["tier"],
            device_type=types[given["type_id"]],
            minimum=given["minimum"],
            max_age_years=given.get("max_age_years", stood.max_age_years if stood else None),
            purpose=given.get("purpose", stood.purpose if stood else ""),
            by=by,
        )

    return act
