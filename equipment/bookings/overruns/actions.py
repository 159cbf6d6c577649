"""Telling the next in time, moving their booking, and calling it off when the device comes back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import versions
from alliance.core.errors import DomainError
from alliance.core.policy import PolicySet, policies_of
from alliance.core.transactions import one_transaction

from .. import judging, mentors, policies
from ..actions import common
from ..choices import Act, Status
from ..models import BookedDevice, BookedPerson, Booking
from ..rules import Period
from . import rules, selectors
from .choices import Answer

_WARNING, _ANSWER = "bookings.overrun_minutes", "bookings.overrun_answer"
# The longest that policy allows (see `defaults`).
_MINUTES_MOST = timedelta(minutes=720)


def warn(*, at: datetime) -> int:
    """Tell whoever comes next where a device is still in use; return how many bookings are held up.

    Each once: a booking that is held up already is left alone.
    """
    pairs = list(_held_up(at))
    values = policies_of(
        alliance_ids={after.booking.alliance_id for _late, after in pairs},
        on=timezone.localdate(at),
        keys=[_WARNING, _ANSWER],
    )
    return sum(
        _hold_up(late, after, values[after.booking.alliance_id], at) for late, after in pairs
    )


def _held_up(at: datetime) -> Iterator[tuple[BookedDevice, BookedDevice]]:
    """Each device whose booked time is over and that is still in use, with who has it next."""
    in_use = BookedDevice.objects.filter(
        booking__status=Status.IN_USE, booking__ends_at__lte=at
    ).select_related("booking")
    late = {line.device_id: line for line in in_use.order_by("pk")}
    coming = BookedDevice.objects.filter(
        device__in=late, booking__status__in=_TO_COME, block_from__lte=at + _MINUTES_MOST
    ).select_related("booking")
    for line in coming.order_by("device", "block_from").distinct("device"):
        yield late[line.device_id], line


_TO_COME = (Status.REQUESTED, Status.CONFIRMED)


@one_transaction
def _hold_up(late: BookedDevice, after: BookedDevice, values: PolicySet, at: datetime) -> int:
    if not rules.is_due(
        ends_at=late.booking.ends_at,
        next_from=after.block_from,
        at=at,
        warning=timedelta(minutes=values[_WARNING]),
    ):
        return 0
    row = common.lock_to_change(after.booking)
    still = Booking.objects.filter(pk=late.booking_id, status=Status.IN_USE).exists()
    if row.status not in _TO_COME or row.held_up_at is not None or not still:
        return 0
    times = selectors.times_for(row, list(row.lines.all()), at=at, limit=1)
    row.held_up_at, row.held_up_by_id = at, late.booking_id
    row.version += 1
    row.save(update_fields=["held_up_at", "held_up_by", "version", "updated_at"])
    data = {"next_at": times[0].isoformat()} if times else {}
    common.record(row, Act.OVERRUN, row.status, by=None, at=at, data=data)
    if times and values[_ANSWER] == Answer.PUSH:
        _move(row, times[0], by=None, at=at)
    return 1


@one_transaction
def move_on(
    *, booking: Booking, starts_at: datetime, by: Any, at: datetime, version: int | None = None
) -> Booking:
    """Shift a booking that the last user holds up to a later time, as long as it was.

    Not an exchange (`bookings.actions.rebook`): nobody wishes for anything new. The same booking
    stays, with its keepers' word and its price; notice, quota and day are not asked about again, for
    its people are not to blame; and either side may do it, or the clock. Only that nothing is in
    its way is asked (`selectors.fits`).
    """
    row = common.lock_to_change(booking)
    policies.insist(bool(policies.sides(by, row)))
    versions.check(row, version)
    if row.status not in _TO_COME or row.held_up_at is None:
        raise DomainError("not_held_up", _("Nothing holds this booking up any more."))
    if not selectors.fits(row, list(row.lines.all()), starts_at, at=at):
        message = _("This time is no longer free. Choose another.")
        raise DomainError("time_taken", message)
    _move(row, starts_at, by=by, at=at)
    return row


def _move(row: Booking, starts_at: datetime, *, by: Any, at: datetime) -> None:
    """Give it its new time with all that it blocks, and leave one event."""
    was, length = row.starts_at, row.ends_at - row.starts_at
    row.starts_at, row.ends_at = starts_at, starts_at + length
    row.held_up_at = row.held_up_by = None
    row.mentor_word = mentors.word_after_move(row, by)
    row.version += 1
    row.save(
        update_fields=[
            "starts_at", "ends_at", "held_up_at", "held_up_by", "mentor_word", "version",
            "updated_at",
        ]
    )  # fmt: skip
    for line in row.lines.all():
        block = judging.block_of(line.device, Period(row.starts_at, row.ends_at))
        line.block_from, line.block_until = block
        line.save(update_fields=["block_from", "block_until"])
    times = {"starts_at": row.starts_at, "ends_at": row.ends_at}
    BookedPerson.objects.filter(booking=row).update(**times)
    common.record(row, Act.MOVE, row.status, by=by, at=at, data={"from": was.isoformat()})


@one_transaction
def call_off(*, booking_ids: Collection[int], at: datetime) -> int:
    """A late device came back: whoever it held up may begin as booked; return how many."""
    rows = Booking.objects.filter(held_up_by__in=booking_ids, status__in=_TO_COME)
    done = 0
    for row in rows.select_for_update(no_key=True).order_by("pk"):
        row.held_up_at = row.held_up_by = None
        row.version += 1
        row.save(update_fields=["held_up_at", "held_up_by", "version", "updated_at"])
        common.record(row, Act.RESTORE, row.status, by=None, at=at)
        done += 1
    return done
