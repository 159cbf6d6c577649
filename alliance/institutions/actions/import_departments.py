"""Departments brought in as a whole file."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve
from alliance.core.exchange.write import upsert
from alliance.core.pinyin import initials

from .. import policies
from ..models import Department, Institution, Specialty

KEY = ("institution_id", "code")
FIELDS = ("institution_id", "code", "name", "specialty_id", "phone", "beds", "is_active")


def plan_departments(*, rows: Sequence[Row], by: Any, institution_id: int | None) -> Plan:
    """What bringing these departments in would do; rows without an institution belong to this."""
    errors = [
        *place_rows(rows, institution_id),
        *resolve(rows, "specialty", Specialty.objects.all()),
        *_not_allowed(rows, by),
    ]
    return compare(rows, Department.objects.all(), key=KEY, fields=FIELDS, errors=errors)


@transaction.atomic
def import_departments(
    *, rows: Sequence[Row], by: Any, institution_id: int | None, progress: Callable[[int], None]
) -> Plan:
    """Add and change departments by institution and code, all or none."""
    plan = plan_departments(rows=rows, by=by, institution_id=institution_id)
    plan.check()
    upsert(
        Department,
        plan,
        key=KEY,
        fields=FIELDS,
        derive=_spell,
        derived=["pinyin"],
        progress=progress,
    )
    return plan


def place_rows(rows: Sequence[Row], institution_id: int | None) -> list[RowError]:
    """Put the institution's id into each row: the one it names, else the one where `by` acts."""
    for row in rows:
        row.values.setdefault("institution", "")
    named = Institution.objects.all()
    errors = resolve(rows, "institution", named, by=("uscc", "name"), into="institution_id")
    for row in rows:
        if row.values["institution"]:
            continue
        row.values["institution_id"] = institution_id
        if institution_id is None:
            message = _("Name the institution by its credit code or full name.")
            errors.append(RowError(row.number, "institution", message))
    return errors


def _not_allowed(rows: Sequence[Row], by: Any) -> Iterator[RowError]:
    ids = {row.values["institution_id"] for row in rows if row.values.get("institution_id")}
    closed = {
        institution.pk
        for institution in Institution.objects.filter(pk__in=ids)
        if not policies.may_edit_departments(by, institution)
    }
    for row in rows:
        if row.values.get("institution_id") in closed:
            message = _("You do not maintain the departments of this institution.")
            yield RowError(row.number, "institution", message)


def _spell(department: Department) -> None:
    department.pinyin = initials(department.name)[:50]
