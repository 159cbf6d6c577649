"""Places at a stop: the stop's row is the lock of all its places."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.people.models import PracticeSite, Practitioner

from .. import policies, rules
from ..choices import PlaceStatus, Status
from ..models import Place, Stop


@one_transaction
def book_place(
    *, stop: Stop, subject: str, doctor: Practitioner, by: Any, at: datetime, note: str = ""
) -> Place:
    """Take the lowest free number at a stop for a patient or a case."""
    stop = _locked(stop.pk)
    policies.insist(policies.may_book(by, stop))
    _insist_on_open(stop, at)
    taken = list(stop.places.booked().values_list("number", flat=True))
    if len(taken) >= stop.capacity:
        message = _("All %(count)s places are taken. Ask who plans the tour for more.")
        raise DomainError("no_place", message % {"count": stop.capacity})
    place = Place(
        stop=stop, number=rules.next_number(taken), subject=subject.strip(), doctor=doctor,
        note=note.strip(), booked_by=by,
    )  # fmt: skip
    errors = rules.secret_errors(subject=place.subject, note=place.note)
    if not _works_there(doctor, stop, at):
        errors["doctor"] = _("Choose somebody who works at the institution of the stop.")
    store(place, errors)
    _record("tour.place_book", place, stop, by)
    return place


@one_transaction
def cancel_place(*, place: Place, by: Any, at: datetime) -> Place:
    """Give a place up before the stop begins; giving it up again changes nothing."""
    stop = _locked(place.stop_id)
    place = Place.objects.select_related("stop__tour").get(pk=place.pk)
    policies.insist(policies.may_cancel(by, place))
    if place.status == PlaceStatus.CANCELLED:
        return place
    if stop.starts_at <= at:
        message = _("This stop has begun; places are no longer given up.")
        raise DomainError("stop_begun", message)
    place.status = PlaceStatus.CANCELLED
    place.cancelled_at, place.cancelled_by = at, by
    place.save()
    _record("tour.place_cancel", place, stop, by)
    return place


def _locked(stop_id: int) -> Stop:
    """The stop for this transaction alone. Its tour is read once it is held, never along with it:

    whoever waits here for the tour being called off would be given the tour as it was before.
    """
    row: Stop = Stop.objects.select_for_update(no_key=True).get(pk=stop_id)
    return row


def _insist_on_open(stop: Stop, at: datetime) -> None:
    if stop.cancelled_at is not None or stop.tour.status == Status.CANCELLED:
        reason = stop.cancel_reason or stop.tour.cancel_reason
        message = _("This stop was called off: %(reason)s") % {"reason": reason}
        raise DomainError("stop_cancelled", message)
    if stop.tour.status == Status.PLANNED:
        message = _("This tour is not announced yet. Places open with its announcement.")
        raise DomainError("tour_not_announced", message)
    if stop.starts_at <= at:
        message = _("This stop has begun. Ask on the spot whether there is still a place.")
        raise DomainError("stop_begun", message)


def _works_there(doctor: Practitioner, stop: Stop, at: datetime) -> bool:
    house = stop.institution_id
    sites = PracticeSite.objects.in_force(timezone.localdate(at))
    there = sites.filter(practitioner=doctor, institution=house)
    return doctor.is_active and (doctor.institution_id == house or there.exists())


def _record(act: str, place: Place, stop: Stop, by: Any) -> None:
    ledger.record(act, by=by, subject=stop, institution_id=stop.institution_id, number=place.number)
