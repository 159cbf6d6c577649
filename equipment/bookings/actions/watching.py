"""What nobody does by hand: missed bookings, unanswered requests, devices that fail."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance
from equipment.devices.models import Device
from equipment.service import selectors as service
from equipment.service.selectors import Out

from .. import judging, policies, workflow
from ..choices import GONE, Act, MentorWord, Move
from ..instead import instead_of
from ..models import BookedDevice, Booking
from . import common


def mark_missed(*, at: datetime) -> int:
    """Mark confirmed bookings whose use never began: each by itself; return how many."""
    return _sweep(Move.NO_SHOW, at)


def lapse_requests(*, at: datetime) -> int:
    """Let requests lapse that nobody answered in time; return how many."""
    return _sweep(Move.LAPSE, at)


def _sweep(move: Move, at: datetime) -> int:
    today = timezone.localdate(at, judging.zone())
    done = 0
    for alliance_id in Alliance.objects.order_by("pk").values_list("pk", flat=True):
        settings = judging.settings_of(alliance_id, today)
        own = Booking.objects.filter(alliance=alliance_id)
        if move is Move.NO_SHOW:
            patience = timedelta(minutes=settings["bookings.no_show_minutes"])
            rows = own.missed(at, patience=patience)
        else:
            rows = own.unanswered(at, patience=timedelta(hours=settings["bookings.answer_hours"]))
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            done += _end(pk, rows, move, at)
    return done


@one_transaction
def _end(booking_id: int, rows: QuerySet[Booking], move: Move, at: datetime) -> int:
    """One of them, if it is still so; a booking that somebody works on now is left to them."""
    free = rows.filter(pk=booking_id).select_for_update(no_key=True, skip_locked=True)
    row = free.first()
    if row is None:
        return 0
    # Whoever found the device away, or still with the last user, did not miss it; nor who could not
    # begin without a mentor (but to call one was for themselves to do), or was told too late that
    # they may.
    was_kept = bool(row.affected_at or row.held_up_at)
    was_kept = was_kept or row.lines.filter(approved_at__gt=row.starts_at).exists()
    if row.mentor_word != MentorWord.CALL:
        was_kept = was_kept or policies.waits_for_mentor(None, row)
    fields = {"is_excused": True} if move is Move.NO_SHOW and was_kept else {}
    common.move(row, move, by=None, at=at, fields=fields)
    return 1


@one_transaction
def recheck_devices(*, device_ids: Collection[int], at: datetime) -> int:
    """Mark the bookings that a device fails, and unmark those it serves again; return how many.

    Of a device that has left the register for good they are cancelled, and count against nobody; but
    one of several devices is kept as long as another can take that one's place.
    Runs in the transaction of whoever took the device away or brought it back.
    """
    common.lock_times(device_ids)
    lines = list(
        BookedDevice.objects.filter(device__in=device_ids, is_live=True, block_until__gt=at)
        .filter(booking__in=Booking.objects.open())
        .select_related("device")
        .order_by("booking", "pk")
    )
    if not lines:
        return 0
    whole = list(_lines_of({line.booking_id for line in lines}))
    until = max(line.block_until for line in whole)
    outs = service.why_out({line.device_id for line in whole}, since=at, until=until)
    away: dict[int, str] = {line.booking_id: "" for line in whole}
    for line in whole:
        if away[line.booking_id] != GONE:
            code = _code(line, outs.get(line.device_id, ()), at)
            away[line.booking_id] = code if code == GONE else away[line.booking_id] or code
    rows = Booking.objects.filter(pk__in=away).select_for_update(no_key=True).order_by("pk")
    return sum(_mark(row, away[row.pk], at) for row in rows)


def _goes_on(row: Booking, at: datetime) -> bool:
    """Whether a booking of several devices goes on with another in place of the one that left."""
    lines = list(row.lines.for_list())
    if len(lines) == 1:
        return False
    own, until = [line.device_id for line in lines], max(line.block_until for line in lines)
    since = max(min(line.block_from for line in lines), at)
    ready = service.in_service(Device.objects.filter(pk__in=own), since=since, until=until)
    return ready.count() == len(own) - 1 and bool(instead_of(row, lines, at=at)[1].devices)


def _lines_of(bookings: Iterable[int]) -> QuerySet[BookedDevice]:
    return BookedDevice.objects.filter(booking__in=bookings).order_by("pk")


def _code(line: BookedDevice, outs: Iterable[Out], at: datetime) -> str:
    """Why a device cannot be used in the time of a booking that is still to come, or ""."""
    since = max(line.block_from, at)
    codes = [
        out.code
        for out in outs
        if out.since < line.block_until and (out.until is None or out.until > since)
    ]
    return GONE if GONE in codes else next(iter(codes), "")


def _mark(row: Booking, code: str, at: datetime) -> int:
    is_to_come = row.status in workflow.TRANSITIONS[Move.CANCEL].sources
    if code == GONE and is_to_come and not _goes_on(row, at):
        fields, data = {"is_excused": True}, {"code": GONE}
        common.move(row, Move.CANCEL, by=None, at=at, fields=fields, data=data)
        return 1
    if row.affected_code == code:
        return 0
    act = Act.AFFECT if code else Act.RESTORE
    was_marked, row.affected_code = bool(row.affected_code), code
    row.affected_at = (row.affected_at or at) if code else None
    row.version += 1
    row.save(update_fields=["affected_at", "affected_code", "version", "updated_at"])
    if code and was_marked:
        # Another reason for the same: it was told already.
        return 0
    common.record(row, act, row.status, by=None, at=at, data={"code": code} if code else None)
    return 1
