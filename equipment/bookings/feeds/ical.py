"""Bookings as calendars that phones and desks read (RFC 5545).

What leaves here lies with whoever runs the reader's calendar, so it names no patient, no referral
and no remark: device, house, operator and technique only.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from alliance.core.mail import absolute

from ..choices import Status
from ..models import BookedDevice, Booking

_REFRESH = timedelta(minutes=30)


def own(bookings: Iterable[Booking], *, name: str) -> bytes:
    """A person's bookings."""
    return _calendar(name, [_whole(booking, _own_title(booking)) for booking in bookings])


def of_device(lines: Iterable[BookedDevice], *, name: str, known: set[int]) -> bytes:
    """A device's times; of bookings that are not in `known` only that the device is taken."""
    events = [
        _whole(line.booking, _device_title(line.booking))
        if line.booking_id in known
        else _taken(line)
        for line in lines
    ]
    return _calendar(name, events)


def _calendar(name: str, events: Iterable[Event]) -> bytes:
    made = Calendar()
    made.add("prodid", "-//Yilian//Bookings//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", vDuration(_REFRESH), parameters={"value": "DURATION"})
    for event in events:
        made.add_component(event)
    return bytes(made.to_ical())


def _whole(booking: Booking, title: str) -> Event:
    event = _event(str(booking.public_id), booking, booking.starts_at, booking.ends_at, title)
    event.add("location", str(booking.place))
    event.add("url", absolute(booking.get_absolute_url()))
    event.add("status", "TENTATIVE" if booking.status == Status.REQUESTED else "CONFIRMED")
    return event


def _taken(line: BookedDevice) -> Event:
    uid = f"{line.booking.public_id}-{line.pk}"
    title = _("Taken")
    return _event(uid, line.booking, line.booking.starts_at, line.booking.ends_at, title)


def _event(uid: str, booking: Booking, since: Any, until: Any, title: str) -> Event:
    event = Event()
    event.add("uid", f"{uid}@yilian")
    event.add("sequence", booking.version)
    event.add("dtstamp", booking.updated_at)
    event.add("dtstart", since)
    event.add("dtend", until)
    event.add("summary", title)
    return event


def _own_title(booking: Booking) -> str:
    devices = ", ".join(line.device.name for line in booking.lines.all())
    return " · ".join(filter(None, [devices, _technique(booking)]))


def _device_title(booking: Booking) -> str:
    words = [str(booking.institution), booking.operator.name, _technique(booking)]
    return " · ".join(filter(None, words))


def _technique(booking: Booking) -> str:
    return booking.technique.name if booking.technique else ""
