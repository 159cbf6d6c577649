"""Tours: planned with the devices on board, changed, announced, finished, called off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.saving import assign, store, validated
from alliance.core.templatetags.times import when
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance
from equipment.bookings import actions as bookings
from equipment.bookings.models import BookedDevice, WaitingOffer
from equipment.bookings.waiting.actions import freed
from equipment.bookings.waiting.choices import Answer
from equipment.devices.choices import TypeKind
from equipment.devices.models import Device
from equipment.service import selectors as service

from .. import policies, rules, workflow
from ..choices import HOLDING, Act, Move, PlaceStatus
from ..models import Place, Stop, Tour, TourDevice
from .common import insist_on_open, locked, needed, record


@one_transaction
def plan_tour(
    *,
    alliance: Alliance,
    vehicle: Device,
    devices: Collection[Device],
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    by: Any,
    at: datetime,
    note: str = "",
) -> Tour:
    """Send a vehicle with devices away for a time; from now on nobody else has them then."""
    policies.insist(policies.may_plan_for(by, vehicle.owner_id, alliance.pk))
    tour = Tour(
        alliance=alliance, owner=vehicle.owner, vehicle=vehicle, name=name.strip(),
        starts_at=starts_at, ends_at=ends_at, note=note.strip(), created_by=by,
    )  # fmt: skip
    errors = rules.period_errors((starts_at, ends_at), stops=(), at=at)
    if vehicle.type.kind != TypeKind.VEHICLE:
        errors["vehicle"] = _("Choose a vehicle.")
    validated(tour, errors)
    board = _board(vehicle, devices)
    _lock(board)
    _insist_on_free(tour, board, at)
    store(tour)
    _hold(tour, board)
    record(tour, Act.PLAN, "", by=by, at=at)
    return tour


@one_transaction
def change_tour(
    *,
    tour: Tour,
    version: int | None,
    devices: Collection[Device],
    by: Any,
    at: datetime,
    **values: Any,
) -> Tour:
    """Change name, time, note or the devices on board; whom it concerns is told."""
    # Devices before the tour's row: bookings wait for devices and never for tours.
    board = _board(tour.vehicle, devices)
    before = set(tour.lines.values_list("device_id", flat=True))
    _lock([*board, *Device.objects.filter(pk__in=before)])
    tour = locked(tour.pk, by, version)
    insist_on_open(tour)
    changed = assign(tour, values)
    after = {device.pk for device in board}
    if not changed and before == after:
        return tour
    stops = tour.stops.standing().values_list("starts_at", "ends_at")
    validated(tour, rules.period_errors((tour.starts_at, tour.ends_at), stops=stops, at=at))
    _insist_on_free(tour, board, at)
    tour.version += 1
    store(tour)
    _serve_waiting(tour)
    tour.lines.exclude(device__in=after).delete()
    _hold(tour, board)
    record(tour, Act.CHANGE, tour.status, by=by, at=at)
    return tour


@one_transaction
def move(
    *,
    tour: Tour,
    move: Move,
    by: Any,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Tour:
    """Announce a tour to the members, finish it after its last stop, or call it off."""
    tour = locked(tour.pk, by, version)
    source, target = tour.status, workflow.next_status(tour.status, move)
    if move is Move.CANCEL:
        tour.cancel_reason = needed(reason)
    else:
        _insist_on_stops(tour, move, at)
    tour.status = target
    tour.version += 1
    store(tour)
    if move is Move.CANCEL:
        give_up(tour.stops.all(), by=by, at=at)
    if target not in HOLDING:
        _serve_waiting(tour)
    record(tour, Act(move.value), source, by=by, at=at, reason=tour.cancel_reason)
    return tour


def give_up(stops: Iterable[Stop], *, by: Any, at: datetime) -> None:
    """Free every place at stops that do not take place; who booked is told with the event."""
    Place.objects.booked().filter(stop__in=stops).update(
        status=PlaceStatus.CANCELLED, cancelled_at=at, cancelled_by=by, updated_at=at
    )


def _serve_waiting(tour: Tour) -> None:
    """Who waits for a device such as the tour carried is offered what it holds no longer."""
    types = tour.lines.order_by().values_list("device__type", flat=True)
    freed({(tour.alliance_id, type_id) for type_id in types})


def _insist_on_stops(tour: Tour, move: Move, at: datetime) -> None:
    ends = list(tour.stops.standing().values_list("ends_at", flat=True))
    if not ends:
        message = _("This tour has no stop. Add one first, or call the tour off.")
        raise DomainError("tour_without_stops", message)
    if move is Move.FINISH and max(ends) > at:
        message = _("Its last stop is over %(at)s only. Finish it then, or call that stop off.")
        raise DomainError("tour_under_way", message % {"at": when(max(ends))})


def _board(vehicle: Device, devices: Collection[Device]) -> list[Device]:
    """The vehicle and what it carries: devices of the same owner, no rooms, no second vehicle."""
    wrong = [
        device.name
        for device in devices
        if device.owner_id != vehicle.owner_id or device.type.kind != TypeKind.DEVICE
    ]
    if wrong:
        message = _("Only devices of the vehicle's owner go on board; not: %(names)s.")
        raise ValidationError({"devices": message % {"names": "、".join(wrong)}})
    return [vehicle, *devices]


def _lock(devices: Iterable[Device]) -> None:
    bookings.lock_times({device.pk for device in devices})


def _insist_on_free(tour: Tour, board: Collection[Device], at: datetime) -> None:
    """Refuse, device by device and with the way out, what is booked, on tour or not in service."""
    names = {device.pk: device.name for device in board}
    # What has begun already is asked about from now on.
    since, until = max(tour.starts_at, min(at, tour.ends_at)), tour.ends_at
    found = _outs(names, since, until) + _booked(names, since, until)
    found += _offered(names, since, until)
    for row in TourDevice.objects.holding(list(names), tour.starts_at, until).exclude(tour=tour.pk):
        values = {"device": names[row.device_id], "until": when(row.ends_at)}
        words = _("%(device)s is on another tour until %(until)s. Choose another time or device.")
        found.append((row.device_id, words % values))
    if found:
        first = tour.vehicle_id
        errors: dict[str, list[str]] = {}
        for device_id, sentence in found:
            errors.setdefault("vehicle" if device_id == first else "devices", []).append(sentence)
        raise ValidationError(errors)


_Found = list[tuple[int, str]]


def _outs(names: dict[int, str], since: datetime, until: datetime) -> _Found:
    words = _("%(device)s is not in service all the time: %(why)s Choose another one.")
    outs = service.why_out(list(names), since=since, until=until)
    return [
        (pk, words % {"device": names[pk], "why": " ".join(one.sentence for one in found)})
        for pk, found in outs.items()
    ]


def _booked(names: dict[int, str], since: datetime, until: datetime) -> _Found:
    words = _("%(device)s is booked %(at)s by %(house)s. Agree with them, or choose another time.")
    rows = BookedDevice.objects.filter(device__in=names).blocking(since, until)
    rows = rows.select_related("booking__institution").order_by("block_from")
    return [
        (
            line.device_id,
            words
            % {
                "device": names[line.device_id],
                "at": when(line.booking.starts_at),
                "house": line.booking.institution.short_name,
            },
        )
        for line in rows
    ]


def _offered(names: dict[int, str], since: datetime, until: datetime) -> _Found:
    """Times that are kept for somebody on the waiting list, until they have answered."""
    words = _(
        "%(device)s is offered to %(house)s %(at)s, who may answer until %(answer)s. Wait for that,"
        " or choose another time."
    )
    rows = WaitingOffer.objects.filter(
        device__in=names, answer=Answer.OPEN, block_from__lt=until, block_until__gt=since
    )
    return [
        (
            offer.device_id,
            words
            % {
                "device": names[offer.device_id],
                "at": when(offer.starts_at),
                "answer": when(offer.answer_by),
                "house": offer.entry.institution.short_name,
            },
        )
        for offer in rows.select_related("entry__institution").order_by("block_from")
    ]


def _hold(tour: Tour, board: Iterable[Device]) -> None:
    """One line for each device; the constraint has the last word between two tours."""
    try:
        with transaction.atomic():
            for device in board:
                TourDevice.objects.update_or_create(
                    tour=tour,
                    device=device,
                    defaults={"starts_at": tour.starts_at, "ends_at": tour.ends_at},
                )
    except IntegrityError as error:
        if "tours_tourdevice_no_overlap" not in str(error):
            raise
        message = _("Somebody has just sent one of these on another tour. Look again.")
        raise ValidationError({"devices": message}) from error
