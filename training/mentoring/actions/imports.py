"""Mentorships, guidance and postings brought in as whole files.

Each row goes through the action of its page. So a file proposes mentorships and agrees to none for
people who can answer themselves, enters guidance as young as the pages take it, and plans postings
without beginning them. What is here already is left alone; a row that says something else about it
is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core.exchange import acting
from alliance.core.exchange.plan import Plan, Row, RowError, resolve, resolve_many
from alliance.core.exchange.spec import Place
from alliance.institutions.actions import place_rows
from alliance.institutions.models import Department, Institution
from alliance.people.models import Practitioner
from training.logbook.choices import STANDING
from training.logbook.models import Case

from .. import policies
from ..models import GuidanceSession, Mentorship, Posting
from .guidance import record_session
from .mentorships import propose_mentorship
from .postings import plan_posting

Progress = Callable[[int], None]
Keys = tuple[Any, ...]


@dataclass(frozen=True)
class _Batch:
    """The rows of a file, sorted, and how each is entered."""

    plan: Plan
    act: acting.Act


def plan_mentorships(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What proposing these mentorships would do."""
    batch = _mentorships(rows, by)
    return acting.rehearse(batch.plan, batch.act, place=place)


@transaction.atomic
def import_mentorships(*, rows: Sequence[Row], by: Any, place: Place, progress: Progress) -> Plan:
    """Propose mentorships, all or none; each side answers as if it had been proposed on its page."""
    batch = _mentorships(rows, by)
    return acting.carry_out(batch.plan, batch.act, progress)


def plan_sessions(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What entering these sessions of guidance would do."""
    batch = _sessions(rows, by, place)
    return acting.rehearse(batch.plan, batch.act, place=place)


@transaction.atomic
def import_sessions(*, rows: Sequence[Row], by: Any, place: Place, progress: Progress) -> Plan:
    """Enter sessions of guidance that were held, all or none."""
    batch = _sessions(rows, by, place)
    return acting.carry_out(batch.plan, batch.act, progress)


def plan_postings(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What planning these postings would do."""
    batch = _postings(rows, by)
    return acting.rehearse(batch.plan, batch.act, place=place)


@transaction.atomic
def import_postings(*, rows: Sequence[Row], by: Any, place: Place, progress: Progress) -> Plan:
    """Plan postings, such as those of a year, all or none."""
    batch = _postings(rows, by)
    return acting.carry_out(batch.plan, batch.act, progress)


def _mentorships(rows: Sequence[Row], by: Any) -> _Batch:
    policies.insist(policies.may_propose(by))
    errors = [*_people(rows, by, "mentor"), *_people(rows, by, "mentee"), *_techniques(rows, by)]
    people = _in_bulk(Practitioner, rows, "mentor_id", "mentee_id")
    techniques = _in_bulk(Technique, rows, "technique_id")
    known = Mentorship.objects.filter(mentee__in=people).values_list(
        "mentor_id", "mentee_id", "technique_id", "valid_from", "valid_until"
    )
    ends = _ends(known)

    def key(row: Row) -> Keys:
        pair = (row.values["mentor_id"], row.values["mentee_id"])
        return (*pair, row.values.get("technique_id"), row.values["valid_from"])

    def act(row: Row) -> None:
        propose_mentorship(
            mentor=people[row.values["mentor_id"]],
            mentee=people[row.values["mentee_id"]],
            technique=techniques.get(row.values.get("technique_id")),
            goals=row.values["goals"],
            valid_from=row.values["valid_from"],
            valid_until=row.values["valid_until"],
            by=by,
        )

    def stands(row: Row) -> bool:
        return _stands(ends, key(row), row.values["valid_until"])

    return _Batch(acting.sort(rows, key=key, stands=stands, errors=errors), act)


def _sessions(rows: Sequence[Row], by: Any, place: Place) -> _Batch:
    policies.insist(policies.may_record(by))
    seen = Practitioner.objects.visible_to(by)
    errors = [
        *_people(rows, by, "mentor"),
        *place_rows(rows, place.institution_id),
        *_techniques(rows, by),
        *resolve_many(rows, "participants", seen, by=("licence_number",), into="people"),
    ]
    errors += _cases(rows, by)
    named = {pk for row in rows for pk in row.values.get("people", ())}
    people = _in_bulk(Practitioner, rows, "mentor_id") | Practitioner.objects.in_bulk(named)
    techniques = _in_bulk(Technique, rows, "technique_id")
    cases = Case.objects.in_bulk({pk for row in rows for pk in row.values.get("case_ids", ())})
    houses = _in_bulk(Institution, rows, "institution_id")
    known = GuidanceSession.objects.counting().filter(mentor__in=people)
    here = {(mentor, _minute(at)) for mentor, at in known.values_list("mentor_id", "starts_at")}

    def key(row: Row) -> Keys:
        return row.values["mentor_id"], row.values["starts_at"]

    def act(row: Row) -> None:
        record_session(
            mentor=people[row.values["mentor_id"]],
            institution=houses[row.values["institution_id"]],
            mode=row.values["mode"],
            starts_at=row.values["starts_at"],
            minutes_taken=row.values["minutes_taken"],
            minutes=row.values["minutes"],
            participants=[people[pk] for pk in row.values["people"]],
            cases=[cases[pk] for pk in row.values.get("case_ids", ())],
            technique=techniques.get(row.values.get("technique_id")),
            by=by,
        )

    def stands(row: Row) -> bool:
        return bool(row.values.get("struck_reason")) or key(row) in here

    return _Batch(acting.sort(rows, key=key, stands=stands, errors=errors), act)


def _postings(rows: Sequence[Row], by: Any) -> _Batch:
    policies.insist(policies.may_plan(by))
    houses = Institution.objects.visible_to(by)
    errors = [
        *_people(rows, by, "practitioner"),
        *resolve(rows, "to_institution", houses, by=("uscc", "name"), into="to_id"),
    ]
    errors += _departments(rows, by)
    people = _in_bulk(Practitioner, rows, "practitioner_id")
    places = _in_bulk(Institution, rows, "to_id")
    departments = _in_bulk(Department, rows, "department_id")
    known = Posting.objects.filter(practitioner__in=people).values_list(
        "practitioner_id", "kind", "to_institution_id", "valid_from", "valid_until"
    )
    ends = _ends(known)

    def key(row: Row) -> Keys:
        return tuple(
            row.values[name] for name in ("practitioner_id", "kind", "to_id", "valid_from")
        )

    def act(row: Row) -> None:
        plan_posting(
            practitioner=people[row.values["practitioner_id"]],
            kind=row.values["kind"],
            to_institution=places[row.values["to_id"]],
            department=departments.get(row.values.get("department_id")),
            plan=row.values["plan"],
            valid_from=row.values["valid_from"],
            valid_until=row.values["valid_until"],
            by=by,
        )

    def stands(row: Row) -> bool:
        return _stands(ends, key(row), row.values["valid_until"])

    return _Batch(acting.sort(rows, key=key, stands=stands, errors=errors), act)


def _ends(known: Iterable[Keys]) -> dict[Keys, set[date]]:
    """The ends under which something is known, by what tells it from others."""
    found: dict[Keys, set[date]] = {}
    for *key, end in known:
        found.setdefault(tuple(key), set()).add(end)
    return found


def _stands(ends: dict[Keys, set[date]], key: Keys, end: date) -> bool:
    """Whether the same is here; refused where it is here with another end."""
    known = ends.get(key)
    if known is not None and end not in known:
        message = _("This is here already with another end. Change it on its own page.")
        raise ValidationError({"valid_until": message})
    return known is not None


def _people(rows: Sequence[Row], by: Any, column: str) -> list[RowError]:
    people = Practitioner.objects.visible_to(by)
    return resolve(rows, column, people, by=("licence_number",))


def _techniques(rows: Sequence[Row], by: Any) -> list[RowError]:
    return resolve(rows, "technique", Technique.objects.visible_to(by))


def _cases(rows: Sequence[Row], by: Any) -> Iterator[RowError]:
    """Cases by the number of the hospital, each among those of who took part.

    One operation stands in the logbook of everybody who was at it: all these entries are meant.
    """
    named = {number for row in rows for number in row.values.get("case_numbers", ())}
    seen = Case.objects.visible_to(by).filter(status__in=STANDING, external_case_number__in=named)
    found: dict[str, list[Case]] = {}
    for case in seen if named else ():
        found.setdefault(case.external_case_number, []).append(case)
    for row in rows:
        if "people" not in row.values:
            continue
        here = {row.values.get("mentor_id"), *row.values.get("people", ())} - {None}
        ids: set[int] = set()
        for number in row.values.get("case_numbers", ()):
            mine = {
                case.pk
                for case in found.get(number, ())
                if not here.isdisjoint({case.operator_id, case.supervisor_id})
            }
            if not mine:
                message = _("“%(number)s” is in the logbook of nobody who took part.")
                yield RowError(row.number, "case_numbers", message % {"number": number})
            ids |= mine
        row.values["case_ids"] = sorted(ids)


def _departments(rows: Sequence[Row], by: Any) -> Iterator[RowError]:
    """Departments by name, each among those of the house that receives."""
    named = {row.values["department"] for row in rows if row.values.get("department")}
    places = {row.values["to_id"] for row in rows if row.values.get("to_id")}
    found: QuerySet[Department] = Department.objects.visible_to(by).filter(
        institution__in=places, name__in=named
    )
    ids = {(row.institution_id, row.name): row.pk for row in found}
    for row in rows:
        name, house = row.values.get("department"), row.values.get("to_id")
        if name and house:
            row.values["department_id"] = ids.get((house, name))
            if row.values["department_id"] is None:
                message = _("The receiving institution has no department of this name.")
                yield RowError(row.number, "department", message)


def _in_bulk(model: Any, rows: Sequence[Row], *columns: str) -> dict[Any, Any]:
    ids = {row.values[name] for row in rows for name in columns if row.values.get(name)}
    rows_of = (
        model.objects.select_related("institution") if model is Practitioner else model.objects
    )
    found: dict[Any, Any] = rows_of.in_bulk(ids)
    return found


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
