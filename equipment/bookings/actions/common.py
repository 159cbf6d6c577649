"""What the actions on bookings share: locks in one order, the move itself, who hears of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from alliance.patients import actions as patients
from alliance.patients.models import Patient
from alliance.people.models import Practitioner
from equipment.devices.models import Device

from .. import policies, signals, workflow
from ..choices import OF_MENTOR, Act, Move
from ..models import BookedDevice, Booking, BookingEvent, WaitingEntry

MOVED = ("status", "version", "updated_at")


def hold_patient(patient_id: int | None) -> Patient | None:
    """The patient's entry that stands, held against a merge; before devices, bookings and lines.

    A merge holds the patient and then writes to what points there.
    """
    return None if patient_id is None else patients.hold(patient_id)


def lock_times(device_ids: Iterable[int], people: Iterable[int] = ()) -> None:
    """Wait for everybody else who books these devices and people: devices first, then people.

    Always by number, so that two who want the same wait for each other and never both. (Exclusion
    constraints alone would let both insert, and end one of them as a deadlock.)
    """
    for rows in (Device.objects.filter(pk__in=device_ids), _people(people)):
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def lock_house(institution_id: int) -> None:
    """Wait for everybody else who books for this institution, so that its quota counts them.

    After devices and people: who waits here lets nobody wait who holds it.
    """
    rows = Institution.objects.filter(pk=institution_id).select_for_update(no_key=True)
    rows.values_list("pk", flat=True).get()


def lock_whole(device_ids: Iterable[int]) -> None:
    """The same for who will change the devices themselves: nothing may be hung on them meanwhile."""
    rows = Device.objects.filter(pk__in=device_ids).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def _people(ids: Iterable[int]) -> Any:
    return Practitioner.objects.filter(pk__in=ids)


def lock_to_change(
    booking: Booking, more: Iterable[int] = (), people: Iterable[int] = ()
) -> Booking:
    """The booking for this transaction alone, and everybody who would book what its change touches.

    That is its devices with `more` of them, and its people with `people`. In the one order: whoever books or
    fails a device holds that before the booking.
    """
    held = Booking.objects.get(pk=booking.pk)
    own = [pk for pk in (held.operator_id, held.mentor_id) if pk is not None]
    lock_times({*held.lines.values_list("device_id", flat=True), *more}, {*own, *people})
    return lock(held.pk)


def locked(booking: Booking, by: Any, move: Move, version: int | None) -> Booking:
    """The booking for this transaction alone, if `by` stands on a side that makes this move."""
    return allowed(lock(booking.pk), by, move, version)


def allowed(row: Booking, by: Any, move: Move, version: int | None) -> Booking:
    """The locked booking, if `by` stands on a side that makes this move and saw it as it is."""
    mine = policies.sides(by, row)
    policies.insist(not mine.isdisjoint(workflow.TRANSITIONS[move].sides))
    versions.check(row, version)
    return row


def lock_all(booking_ids: Iterable[int]) -> None:
    """Several bookings for this transaction alone, by number: the order of whoever ends a series."""
    rows = Booking.objects.filter(pk__in=booking_ids).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def lock(booking_id: int) -> Booking:
    """The booking with its devices, for this transaction alone."""
    lines = Prefetch("lines", BookedDevice.objects.for_list())
    rows = Booking.objects.select_for_update(no_key=True).prefetch_related(lines)
    row: Booking = rows.get(pk=booking_id)
    return row


def needed(reason: str) -> str:
    """The reason as it is kept; ValidationError where there is none."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    return reason.strip()


def move(
    row: Booking,
    move: Move,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    fields: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    target: str | None = None,
) -> BookingEvent:
    """Change the status by the table, with what else changes, and leave one event."""
    source, found = row.status, workflow.next_status(row.status, move)
    row.status = target or found
    for name, value in (fields or {}).items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*MOVED, *(fields or {})])
    return record(row, Act(move.value), source, by=by, at=at, reason=reason, data=data)


def change(
    row: Booking,
    act: Act,
    fields: Mapping[str, Any],
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Booking:
    """Change something of a locked booking whose status stays, and leave one event."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*fields, "version", "updated_at"])
    record(row, act, row.status, by=by, at=at, reason=reason, data=data)
    return row


def record(
    row: Booking,
    act: Act,
    source: str,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> BookingEvent:
    """Write the event, the line of the ledger, the promise to tell people, and announce it.

    The event keeps who was the mentor then and what their word was: people are told a little later,
    when both may have changed.
    """
    mentor = {"mentor": row.mentor_id, "word": row.mentor_word} if act in OF_MENTOR else {}
    event = BookingEvent.objects.create(
        booking=row, act=act, source=source, target=row.status, reason=reason,
        data={**(data or {}), **mentor}, by=by, at=at,
    )  # fmt: skip
    ledger.record(
        f"booking.{act.value}", by=by, subject=row, institution_id=row.institution_id,
        **({"reason": reason} if reason else {}),
    )  # fmt: skip
    outbox.put("bookings.event", event_id=event.pk)
    announce([row], act)
    return event


def announce(rows: Sequence[Booking], act: Act) -> None:
    """Tell other rooms, in this transaction."""
    signals.bookings_changed.send(
        sender=Booking,
        booking_ids=[row.pk for row in rows],
        act=act.value,
        referral_numbers=[row.referral_number for row in rows if row.referral_number],
    )


@one_transaction
def repoint_patient(*, kept_id: int, merged_id: int) -> None:
    """Follow the merge of two patients: what is booked for them, and what they wait for."""
    for rows in (Booking.objects, WaitingEntry.objects):
        rows.filter(patient=merged_id).update(patient=kept_id)
