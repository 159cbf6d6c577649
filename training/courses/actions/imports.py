"""Lists of courses and attendance sheets brought in as whole files.

Each row goes through the action of its page: a file adds courses as drafts, and says of people whether
they were at a session. What is here already is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core.exchange import acting
from alliance.core.exchange.plan import Plan, Row, RowError, resolve
from alliance.core.exchange.spec import Place
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from ..choices import SeatStatus
from ..models import Course, Seat, Session
from .courses import FIELDS, create_course
from .seats import mark_attendance

Progress = Callable[[int], None]
_TOLD = (SeatStatus.ATTENDED, SeatStatus.ABSENT)


@dataclass(frozen=True)
class _Batch:
    """The rows of a file, sorted, and how each is entered."""

    plan: Plan
    act: acting.Act


def plan_courses(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What adding these courses would do."""
    batch = _courses(rows, by, place)
    return acting.rehearse(batch.plan, batch.act, place=place)


@transaction.atomic
def import_courses(*, rows: Sequence[Row], by: Any, place: Place, progress: Progress) -> Plan:
    """Add courses as drafts, all or none; their content follows on their pages."""
    batch = _courses(rows, by, place)
    return acting.carry_out(batch.plan, batch.act, progress)


def plan_attendance(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What entering this attendance would do."""
    batch = _attendance(rows, by)
    return acting.rehearse(batch.plan, batch.act, place=place)


@transaction.atomic
def import_attendance(*, rows: Sequence[Row], by: Any, place: Place, progress: Progress) -> Plan:
    """Say who was at sessions and who was not, all or none; who was there gets the hours."""
    batch = _attendance(rows, by)
    return acting.carry_out(batch.plan, batch.act, progress)


def _courses(rows: Sequence[Row], by: Any, place: Place) -> _Batch:
    errors = [
        *_owners(rows, by, place),
        *resolve(rows, "technique", Technique.objects.visible_to(by)),
    ]
    owners = Institution.objects.in_bulk([row.values["owner_id"] for row in rows if _owner(row)])
    techniques = Technique.objects.in_bulk(
        [row.values["technique_id"] for row in rows if row.values.get("technique_id")]
    )
    alliance = Alliance.objects.get(pk=place.alliance_id) if place.alliance_id else None
    seen = Course.objects.visible_to(by).filter(title__in={row.values["title"] for row in rows})
    known = {
        (course.institution_id, course.title): course
        for course in seen.select_related("technique").order_by("-pk")
    }

    def key(row: Row) -> tuple[Any, ...]:
        return _owner(row), row.values["title"]

    def values(row: Row) -> dict[str, Any]:
        given = {name: row.values[name] for name in FIELDS if name in row.values}
        if "technique" in given:
            given["technique"] = techniques.get(row.values["technique_id"])
        return given

    def act(row: Row) -> None:
        owner = owners.get(_owner(row))
        create_course(by=by, institution=owner, alliance=None if owner else alliance, **values(row))

    def stands(row: Row) -> bool:
        course = known.get((_owner(row), row.values["title"]))
        if course is None:
            return False
        if any(getattr(course, name) != value for name, value in values(row).items()):
            message = _("This course is here already with other terms. Change it on its own page.")
            raise ValidationError({"title": message})
        return True

    return _Batch(acting.sort(rows, key=key, stands=stands, errors=errors), act)


def _owners(rows: Sequence[Row], by: Any, place: Place) -> list[RowError]:
    """Put the house that offers the course into each row: the one it names, else one's own."""
    for row in rows:
        row.values.setdefault("owner", "")
    houses = Institution.objects.visible_to(by)
    errors = resolve(rows, "owner", houses, by=("uscc", "name"))
    for row in rows:
        if not row.values["owner"]:
            row.values["owner_id"] = place.institution_id
    return errors


def _owner(row: Row) -> int | None:
    found: int | None = row.values.get("owner_id")
    return found


def _attendance(rows: Sequence[Row], by: Any) -> _Batch:
    people = Practitioner.objects.visible_to(by)
    errors = [
        *resolve(rows, "practitioner", people, by=("licence_number",)),
        *_sessions(rows, by),
    ]
    sessions = Session.objects.select_related("course").in_bulk(
        [row.values["session_id"] for row in rows if row.values.get("session_id")]
    )
    persons = Practitioner.objects.select_related("institution").in_bulk(
        [row.values["practitioner_id"] for row in rows if row.values.get("practitioner_id")]
    )
    held = Seat.objects.filter(session__in=sessions, practitioner__in=persons)
    status = {(session, person): now for session, person, now in held.values_list(
        "session_id", "practitioner_id", "status"
    )}  # fmt: skip

    def key(row: Row) -> tuple[int, int]:
        return row.values["session_id"], row.values["practitioner_id"]

    def act(row: Row) -> None:
        mark_attendance(
            session=sessions[row.values["session_id"]],
            practitioner=persons[row.values["practitioner_id"]],
            was_there=_said(row) == SeatStatus.ATTENDED,
            by=by,
        )

    def stands(row: Row) -> bool:
        if status.get(key(row)) == _said(row):
            return True
        if _said(row) not in _TOLD:
            message = _("Write “attended” or “absent”; seats are booked on the pages.")
            raise ValidationError({"status": message})
        return False

    return _Batch(acting.sort(rows, key=key, stands=stands, errors=errors), act)


def _said(row: Row) -> str:
    """What a row says of somebody; who signed and nothing more was there."""
    return row.values.get("status") or SeatStatus.ATTENDED


def _sessions(rows: Sequence[Row], by: Any) -> list[RowError]:
    """Put the id of the session into each row, by its course and its beginning to the minute."""
    titles = {row.values["course"] for row in rows}
    found: dict[tuple[str, datetime], list[int]] = {}
    seen = Session.objects.visible_to(by).running().filter(course__title__in=titles)
    for pk, title, at in seen.values_list("pk", "course__title", "starts_at"):
        found.setdefault((title, at.replace(second=0, microsecond=0)), []).append(pk)
    errors = []
    for row in rows:
        here = found.get((row.values["course"], row.values["starts_at"]), [])
        if len(here) == 1:
            row.values["session_id"] = here[0]
        elif here:
            message = _("Several sessions of this name begin then. Enter these on their pages.")
            errors.append(RowError(row.number, "starts_at", message))
        else:
            message = _("No session of this course begins then. Plan it on its course's page.")
            errors.append(RowError(row.number, "starts_at", message))
    return errors
