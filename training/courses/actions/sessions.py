"""Sessions: planned, changed, called off and closed by who keeps their course."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction

from .. import policies, rules
from ..choices import HoursKind, Mode, SeatStatus
from ..models import Course, Session, new_token
from .completing import credit
from .keeping import insist, kept, locked
from .seats import move_up

_TOLD = ("starts_at", "ends_at", "place", "institution")


@one_transaction
def plan_session(*, course: Course, by: Any, **values: Any) -> Session:
    """Hold an on-site course on a date, with so many seats."""
    course = kept(course, by)
    if course.mode != Mode.ONSITE:
        message = _("Sessions belong to courses on site; this one is taken online.")
        raise DomainError("course_is_online", message)
    session = Session(course=course, alliance_id=course.alliance_id, **values)
    store(session, _errors(session))
    _record("session.planned", session, by)
    return session


@one_transaction
def change_session(*, session: Session, by: Any, version: int, **values: Any) -> Session:
    """Change time, place, seats or teacher; who has a seat is told, who waits may move up."""
    session = open_for(session, by, version)
    changed = assign(session, values)
    if not changed:
        return session
    if "starts_at" in changed:
        session.reminded_at = None
    session.version += 1
    store(session, _errors(session))
    _record("session.changed", session, by, changed=sorted(changed))
    if not changed.keys().isdisjoint(_TOLD):
        told = session.places.filter(status__in=(SeatStatus.BOOKED, SeatStatus.WAITING))
        _tell(session, told, "changed")
    move_up(session, by=by)
    return session


@one_transaction
def cancel_session(*, session: Session, by: Any, version: int, reason: str) -> Session:
    """Call a session off; whoever has or awaits a seat is told why."""
    session = open_for(session, by, version)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: those who booked will read it.")})
    if session.places.filter(status=SeatStatus.ATTENDED).exists():
        message = _("People have checked in already. Close the attendance instead.")
        raise DomainError("session_attended", message)
    session.cancelled_at, session.cancel_reason = timezone.now(), reason.strip()
    session.version += 1
    session.save()
    told = session.places.filter(status__in=(SeatStatus.BOOKED, SeatStatus.WAITING))
    _tell(session, told, "called_off")
    _record("session.cancelled", session, by, reason=session.cancel_reason)
    return session


@one_transaction
def renew_code(*, session: Session, by: Any) -> Session:
    """Make a new check-in code; the one before, wherever it was passed on, opens nothing."""
    session = open_for(session, by)
    session.token = new_token()
    session.save(update_fields=["token", "updated_at"])
    _record("session.code_renewed", session, by)
    return session


@one_transaction
def close_session(*, session: Session, by: Any, version: int) -> Session:
    """End the attendance: who did not come is absent, and the teacher's hours are counted."""
    session = open_for(session, by, version)
    now = timezone.now()
    if session.starts_at > now:
        message = _("The session has not begun. Close the attendance when it is over.")
        raise DomainError("session_to_come", message)
    missing = session.places.filter(status=SeatStatus.BOOKED)
    absent = missing.update(status=SeatStatus.ABSENT, updated_at=now)
    session.places.filter(status=SeatStatus.WAITING).update(
        status=SeatStatus.CANCELLED, updated_at=now
    )
    session.closed_at, session.closed_by = now, by
    session.version += 1
    session.save()
    if session.teacher is not None:
        credit(
            practitioner=session.teacher,
            kind=HoursKind.TEACHING,
            on=timezone.localdate(session.starts_at),
            hours=session.course.hours,
            by=by,
            session=session,
            title=session.course.title,
        )
    _record("session.closed", session, by, absent=absent)
    return session


def open_for(session: Session, by: Any, version: int | None = None) -> Session:
    """The session for this transaction alone, for who keeps it, while it takes place at all."""
    found: Session = locked(session, version)
    insist(policies.may_keep(by, found.course))
    if found.cancelled_at is not None:
        raise DomainError("session_cancelled", _("This session was called off."))
    if found.closed_at is not None:
        raise DomainError("session_closed", _("The attendance of this session is closed."))
    return found


def _errors(session: Session) -> dict[str, str]:
    return rules.session_errors(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        seats=session.seats,
        taken=session.taken,
        now=timezone.now(),
    )


def _tell(session: Session, seats: Any, text: str) -> None:
    ids = list(seats.values_list("practitioner_id", flat=True))
    news = {"session_id": session.pk, "text": text, "mark": str(session.version)}
    outbox.put_all("courses.seat_news", [{**news, "practitioner_ids": ids}] if ids else [])


def _record(act: str, session: Session, by: Any, **data: Any) -> None:
    ledger.record(act, by=by, subject=session, institution_id=session.institution_id, **data)
