"""Steps of an application on its way: before the committee, or back to the applicant."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction

from .. import policies, selectors
from ..choices import Move
from ..models import Application, Committee, Meeting
from ..workflow import next_status
from .shared import locked, note_step, record_excusals


@one_transaction
def take_up(
    *, application: Application, meeting: Meeting | None = None, by: Any, version: int | None = None
) -> Application:
    """Put an application before the committee, at a meeting or by circulation.

    Whoever is bound to the applicant is excused from now on, and the record says so.
    """
    row = locked(application, version)
    if not policies.may_move(by, Move.TAKE_UP, row):
        raise PermissionDenied
    source, target = row.status, next_status(row.status, Move.TAKE_UP)
    on = timezone.localdate()
    committee = _committee(row, meeting)
    row.status, row.committee, row.meeting = target, committee, meeting
    row.version += 1
    row.save(update_fields=["status", "committee", "meeting", "version", "updated_at"])
    record_excusals(row, on=on)
    note_step(row, Move.TAKE_UP, source, by=by)
    return row


def _committee(row: Application, meeting: Meeting | None) -> Committee:
    committee = selectors.committee_of(row.alliance_id, on=timezone.localdate())
    if committee is None:
        message = _("The alliance has no committee in office. Found one first.")
        raise DomainError("no_committee", message)
    if meeting is not None and meeting.committee_id != committee.pk:
        raise ValidationError({"meeting": _("Choose a meeting of the committee in office.")})
    return committee


@one_transaction
def withdraw(*, application: Application, reason: str, by: Any, version: int) -> Application:
    """The applicant takes the application back before it is decided."""
    row = locked(application, version)
    if not policies.may_move(by, Move.WITHDRAW, row):
        raise PermissionDenied
    source, target = row.status, next_status(row.status, Move.WITHDRAW)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    row.status, row.ended_at = target, timezone.now()
    row.version += 1
    row.save(update_fields=["status", "ended_at", "version", "updated_at"])
    note_step(row, Move.WITHDRAW, source, by=by, reason=reason.strip())
    return row
