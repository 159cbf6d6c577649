"""Practitioners brought in as a whole file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _

from alliance.core.access import has_permission
from alliance.core.choices import Permission
from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve_many, unresolved
from alliance.core.exchange.write import upsert
from alliance.core.pinyin import name_initials
from alliance.institutions.actions import place_rows
from alliance.institutions.models import Department, Specialty

from .. import rules
from ..models import Practitioner

KEY = ("licence_number",)
FIELDS = (
    "licence_number",
    "name",
    "sex",
    "title_code",
    "practice_started_on",
    "licence_valid_until",
    "institution_id",
    "department_id",
    "phone",
    "is_active",
)
_SPECIALTIES = "specialty_ids"
_Through = Practitioner.specialties.through


def plan_practitioners(
    *, rows: Sequence[Row], by: Any, institution_id: int | None, on: date
) -> Plan:
    """What bringing these practitioners in would do; a row without an institution belongs here."""
    errors = [
        *place_rows(rows, institution_id),
        *resolve_many(rows, "specialties", Specialty.objects.all(), into=_SPECIALTIES),
        *_not_allowed(rows, by),
    ]
    known = _known(rows)
    errors += _move(rows, known)
    errors += _departments(rows)
    errors += _facts(rows, known, on)
    return compare(rows, _stored(), key=KEY, fields=(*FIELDS, _SPECIALTIES), errors=errors)


@transaction.atomic
def import_practitioners(
    *,
    rows: Sequence[Row],
    by: Any,
    institution_id: int | None,
    on: date,
    progress: Callable[[int], None],
) -> Plan:
    """Add and change practitioners by licence, all or none."""
    plan = plan_practitioners(rows=rows, by=by, institution_id=institution_id, on=on)
    plan.check()
    upsert(
        Practitioner,
        plan,
        key=KEY,
        fields=FIELDS,
        derive=_finish,
        derived=["pinyin", "version"],
        progress=progress,
    )
    _set_specialties(plan)
    return plan


def _finish(practitioner: Practitioner) -> None:
    practitioner.pinyin = name_initials(practitioner.name)[:50]
    if practitioner.pk is not None:
        practitioner.version += 1


def _stored() -> QuerySet[Any]:
    """Practitioners with their specialties as a sorted list, to be compared with a row's."""
    ids = ArrayAgg(
        "specialties__pk",
        filter=Q(specialties__isnull=False),
        order_by="specialties__pk",
        default=Value([]),
    )
    return Practitioner.objects.annotate(**{_SPECIALTIES: ids})


def _known(rows: Sequence[Row]) -> Mapping[str, Practitioner]:
    """The stored practitioners of the file, by licence."""
    licences = {row.values["licence_number"] for row in rows}
    found = Practitioner.objects.filter(licence_number__in=licences)
    return {
        practitioner.licence_number: practitioner
        for practitioner in found.select_related("institution", "department")
    }


def _not_allowed(rows: Sequence[Row], by: Any) -> Iterator[RowError]:
    for row in rows:
        pk = row.values.get("institution_id")
        if pk and not has_permission(by, Permission.STAFF_MANAGE, institution_id=pk):
            message = _("You do not maintain the staff of this institution.")
            yield RowError(row.number, "institution", message)


def _move(rows: Sequence[Row], known: Mapping[str, Practitioner]) -> Iterator[RowError]:
    """A licence that another institution has let go comes over; one in use there is refused."""
    for row in rows:
        stored = known.get(row.values["licence_number"])
        target = row.values.get("institution_id")
        if stored is None or not target or stored.institution_id == target:
            continue
        if stored.is_active:
            message = _(
                "This licence is held at %(institution)s. Ask them to let the practitioner go first."
            )
            named = message % {"institution": stored.institution}
            yield RowError(row.number, "licence_number", named)
        row.values.setdefault("is_active", True)
        row.values.setdefault("department", "")


def _departments(rows: Sequence[Row]) -> Iterator[RowError]:
    """Put the id of the department, found within the row's institution, into each row."""
    houses = {row.values["institution_id"] for row in rows if row.values.get("institution_id")}
    codes: dict[tuple[int, str], set[int]] = {}
    names: dict[tuple[int, str], set[int]] = {}
    found = Department.objects.filter(institution_id__in=houses)
    for pk, house, code, name in found.values_list("pk", "institution_id", "code", "name"):
        codes.setdefault((house, code), set()).add(pk)
        names.setdefault((house, name), set()).add(pk)
    for row in rows:
        if "department" not in row.values or not row.values.get("institution_id"):
            continue
        text = row.values["department"]
        place = (row.values["institution_id"], text)
        pks = codes.get(place) or names.get(place) or set()
        if text and len(pks) != 1:
            yield RowError(row.number, "department", unresolved(text, pks))
        else:
            row.values["department_id"] = next(iter(pks), None)


def _facts(rows: Sequence[Row], known: Mapping[str, Practitioner], on: date) -> Iterator[RowError]:
    """The rules of a single practitioner, asked of every row."""
    for row in rows:
        stored = known.get(row.values["licence_number"])
        until = getattr(stored, "licence_valid_until", None)
        errors = rules.practitioner_errors(
            practice_started_on=row.values["practice_started_on"],
            licence_valid_until=row.values.get("licence_valid_until", until),
            department_institution_id=None,  # departments are looked for at the institution alone
            institution_id=row.values.get("institution_id") or 0,
            on=on,
        )
        for column, message in errors.items():
            yield RowError(row.number, column, str(message))


def _set_specialties(plan: Plan) -> None:
    """Replace the specialties of every row that brings others than are stored."""
    rows = [row for row in plan.new if row.values.get(_SPECIALTIES)]
    rows += [change.row for change in plan.changed if _SPECIALTIES in change.fields]
    wanted = {row.values["licence_number"]: row.values[_SPECIALTIES] for row in rows}
    found = Practitioner.objects.filter(licence_number__in=wanted)
    ids = dict(found.values_list("pk", "licence_number"))
    _Through.objects.filter(practitioner_id__in=ids).delete()
    _Through.objects.bulk_create(
        (
            _Through(practitioner_id=pk, specialty_id=specialty)
            for pk, licence in ids.items()
            for specialty in wanted[licence]
        ),
        batch_size=5000,
    )
