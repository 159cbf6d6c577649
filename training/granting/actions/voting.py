"""Voting on an application, and standing back from it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError, TransitionNotAllowed
from alliance.core.transactions import one_transaction

from .. import selectors
from ..choices import Ballot, Ground, Status
from ..models import Application, Excusal, Vote
from ..selectors import Seat
from .shared import locked


@one_transaction
def cast_vote(
    *, application: Application, ballot: str, reason: str, by: Any, version: int | None = None
) -> Vote:
    """Vote on an application, with the reason; until the decision a member may vote anew.

    The mentor, the applicant and members of the applicant's institution are refused.
    """
    row = locked(application, version)
    seat = _own_seat(row, by)
    errors = {}
    if ballot not in Ballot.values:
        errors["ballot"] = _("Choose how you vote.")
    if not reason.strip():
        errors["reason"] = _("Say why in a sentence: the record keeps it.")
    if errors:
        raise ValidationError(errors)
    vote, _new = Vote.objects.update_or_create(
        application=row,
        member=seat.member,
        defaults={"ballot": ballot, "reason": reason.strip(), "at": timezone.now()},
    )
    ledger.record("application.voted", by=by, subject=row, institution_id=row.institution_id)
    return vote


@one_transaction
def declare_interest(
    *, application: Application, note: str, by: Any, version: int | None = None
) -> Excusal:
    """Stand back from an application for a reason that only the member knows."""
    row = locked(application, version)
    seat = _own_seat(row, by)
    if not note.strip():
        raise ValidationError({"note": _("Say what binds you to the applicant.")})
    excusal = Excusal.objects.create(
        application=row, member=seat.member, ground=Ground.DECLARED, note=note.strip()
    )
    ledger.record("application.interest", by=by, subject=row, institution_id=row.institution_id)
    return excusal


def _own_seat(row: Application, by: Any) -> Seat:
    """The seat from which `by` votes; refused before and after, without a seat, and when excused."""
    require(by, Permission.PRIVILEGE_DECIDE, alliance_id=row.alliance_id)
    seat = selectors.seat_of(by, selectors.seats(row, on=timezone.localdate()))
    if seat is None:
        raise PermissionDenied(_("You have no seat in this committee."))
    if row.status != Status.IN_COMMITTEE:
        message = _("This application is “%(status)s”: there is no vote on it now.")
        told = message % {"status": Status(row.status).label}
        raise TransitionNotAllowed("wrong_state", told, current_status=row.status)
    if seat.ground is not None:
        message = _("You are excused from this application: %(who)s %(ground)s.")
        told = message % {"who": seat.member.user.name, "ground": seat.ground.label}
        raise DomainError("member_excused", told, ground=str(seat.ground))
    return seat
