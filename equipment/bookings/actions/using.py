"""Check in and check out: the real use, and how the devices were left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.templatetags.times import when
from alliance.core.transactions import one_transaction
from equipment.devices import actions as registry
from equipment.devices import policies as registry_policies
from equipment.devices.choices import Condition
from equipment.devices.models import Device
from equipment.service import actions as service_actions
from equipment.service import selectors as service
from training.logbook.models import Case

from .. import consequences, judging, policies, rules, texts, workflow
from ..choices import MentorWord, Move, Status
from ..models import BookedDevice, BookedPerson, Booking
from ..rules import Period
from . import common
from .logging import check_case


@one_transaction
def check_in(*, booking: Booking, by: Any, at: datetime, version: int | None = None) -> Booking:
    """Begin to use the devices: not before the time, nor while one is away or with somebody else.

    Nor by whom it was granted to, once they may not do it any more.
    """
    # Its devices first: two who begin with the same one wait for each other, and one is told so.
    common.lock_times(booking.lines.values_list("device_id", flat=True))
    row = common.locked(booking, by, Move.CHECK_IN, version)
    workflow.next_status(row.status, Move.CHECK_IN)
    _insist_on_time(row, at)
    _insist_on_mentor(row, by)
    _insist_on_privilege(row, at)
    lines = list(row.lines.all())
    ids = [line.device_id for line in lines]
    ready = service.in_service(Device.objects.filter(pk__in=ids), since=at, until=at)
    if ready.count() < len(ids):
        message = _("A device is not in service. Ask its keeper, or book another.")
        raise DomainError("device_out", message)
    others = BookedDevice.objects.filter(device__in=ids, booking__status=Status.IN_USE)
    if others.exclude(booking=row).exists():
        message = _("A device is still with the last user. Ask them to end their use.")
        raise DomainError("still_in_use", message)
    fields: dict[str, Any] = {"used_from": at}
    if row.mentor_word in (MentorWord.ASKED, MentorWord.CALL) and policies.is_mentor(by, row):
        fields["mentor_word"] = MentorWord.AGREED
    common.move(row, Move.CHECK_IN, by=by, at=at, fields=fields)
    return row


def _insist_on_mentor(row: Booking, by: Any) -> None:
    if policies.waits_for_mentor(by, row):
        message = _("The mentor has not agreed. Ask them to agree or to begin, or choose another.")
        if row.mentor_word == MentorWord.CALL:
            message = _("The mentor has not agreed. Call them and record it, or choose another.")
        raise DomainError("mentor_not_agreed", message)


def _insist_on_privilege(row: Booking, at: datetime) -> None:
    """Granted weeks ago, it holds only as long as operator and mentor still may."""
    if found := judging.against_people(row, at=at):
        told = texts.told(found, {})
        words = " ".join(f"{one.text} {one.next_step}" for one in told)
        raise DomainError("may_not_operate", words, codes=rules.codes(found))


def _insist_on_time(row: Booking, at: datetime) -> None:
    begins = consequences.begins_from(row, at)
    if at < begins:
        message = _("It is too early: use may begin from %(when)s on.")
        raise DomainError("too_early", message % {"when": when(begins)})
    if at >= row.ends_at:
        raise DomainError("too_late", _("The booked time is over. Book again."))


@one_transaction
def check_out(
    *,
    booking: Booking,
    conditions: Mapping[int, tuple[str, str]],
    by: Any,
    at: datetime,
    consumables: str = "",
    remark: str = "",
    case: Case | None = None,
    version: int | None = None,
) -> Booking:
    """End the use; each device with its condition and a remark, for the next user.

    What is given back early is free early, once it is clean; so are the people.
    """
    # Its devices first: whoever takes one away meanwhile holds it, and then asks for its bookings.
    common.lock_whole(booking.lines.values_list("device_id", flat=True))
    row = common.locked(booking, by, Move.CHECK_OUT, version)
    workflow.next_status(row.status, Move.CHECK_OUT)
    lines = list(row.lines.all())
    _check(row, lines, conditions, case, at)
    ends = max(at, row.used_from + timedelta(seconds=1)) if row.used_from else at
    fields = {
        "used_until": ends, "consumables": consumables.strip(), "remark": remark.strip(),
        "case": case,
    }  # fmt: skip
    common.move(row, Move.CHECK_OUT, by=by, at=at, fields=fields)
    for line in lines:
        _give_back(line, conditions[line.device_id], ends, by)
    until = rules.unbound_at(Period(row.starts_at, row.ends_at), used_until=ends)
    BookedPerson.objects.filter(booking=row).update(ends_at=until)
    return row


def _check(
    row: Booking,
    lines: list[BookedDevice],
    conditions: Mapping[int, tuple[str, str]],
    case: Case | None,
    at: datetime,
) -> None:
    told = [conditions.get(line.device_id, ("", ""))[0] for line in lines]
    if not set(told) <= set(Condition.values):
        raise ValidationError({"conditions": _("Say of each device how you leave it.")})
    if case is not None:
        check_case(row, case, at=at)


def _give_back(line: BookedDevice, found: tuple[str, str], used_until: datetime, by: Any) -> None:
    line.block_until = rules.freed_at(
        Period(line.block_from, line.block_until),
        used_until=used_until,
        cleaning=line.device.cleaning,
    )
    line.condition, line.condition_note = found[0], found[1].strip()
    line.save(update_fields=["block_until", "condition", "condition_note"])
    # Retired or no longer shared in the meantime, the device itself says no more.
    if line.device.retired_on is None and registry_policies.may_note_condition(by, line.device):
        registry.note_condition(
            device=line.device, condition=line.condition, note=line.condition_note, by=by
        )
        service_actions.keep_worn(
            device=line.device, condition=line.condition, note=line.condition_note, by=by
        )
