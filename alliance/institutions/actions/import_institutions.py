"""Institutions brought in as a whole file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve, unresolved
from alliance.core.exchange.write import upsert

from .. import policies, rules
from ..models import Institution
from .institutions import name_keys, turn_relations

KEY = ("uscc",)
FIELDS = (
    "uscc",
    "name",
    "short_name",
    "tier",
    "type_code",
    "grade",
    "division_code",
    "parent_id",
    "address",
    "phone",
    "liaison_phone",
    "email",
    "beds",
    "reviews_referrals",
    "is_external",
    "is_active",
)


def plan_institutions(*, rows: Sequence[Row], by: Any) -> Plan:
    """What bringing these institutions in would do; writes nothing."""
    errors = [*_parents(rows), *_facts(rows)]
    for row in rows:
        if row.values.get("short_name") == "":
            row.values["short_name"] = row.values["name"]
    plan = compare(rows, Institution.objects.all(), key=KEY, fields=FIELDS, errors=errors)
    plan.errors += _not_allowed(plan, by)
    return plan


@transaction.atomic
def import_institutions(*, rows: Sequence[Row], by: Any, progress: Callable[[int], None]) -> Plan:
    """Add and change institutions by credit code, all or none; they join alliances elsewhere."""
    plan = plan_institutions(rows=rows, by=by)
    plan.check()
    moved = _tiers_changing(plan)
    for wave in _waves(plan):
        upsert(
            Institution,
            wave,
            key=KEY,
            fields=FIELDS,
            derive=_name,
            derived=["pinyin"],
            progress=progress,
        )
    for institution in Institution.objects.filter(pk__in=moved):
        turn_relations(institution)
    return plan


def _name(institution: Institution) -> None:
    institution.short_name = institution.short_name or institution.name
    institution.pinyin = name_keys(institution)


def _parents(rows: Sequence[Row]) -> list[RowError]:
    """Put the id of the parent into each row; one that the file itself adds has none yet.

    Such a row gets the parent's credit code under `parent_uscc`, and is written after it.
    """
    here = _by_word(rows)
    known = [row for row in rows if row.values.get("parent") not in here]
    errors = resolve(
        known, "parent", Institution.objects.all(), by=("uscc", "name"), into="parent_id"
    )
    stored = dict(
        Institution.objects.filter(uscc__in={row.values["uscc"] for row in rows}).values_list(
            "uscc", "pk"
        )
    )
    for row in rows:
        found = here.get(row.values.get("parent", ""), [])
        if len(found) > 1:
            errors.append(RowError(row.number, "parent", unresolved(row.values["parent"], {0, 1})))
        elif found:
            uscc = found[0].values["uscc"]
            row.values["parent_uscc"] = uscc
            row.values["parent_id"] = stored.get(uscc, 0)
    return errors


def _by_word(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of the file by credit code and by name."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        for word in {row.values["uscc"], row.values["name"]}:
            found.setdefault(word, []).append(row)
    return found


def _facts(rows: Sequence[Row]) -> Iterator[RowError]:
    """The rules of a single institution, asked of every row."""
    tiers = _parent_tiers(rows)
    for row in rows:
        values = row.values
        errors = rules.institution_errors(
            tier=values["tier"],
            type_code=values["type_code"],
            uscc=values["uscc"],
            division_code=values["division_code"],
            parent_tier=tiers.get(row.number),
        )
        for column, message in errors.items():
            yield RowError(row.number, column, str(message))


def _parent_tiers(rows: Sequence[Row]) -> Mapping[int, str]:
    """By row, the tier of its parent: from the file where it brings the parent, else as stored.

    A file without the column keeps the stored parent.
    """
    here = {row.values["uscc"]: row.values["tier"] for row in rows}
    named = {row.values["parent_id"] for row in rows if row.values.get("parent_id")}
    by_id = dict(Institution.objects.filter(pk__in=named).values_list("pk", "tier"))
    silent = {row.values["uscc"] for row in rows if "parent" not in row.values}
    kept = dict(
        Institution.objects.filter(uscc__in=silent, parent__isnull=False).values_list(
            "uscc", "parent__tier"
        )
    )
    tiers = {}
    for row in rows:
        values = row.values
        tier = (
            here.get(values.get("parent_uscc", ""))
            or by_id.get(values.get("parent_id"))
            or kept.get(values["uscc"])
        )
        if tier:
            tiers[row.number] = tier
    return tiers


def _not_allowed(plan: Plan, by: Any) -> Iterator[RowError]:
    """Who may not add institutions, or not change these, or not these facts of them."""
    if plan.new and not policies.may_create_institution(by):
        message = _("You may not add institutions.")
        yield from (RowError(row.number, "", message) for row in plan.new)
    stored = Institution.objects.in_bulk([change.pk for change in plan.changed])
    for change in plan.changed:
        allowed = policies.editable_fields(by, stored[change.pk])
        if allowed is not None and not allowed.issuperset(change.fields):
            message = _("Another office looks after this institution.")
            yield RowError(change.row.number, "uscc", message)


def _tiers_changing(plan: Plan) -> list[int]:
    return [change.pk for change in plan.changed if "tier" in change.fields]


def _waves(plan: Plan) -> Iterator[Plan]:
    """First the institutions that others of the file hang under, then those that hang."""
    waiting = {row.number for row in _rows(plan) if row.values.get("parent_id") == 0}
    yield Plan(
        new=[row for row in plan.new if row.number not in waiting],
        changed=[change for change in plan.changed if change.row.number not in waiting],
    )
    hanging = [row for row in _rows(plan) if row.number in waiting]
    parents = {row.values["parent_uscc"] for row in hanging}
    ids = dict(Institution.objects.filter(uscc__in=parents).values_list("uscc", "pk"))
    for row in hanging:
        row.values["parent_id"] = ids[row.values["parent_uscc"]]
    yield Plan(
        new=[row for row in plan.new if row.number in waiting],
        changed=[change for change in plan.changed if change.row.number in waiting],
    )


def _rows(plan: Plan) -> list[Row]:
    return [*plan.new, *(change.row for change in plan.changed)]
