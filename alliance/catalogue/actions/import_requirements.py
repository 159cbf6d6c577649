"""What a draft asks, brought in as a whole file: what is asked already changes, the rest is added."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.exchange import acting
from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve
from alliance.core.exchange.spec import Place

from ..models import CatalogueEdition, Requirement, Technique
from .grades import newest_draft
from .requirements import set_requirement

# `technique_code` stands for the technique: of a grade there is none, and nothing equals nothing.
_KEY = ("grade", "technique_code", "side", "kind", "subject")
_FIELDS = ("minimum", "unit", "source", "is_verified")


def plan_requirements(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What asking for this in the alliance's newest draft would do; what is wrong with it."""
    draft, plan = _compared(rows, by, place)
    if draft is not None:
        tried = acting.rehearse(Plan(new=_written(plan)), _act(draft, by, plan), place=place)
        plan.errors += tried.errors
    return plan


@transaction.atomic
def import_requirements(
    *, rows: Sequence[Row], by: Any, place: Place, progress: Callable[[int], None]
) -> Plan:
    """Ask for all of this in the newest draft, or for none of it; nothing is taken out."""
    draft, plan = _compared(rows, by, place)
    plan.check()
    assert draft is not None  # noqa: S101 (without a draft the plan has an error)
    acting.carry_out(Plan(new=_written(plan)), _act(draft, by, plan), progress)
    return plan


def _compared(rows: Sequence[Row], by: Any, place: Place) -> tuple[CatalogueEdition | None, Plan]:
    require(by, Permission.CATALOGUE_MANAGE, alliance_id=place.alliance_id)
    draft = newest_draft(place.alliance_id)
    if draft is None:
        message = _("Begin a draft edition first: requirements are brought into it.")
        return None, Plan(errors=[RowError(row.number, "", message) for row in rows[:1]])
    errors = resolve(rows, "technique", Technique.objects.visible_to(by))
    codes = dict(_techniques(rows).values_list("pk", "code"))
    for row in rows:
        named = row.values.get("technique", "")
        row.values["technique_code"] = codes.get(row.values.get("technique_id") or 0, named)
        for name in ("grade", "subject"):
            row.values.setdefault(name, "")
    return draft, compare(rows, _stored(draft), key=_KEY, fields=_FIELDS, errors=errors)


def _stored(draft: CatalogueEdition) -> QuerySet[Requirement]:
    code = Coalesce("technique__code", Value(""))
    rows: QuerySet[Requirement] = draft.requirements.annotate(technique_code=code)
    return rows


def _techniques(rows: Iterable[Row]) -> QuerySet[Technique]:
    ids = {row.values["technique_id"] for row in rows if row.values.get("technique_id")}
    return Technique.objects.filter(pk__in=ids)


def _written(plan: Plan) -> list[Row]:
    return [*plan.new, *(change.row for change in plan.changed)]


def _act(draft: CatalogueEdition, by: Any, plan: Plan) -> acting.Act:
    """Ask for what a row says; what it does not say stays as it was."""
    techniques = _techniques(_written(plan)).in_bulk()
    known = draft.requirements.in_bulk([change.pk for change in plan.changed])
    before = {change.row.number: known[change.pk] for change in plan.changed}

    def act(row: Row) -> None:
        given, stood = row.values, before.get(row.number)
        set_requirement(
            edition=draft,
            grade=given["grade"],
            technique=techniques.get(given.get("technique_id")),
            side=given["side"],
            kind=given["kind"],
            subject=given["subject"],
            minimum=given["minimum"],
            unit=given.get("unit", stood.unit if stood else ""),
            source=given["source"],
            is_verified=given.get("is_verified", stood.is_verified if stood else False),
            by=by,
        )

    return act
