"""The waiting list: joining and leaving it, offering what is freed in order, answering."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policies as policy_values
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of
from equipment.service import selectors as service

from .. import policies
from ..actions import lock_times, refusals_kept
from ..actions.booking import grant, insist_on_place, works_at
from ..actions.common import hold_patient, lock_house
from ..errors import BookingRefused
from ..judging import zone
from ..models import Booking, WaitingEntry, WaitingOffer
from . import fitting, rules
from .choices import Answer, EntryState
from .errors import FreeNow

_MINUTES = "bookings.offer_minutes"


@one_transaction
def join_list(*, institution: Institution, at: datetime, by: Any, **values: Any) -> WaitingEntry:
    """Stand in line for a device, or for any of a type; the first fit is offered when it is free.

    `FreeNow` names the time where there is one already: it is booked, not waited for.
    """
    policies.insist(policies.may_book(by, institution.pk))
    alliance = alliance_of(institution.pk, timezone.localdate(at))
    if alliance is None:
        raise ValidationError({"institution": _("This institution is in no alliance.")})
    if not works_at(values["operator"], institution, at=at):
        raise ValidationError({"operator": _("Choose somebody who works at your institution.")})
    device = values.get("device")
    if device is not None:
        values["type"] = device.type
    if place := values.get("place"):
        insist_on_place(place, [device] if device else [], institution)
    days = _settings(alliance.pk, at)["bookings.horizon_days"]
    errors = rules.window_errors(
        minutes=values["minutes"],
        wanted_from=values["wanted_from"],
        wanted_until=values["wanted_until"],
        at=at,
        days_most=days,
    )
    if patient := values.get("patient"):
        values["patient"] = hold_patient(patient.pk)
    lock_house(institution.pk)
    entry = WaitingEntry(alliance=alliance, institution=institution, created_by=by, **values)
    line: Any = WaitingEntry.objects
    if line.same_as(entry).exists():
        field = "device" if entry.device_id else "type"
        message = _("%(name)s waits for this already, in a time that overlaps with this one.")
        errors = {field: message % {"name": entry.operator.name}, **errors}
    store(entry, errors)
    if free := fitting.free_now(entry, by=by, at=at):
        raise FreeNow(free)
    ledger.record("booking.waits", by=by, subject=entry, institution_id=institution.pk)
    outbox.put("bookings.serve", alliance_id=alliance.pk, type_id=entry.type_id)
    return entry


@one_transaction
def leave_list(*, entry: WaitingEntry, by: Any, at: datetime, version: int | None = None) -> None:
    """Wait no longer; an offer that stood open goes to the next."""
    entry = _locked(entry.pk)
    policies.insist(policies.may_book(by, entry.institution_id))
    versions.check(entry, version)
    _insist_on_waiting(entry)
    _close_offers(entry, Answer.LET_GO, at)
    _end(entry, EntryState.LEFT, at)
    ledger.record("booking.waits_no_more", by=by, subject=entry)


def freed(pairs: Collection[tuple[int, int]]) -> None:
    """Promise that who waits for a device of (alliance, type) is offered what is free now."""
    alliances, types = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    line: Any = WaitingEntry.objects.in_line().order_by()
    waiting = line.filter(alliance__in=alliances, type__in=types)
    for alliance_id, type_id in set(waiting.values_list("alliance", "type")) & set(pairs):
        outbox.put("bookings.serve", alliance_id=alliance_id, type_id=type_id)


@one_transaction
def serve(*, alliance_id: int, type_id: int, at: datetime) -> int:
    """Offer what is free to those who wait for a type of device, in order; return how many.

    The rows of the list are locked in its order, so two who serve at once do not overtake each
    other: the later sees what the earlier has offered. All of it, as long as anything is free:
    however many wait for another time in front, the last is reached. Who left an offer unanswered
    is asked again once all others have been: another part of the same hours would be kept for
    nobody once more.
    """
    line: Any = WaitingEntry.objects.in_line().filter(alliance=alliance_id, type=type_id)
    locked = line.select_for_update(of=("self",), no_key=True).filter(wanted_until__gt=at)
    entries = list(locked.for_list().prefetch_related("offers"))
    if not entries:
        return 0
    devices = fitting.devices_for(entries, at)
    lock_times(devices)
    free = fitting.free(devices, entries, at)
    entries.sort(key=_unanswered)
    line_up = itertools.takewhile(lambda _entry: any(free.values()), entries)
    return sum(_serve(entry, devices, free, at) for entry in line_up)


def _unanswered(entry: WaitingEntry) -> int:
    """How many offers somebody left unanswered; of offers that were read already."""
    return sum(one.answer == Answer.UNANSWERED for one in entry.offers.all())


def _serve(
    entry: WaitingEntry,
    devices: Mapping[int, Device],
    free: dict[int, list[rules.Period]],
    at: datetime,
) -> int:
    """Offer one person the first time that would be granted; 1 where one is found."""
    for pk, device in devices.items():
        if not fitting.is_wanted(entry, device):
            continue
        fit = fitting.fit(entry, device, free[pk], at)
        if fit is not None:
            block = _offer(entry, device, fit, at)
            # Whoever comes before it needs time to clean, whoever comes after it to set up.
            near = timedelta(minutes=device.cleaning), timedelta(minutes=device.setup)
            free[pk] = rules.taken_out(free[pk], (block[0] - near[0], block[1] + near[1]))
            return 1
    return 0


def _offer(entry: WaitingEntry, device: Device, fit: rules.Period, at: datetime) -> rules.Period:
    """Keep a time for somebody, and promise to tell them; the time it blocks."""
    since, until = fit
    block = since - timedelta(minutes=device.setup), until + timedelta(minutes=device.cleaning)
    offer = WaitingOffer.objects.create(
        entry=entry,
        device=device,
        starts_at=since,
        ends_at=until,
        block_from=block[0],
        block_until=block[1],
        answer_by=_kept_until(entry, since, at),
    )
    _state(entry, EntryState.OFFERED)
    ledger.record("booking.offered", by=None, subject=offer, institution_id=entry.institution_id)
    outbox.put("bookings.offer", offer_id=offer.pk)
    return block


def _kept_until(entry: WaitingEntry, since: datetime, at: datetime) -> datetime:
    its = _settings(entry.alliance_id, at)
    hours, minutes = (its["bookings.offer_from"], its["bookings.offer_until"]), its[_MINUTES]
    return rules.answer_by(now=at, starts_at=since, minutes=minutes, hours=hours, zone=zone())


def accept_offer(
    *, offer: WaitingOffer, by: Any, at: datetime, version: int | None = None
) -> Booking:
    """Take an offered time: it becomes a booking. Should it be gone, one keeps one's place."""
    try:
        with refusals_kept():
            return _accept(offer, by, at, version)
    except BookingRefused:
        _lose(offer.pk, at)
        raise


@one_transaction
def _accept(offer: WaitingOffer, by: Any, at: datetime, version: int | None) -> Booking:
    hold_patient(offer.entry.patient_id)
    entry, offer = _open_offer(offer, by, at, version)
    fit = (offer.starts_at, offer.ends_at)
    made = grant(fitting.asked(entry, offer.device, fit, by=by, at=at))
    _answer(offer, Answer.ACCEPTED, at, booking=made)
    _end(entry, EntryState.BOOKED, at)
    return made


@one_transaction
def _lose(offer_id: int, at: datetime) -> None:
    """What was offered cannot be had any more: the person waits on, in their old place."""
    entry = _locked(WaitingOffer.objects.get(pk=offer_id).entry_id)
    offer = WaitingOffer.objects.get(pk=offer_id)
    if offer.answer == Answer.OPEN:
        _answer(offer, Answer.GONE, at)
        _state(entry, EntryState.WAITING)


@one_transaction
def withdraw(*, device_ids: Collection[int], at: datetime) -> int:
    """Take back open offers of devices that went out of service; return how many.

    Their people wait on in their places, and are told. All who wait for devices of these types
    are served: others may have what was kept, or what was repaired.
    """
    offers: Any = WaitingOffer.objects.open().filter(device__in=device_ids, starts_at__gt=at)
    gone = [offer.pk for offer in offers.order_by("entry", "pk") if _is_out(offer)]
    for pk in gone:
        _lose(pk, at)
        outbox.put("bookings.offer_gone", offer_id=pk)
    line: Any = WaitingEntry.objects.in_line().order_by()
    types = Device.objects.filter(pk__in=device_ids).values("type")
    pairs = line.filter(type__in=types).values_list("alliance_id", "type_id")
    for alliance_id, type_id in pairs.distinct():
        outbox.put("bookings.serve", alliance_id=alliance_id, type_id=type_id)
    return len(gone)


def _is_out(offer: WaitingOffer) -> bool:
    """Whether the device cannot be used all the time for which it is kept."""
    own = Device.objects.filter(pk=offer.device_id)
    ready = service.in_service(own, since=offer.block_from, until=offer.block_until)
    return not ready.exists()


@one_transaction
def let_go(*, offer: WaitingOffer, by: Any, at: datetime, version: int | None = None) -> None:
    """Let an offered time go to the next, and wait on for another."""
    entry, offer = _open_offer(offer, by, at, version)
    _answer(offer, Answer.LET_GO, at)
    _state(entry, EntryState.WAITING)
    ledger.record("booking.offer_let_go", by=by, subject=offer)
    outbox.put("bookings.serve", alliance_id=entry.alliance_id, type_id=entry.type_id)


def run_list(*, at: datetime) -> int:
    """What the clock does: unanswered offers go on, times that passed end; then all are served."""
    done = sum(_expire(pk, at) for pk in _ids(WaitingOffer.objects.late(at)))
    over: Any = WaitingEntry.objects.over(at)
    done += sum(_pass_over(pk, at) for pk in _ids(over))
    pairs = WaitingEntry.objects.in_line().order_by().values_list("alliance_id", "type_id")
    for alliance_id, type_id in pairs.distinct():
        done += serve(alliance_id=alliance_id, type_id=type_id, at=at)
    return done


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


@one_transaction
def _expire(offer_id: int, at: datetime) -> int:
    """An offer nobody answered: one waits on, until that has happened too often."""
    entry = _locked(WaitingOffer.objects.get(pk=offer_id).entry_id)
    offer = WaitingOffer.objects.late(at).filter(pk=offer_id).first()
    if offer is None:
        return 0
    _answer(offer, Answer.UNANSWERED, at)
    missed = entry.offers.filter(answer=Answer.UNANSWERED).count()
    if missed >= _settings(entry.alliance_id, at)["bookings.unanswered_most"]:
        _end(entry, EntryState.UNANSWERED, at)
    else:
        _state(entry, EntryState.WAITING)
    return 1


@one_transaction
def _pass_over(entry_id: int, at: datetime) -> int:
    entry = _locked(entry_id)
    if entry.state != EntryState.WAITING or entry.wanted_until > at:
        return 0
    _end(entry, EntryState.OVER, at)
    return 1


def _open_offer(
    offer: WaitingOffer, by: Any, at: datetime, version: int | None
) -> tuple[WaitingEntry, WaitingOffer]:
    """The entry and its offer for this transaction alone, if `by` may answer it in time."""
    entry = _locked(offer.entry_id)
    policies.insist(policies.may_book(by, entry.institution_id))
    versions.check(entry, version)
    offer = WaitingOffer.objects.select_related("device__type").get(pk=offer.pk)
    if offer.answer != Answer.OPEN or offer.answer_by <= at:
        raise DomainError("offer_closed", closed_words())
    return entry, offer


def closed_words() -> str:
    """What is said to who answers an offer that is not open."""
    return _("This offer is no longer open; you wait on in your place unless you left.")


def _locked(entry_id: int) -> WaitingEntry:
    """The entry for this transaction alone: the lock of its offers too."""
    rows: Any = WaitingEntry.objects.select_for_update(of=("self",), no_key=True)
    entry: WaitingEntry = rows.for_list().get(pk=entry_id)
    return entry


def _insist_on_waiting(entry: WaitingEntry) -> None:
    if entry.ended_at is not None:
        raise DomainError("waits_no_more", _("This entry has ended already."))


def _close_offers(entry: WaitingEntry, answer: Answer, at: datetime) -> None:
    for offer in entry.offers.filter(answer=Answer.OPEN):
        _answer(offer, answer, at)


def _answer(
    offer: WaitingOffer, answer: Answer, at: datetime, *, booking: Booking | None = None
) -> None:
    offer.answer, offer.answered_at, offer.booking = answer, at, booking
    offer.save(update_fields=["answer", "answered_at", "booking", "updated_at"])


def _state(entry: WaitingEntry, state: EntryState) -> None:
    entry.state = state
    entry.version += 1
    entry.save(update_fields=["state", "ended_at", "version", "updated_at"])


def _end(entry: WaitingEntry, state: EntryState, at: datetime) -> None:
    entry.ended_at = at
    _state(entry, state)
    outbox.put("bookings.serve", alliance_id=entry.alliance_id, type_id=entry.type_id)


def _settings(alliance_id: int, at: datetime) -> Any:
    return policy_values(alliance_id=alliance_id, on=timezone.localdate(at), prefix="bookings.")
