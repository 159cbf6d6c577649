"""The committee: its term, its members, its meetings."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import User

from .. import selectors
from ..choices import Position
from ..models import Application, Committee, Meeting, Member
from .shared import locked_committee, record_excusals


@one_transaction
def found_committee(
    *,
    alliance: Alliance,
    name: str,
    valid_from: date,
    valid_until: date | None = None,
    by: Any,
) -> Committee:
    """Begin the term of a committee; an alliance has one at a time."""
    require(by, Permission.PRIVILEGE_MANAGE, alliance_id=alliance.pk)
    row = Committee(
        alliance=alliance, name=name.strip(), valid_from=valid_from, valid_until=valid_until
    )
    store(row)
    ledger.record("committee.founded", by=by, subject=row, name=row.name)
    return row


@one_transaction
def end_term(*, committee: Committee, until: date, by: Any, version: int) -> Committee:
    """End the term of a committee on a day; what waits before it goes to the next one."""
    row = locked_committee(committee, version)
    require(by, Permission.PRIVILEGE_MANAGE, alliance_id=row.alliance_id)
    row.valid_until = until
    row.version += 1
    store(row, only=["valid_until", "version", "updated_at"])
    ledger.record("committee.term_ended", by=by, subject=row, until=str(until))
    return row


@one_transaction
def appoint_member(
    *,
    committee: Committee,
    user: User,
    position: str = Position.MEMBER,
    institution: Institution | None = None,
    valid_from: date,
    by: Any,
) -> Member:
    """Give somebody who may vote on applications a seat; without a house, the one they work at."""
    locked_committee(committee)
    require(by, Permission.PRIVILEGE_MANAGE, alliance_id=committee.alliance_id)
    on = timezone.localdate()
    if not selectors.voters(committee.alliance_id, on=on).filter(pk=user.pk).exists():
        message = _("Choose somebody who may vote: a member of quality control in this alliance.")
        raise ValidationError({"user": message})
    person = user.practitioner
    house = institution or (person.institution if person else None)
    row = Member(
        committee=committee,
        user=user,
        position=position,
        institution=house,
        valid_from=valid_from,
    )
    store(row)
    ledger.record(
        "committee.member_appointed", by=by, subject=committee, member=user.name, position=position
    )
    for application in Application.objects.open().filter(committee=committee):
        record_excusals(application, on=on)
    return row


@one_transaction
def end_seat(*, member: Member, until: date, by: Any) -> Member:
    """Let a member leave on a day; votes that were cast stay, and count no more."""
    committee = locked_committee(member.committee)
    require(by, Permission.PRIVILEGE_MANAGE, alliance_id=committee.alliance_id)
    row: Member = Member.objects.select_for_update().get(pk=member.pk)
    if row.valid_until is not None:
        raise DomainError("seat_ended", _("This seat has ended already."))
    row.valid_until = until
    store(row, only=["valid_until", "updated_at"])
    ledger.record(
        "committee.member_left", by=by, subject=committee, member=row.user.name, until=str(until)
    )
    return row


@one_transaction
def plan_meeting(
    *, committee: Committee, held_on: date, starts_at: time, place: str, by: Any
) -> Meeting:
    """Plan when and where the committee meets."""
    require(by, Permission.PRIVILEGE_MANAGE, alliance_id=committee.alliance_id)
    errors = {}
    if held_on < timezone.localdate():
        errors["held_on"] = _("Choose today or a later day.")
    row = Meeting(
        committee=committee,
        held_on=held_on,
        starts_at=starts_at,
        place=place.strip(),
        created_by=by,
    )
    store(row, errors)
    ledger.record("committee.meeting_planned", by=by, subject=row, held_on=str(held_on))
    return row


@one_transaction
def write_minutes(*, meeting: Meeting, minutes: str, by: Any, version: int) -> Meeting:
    """Write down what was said."""
    row: Meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    versions.check(row, version)
    require(by, Permission.PRIVILEGE_MANAGE, alliance_id=row.committee.alliance_id)
    row.minutes = minutes.strip()
    row.version += 1
    row.save(update_fields=["minutes", "version", "updated_at"])
    ledger.record("committee.minutes_written", by=by, subject=row)
    return row
