"""What lies ahead: of a person, of a device; for calendars, pages and reminders."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from .choices import LIVE, OPEN
from .models import BookedDevice, BookedPerson, Booking

# What a calendar on a phone holds: some weeks back, half a year ahead.
BACK, AHEAD = timedelta(days=31), timedelta(days=183)


def own(user: Any) -> QuerySet[Booking]:
    """Bookings in which somebody operates or teaches, and those they made."""
    person = getattr(user, "practitioner_id", None)
    mine = Booking.objects.filter(created_by=user.pk).order_by().values("pk")
    if person is not None:
        bound = BookedPerson.objects.filter(practitioner=person)
        mine = mine.union(bound.values("booking"))
    visible: Any = Booking.objects.visible_to(user)
    found: QuerySet[Booking] = visible.filter(pk__in=mine)
    return found


def listed(user: Any, asked: Mapping[str, str]) -> tuple[QuerySet[Booking], str]:
    """What the page of bookings lists, and its order: one's own to come.

    `past` is what was, `whose=house` of one's whole institution and its devices.
    """
    rows: Any = Booking.objects.visible_to(user) if asked.get("whose") == "house" else own(user)
    if "past" in asked:
        return rows.exclude(status__in=OPEN), "-starts_at"
    return rows.filter(status__in=OPEN), "starts_at"


def own_between(user: Any, since: datetime, until: datetime) -> list[Booking]:
    """One's own that hold their devices in a time, in order."""
    rows: Any = own(user)
    return list(rows.meeting(since, until).filter(status__in=LIVE).for_list().order_by("starts_at"))


def lines_between(device_ids: Any, since: datetime, until: datetime) -> list[BookedDevice]:
    """What holds these devices in a time, in order."""
    rows: Any = BookedDevice.objects.filter(device__in=device_ids)
    related = (
        "booking__institution", "booking__place", "booking__operator", "booking__technique",
    )  # fmt: skip
    found = rows.blocking(since, until).select_related(*related)
    return list(found.order_by("device", "block_from"))


def known_among(user: Any, lines: list[BookedDevice]) -> set[int]:
    """Ids of the bookings behind lines whose particulars somebody may see."""
    asked = {line.booking_id for line in lines}
    visible: Any = Booking.objects.visible_to(user)
    return set(visible.filter(pk__in=asked).values_list("pk", flat=True))
