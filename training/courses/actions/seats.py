"""Seats: booked, waited for, given up, attended. The session's row is the lock of all its seats."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox
from alliance.core.errors import DomainError
from alliance.core.policy import PolicySet
from alliance.core.policy import policies as policy_values
from alliance.core.transactions import one_transaction
from alliance.people.models import Practitioner

from .. import policies, rules, workflow
from ..choices import HOLDING, HoursKind, SeatMove, SeatStatus
from ..models import Seat, Session
from .completing import credit, take_back
from .keeping import insist, locked


@one_transaction
def take_seat(*, session: Session, practitioner: Practitioner, by: Any) -> Seat:
    """Book a seat, or stand in the queue where none is left; asking again changes nothing."""
    session = _locked(session)
    insist(_may_send(by, practitioner, session))
    _insist_on_member(session, practitioner)
    if session.starts_at <= timezone.now():
        message = _("This session has begun. Who is there checks in with the code on the screen.")
        raise DomainError("session_begun", message)
    seat = _seat(session, practitioner)
    if seat.status in (SeatStatus.BOOKED, SeatStatus.WAITING):
        return seat
    seat.asked_at = timezone.now()
    _move(seat, session, SeatMove.BOOK if session.free > 0 else SeatMove.QUEUE, by)
    if not policies.is_own(by, practitioner):
        _tell(session, [practitioner.pk], "booked_for", mark=str(seat.asked_at.timestamp()))
    return seat


@one_transaction
def leave_seat(*, session: Session, practitioner: Practitioner, by: Any) -> Seat:
    """Give a seat up, or one's place in the queue; who waits longest gets the seat."""
    session = _locked(session)
    insist(_may_send(by, practitioner, session))
    if session.starts_at <= timezone.now():
        message = _("This session has begun; seats are no longer given up. Tell who holds it.")
        raise DomainError("session_begun", message)
    seat = _seat(session, practitioner)
    _move(seat, session, SeatMove.LEAVE, by)
    move_up(session, by=by)
    return seat


@one_transaction
def check_in(*, token: str, practitioner: Practitioner, by: Any) -> Seat:
    """Somebody is there, by the code on the screen; a free seat is taken on the spot."""
    session = _locked(Session.objects.get(token=token))
    insist(policies.is_own(by, practitioner))
    now, limits = timezone.now(), _limits(session)
    window = rules.check_in_window(
        session.starts_at,
        session.ends_at,
        before_minutes=limits["course.check_in_before_minutes"],
        after_minutes=limits["course.check_in_after_minutes"],
    )
    if not window.holds(now):
        message = _("Check-in is open from shortly before the session until shortly after it.")
        raise DomainError("not_now", message)
    seat = _seat(session, practitioner)
    if seat.status == SeatStatus.ATTENDED:
        return seat
    if seat.status not in (SeatStatus.BOOKED, SeatStatus.ABSENT):
        _walk_in(seat, session, by)
    _attend(seat, session, by)
    return seat


@one_transaction
def mark_attendance(
    *, session: Session, practitioner: Practitioner, was_there: bool, by: Any
) -> Seat:
    """Say for somebody whether they were there, until the attendance is closed.

    Who has no seat and was there takes a free one on the spot, as by the code on the screen.
    """
    session = _locked(session)
    insist(policies.may_keep(by, session.course))
    if session.starts_at > timezone.now():
        raise DomainError("session_to_come", _("The session has not begun."))
    seat = _seat(session, practitioner)
    target = SeatStatus.ATTENDED if was_there else SeatStatus.ABSENT
    if seat.status == target:
        return seat
    if was_there:
        if seat.status not in (SeatStatus.BOOKED, SeatStatus.ABSENT):
            _walk_in(seat, session, by)
        _attend(seat, session, by)
        return seat
    credited = seat.status == SeatStatus.ATTENDED
    _move(seat, session, SeatMove.MISS, by)
    if credited:
        reason = _("The attendance was corrected.")
        kind = HoursKind.SESSION
        take_back(practitioner=practitioner, by=by, reason=reason, session=session, kind=kind)
    return seat


def move_up(session: Session, *, by: Any) -> None:
    """Give free seats to those who wait longest; the caller holds the session's row."""
    waiting = list(session.places.queue()[: max(session.free, 0)])
    for seat in waiting:
        _move(seat, session, SeatMove.BOOK, by)
        _tell(session, [seat.practitioner_id], "moved_up", mark=str(seat.asked_at.timestamp()))


def _locked(session: Session) -> Session:
    """The session for this transaction alone, as long as its seats still change."""
    found: Session = locked(session)
    if found.cancelled_at is not None:
        message = _("This session was called off: %(reason)s") % {"reason": found.cancel_reason}
        raise DomainError("session_cancelled", message)
    if found.closed_at is not None:
        raise DomainError("session_closed", _("The attendance of this session is closed."))
    return found


def _seat(session: Session, practitioner: Practitioner) -> Seat:
    """The person's seat, or a new one that is not stored yet and has no status."""
    known: Seat | None = session.places.filter(practitioner=practitioner).first()
    if known is not None:
        return known
    return Seat(session=session, practitioner=practitioner, status="", asked_at=timezone.now())


def _move(seat: Seat, session: Session, move: SeatMove, by: Any) -> None:
    """The only way a seat changes; counts on the session's row what is taken."""
    before = seat.status or None
    target = workflow.next_status(before, move)
    change = (target in HOLDING) - (before in HOLDING)
    if change:
        session.taken += change
        session.save(update_fields=["taken", "updated_at"])
    seat.status = target
    seat.attended_at = timezone.now() if target == SeatStatus.ATTENDED else None
    seat.save()
    ledger.record(
        "seat.moved",
        by=by,
        subject=session,
        institution_id=seat.practitioner.institution_id,
        move=move.value,
        practitioner=str(seat.practitioner.public_id),
    )


def _attend(seat: Seat, session: Session, by: Any) -> None:
    _move(seat, session, SeatMove.ATTEND, by)
    course = session.course
    credit(
        practitioner=seat.practitioner,
        kind=HoursKind.SESSION,
        on=timezone.localdate(session.starts_at),
        hours=course.hours,
        by=by,
        course=course,
        session=session,
        title=course.title,
        is_thematic=course.is_thematic,
    )


def _walk_in(seat: Seat, session: Session, by: Any) -> None:
    """A free seat for somebody who came without one, where that is the custom."""
    _insist_on_member(session, seat.practitioner)
    _insist_on_place(session, walk_in=_limits(session)["course.walk_in"])
    _move(seat, session, SeatMove.BOOK, by)


def _may_send(by: Any, practitioner: Practitioner, session: Session) -> bool:
    return policies.may_arrange(by, practitioner) or policies.may_keep(by, session.course)


def _insist_on_member(session: Session, practitioner: Practitioner) -> None:
    if not policies.is_member(practitioner.institution_id, [session.alliance_id]):
        message = _("This course is for the members of its alliance.")
        raise DomainError("not_a_member", message)


def _insist_on_place(session: Session, *, walk_in: bool) -> None:
    if session.free <= 0:
        message = _("All seats are taken. Ask who holds the session to add one.")
        raise DomainError("no_seat", message)
    if not walk_in:
        message = _("Only who has booked may check in. Ask who holds the session to add you.")
        raise DomainError("not_booked", message)


def _limits(session: Session) -> PolicySet:
    return policy_values(alliance_id=session.alliance_id, on=timezone.localdate(), prefix="course.")


def _tell(session: Session, practitioner_ids: list[int], text: str, *, mark: str) -> None:
    outbox.put(
        "courses.seat_news",
        session_id=session.pk,
        practitioner_ids=practitioner_ids,
        text=text,
        mark=mark,
    )
