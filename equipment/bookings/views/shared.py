"""What the pages of bookings share."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.institutions.models import Institution
from alliance.institutions.policies import insist
from alliance.patients import actions as patients
from alliance.people.selectors import acting_institution

from .. import persons, policies
from ..models import Booking
from ..persons import Persons


def look(request: HttpRequest) -> None:
    """Refuse those whom bookings do not concern."""
    insist(policies.may_look(request.user))


def visible(request: HttpRequest, public_id: UUID) -> Any:
    """The booking, if the reader may see it; 404 otherwise."""
    return get_object_or_404(
        Booking.objects.visible_to(request.user).for_list(), public_id=public_id
    )


def booking_house(request: HttpRequest) -> Institution:
    """The institution for which one books."""
    house = acting_institution(request)
    if house is None:
        raise PermissionDenied
    insist(policies.may_book(request.user, house.pk))
    return house


def named_persons(request: HttpRequest, house: Institution, data: QueryDict) -> Persons:
    """Whom a form names and finds; a search that names one patient is noted like any reading."""
    found = persons.read(request.user, house, data, search=request.method == "POST")
    if found.chosen is not None and found.was_found:
        patients.note_read(patient=found.chosen, by=request.user, institution=house, via="booking")
    return found


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of this room."""
    pages = [("bookings:search", _("Find a free time")), ("bookings:calendar", _("Calendar"))]
    if not policies.searches(request.user):
        del pages[0]
    if policies.books_any(request.user):
        pages.insert(1, ("bookings:mine", _("My bookings")))
        pages.append(("bookings:waiting", _("Waiting list")))
    if policies.keeps_any(request.user):
        pages.insert(1, ("bookings:inbox", _("Requests")))
        pages.insert(2, ("bookings:day", _("Day of my devices")))
        pages.insert(3, ("bookings:missed", _("Missed bookings")))
    pages += [
        ("bookings:statement", _("Statement of charges")),
        ("bookings:feeds", _("On my phone")),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url}
        for url, label in ((reverse(route), label) for route, label in pages)
    ]
