"""What pages say about bookings."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.templatetags.times import day, day_and_weekday, time_of_day, when
from equipment.devices.choices import Condition

from .choices import GONE, OPEN, UNSETTLED, WAITING, Act, Code, Status
from .models import BookedDevice, Booking, BookingEvent, BookingRefusal

TONES: Mapping[str, str] = {
    Status.REQUESTED: "warn",
    Status.CONFIRMED: "active",
    Status.IN_USE: "info",
    Status.COMPLETED: "good",
    Status.CANCELLED: "neutral",
    Status.REFUSED: "bad",
    Status.NO_SHOW: "bad",
    Status.LAPSED: "neutral",
}


def period(since: datetime, until: datetime) -> str:
    """A time as people say it: the day once, unless it ends on another."""
    first, last = timezone.localtime(since), timezone.localtime(until)
    begins = f"{day_and_weekday(first)} {time_of_day(first)}"
    if first.date() == last.date():
        return f"{begins}\u2013{time_of_day(last)}"
    return f"{begins} \u2013 {day_and_weekday(last)} {time_of_day(last)}"


@dataclass(frozen=True, slots=True)
class Row:
    """A booking as a list shows it."""

    booking: Booking
    devices: str
    place: str
    price: str = ""

    @property
    def url(self) -> str:
        """The booking's page."""
        return self.booking.get_absolute_url()

    @property
    def period(self) -> str:
        """When."""
        return period(self.booking.starts_at, self.booking.ends_at)

    @property
    def tone(self) -> str:
        """How its state looks."""
        return TONES[self.booking.status]

    @property
    def is_held_up(self) -> bool:
        """Whether the last user has not given the device back in time."""
        return self.booking.held_up_at is not None and self.booking.status in OPEN

    @property
    def waits_for_mentor(self) -> bool:
        """Whether its mentor has not agreed, or declined."""
        return self.booking.mentor_word in UNSETTLED and self.booking.status in WAITING

    @property
    def people(self) -> str:
        """Who operates, and who teaches."""
        return people(self.booking)


def people(booking: Booking) -> str:
    """Who operates, and who teaches."""
    if booking.mentor is None:
        return booking.operator.name
    words = {"operator": booking.operator.name, "mentor": booking.mentor.name}
    return _("%(operator)s, with %(mentor)s") % words


def row(booking: Booking, price: str = "") -> Row:
    """One booking, read with `for_list`."""
    names = [line.device.name for line in booking.lines.all()]
    return Row(booking, ", ".join(names), str(booking.place), price)


def rows(bookings: Iterable[Booking], prices: Mapping[int, str] | None = None) -> list[Row]:
    """Bookings as a list shows them, with what they cost where that is asked for."""
    known = prices or {}
    return [row(one, known.get(one.pk, "")) for one in bookings]


def facts(booking: Booking, *, knows: bool, cause_url: str = "") -> list[dict[str, Any]]:
    """What a booking's page says; of the patient only to whom it may name them.

    `cause_url`: where its referral is read, for who may.
    """
    told: list[dict[str, Any]] = [
        {"label": _("Time"), "value": period(booking.starts_at, booking.ends_at)},
        {"label": _("Technique"), "value": booking.technique.name if booking.technique else ""},
        {"label": _("Operator"), "value": booking.operator.name},
        {"label": _("Mentor"), "value": _mentor(booking)},
        {"label": _("Booked by"), "value": str(booking.institution)},
        {"label": _("Place of use"), "value": str(booking.place)},
    ]
    if knows:
        told += [
            {
                "label": _("Number of the referral"),
                "value": booking.referral_number,
                "url": cause_url,
            },
            {"label": _("Note"), "value": booking.note, "wide": True},
        ]
    if booking.used_from:
        told.append({"label": _("Real use"), "value": _used(booking)})
    if knows and booking.case:
        case = booking.case
        told.append(
            {
                "label": _("Case in the logbook"),
                "value": f"{day(case.performed_on)} · {case.technique.name}",
                "url": case.get_absolute_url(),
            }
        )
    if booking.consumables:
        told.append({"label": _("Consumables"), "value": booking.consumables, "wide": True})
    if knows and booking.remark:
        told.append({"label": _("Remark"), "value": booking.remark, "wide": True})
    return told


def _mentor(booking: Booking) -> str:
    """Who teaches, and what they said to it while it matters."""
    name = booking.mentor.name if booking.mentor else ""
    is_told = booking.mentor_word and booking.status in OPEN
    return f"{name} · {booking.get_mentor_word_display()}" if is_told else name


def _used(booking: Booking) -> str:
    since, until = booking.used_from, booking.used_until
    if since is None or until is None:
        return _("since %(time)s") % {"time": when(since)}
    return period(since, until)


def refused(row: BookingRefusal) -> dict[str, str]:
    """A time that was asked for and not granted, and why in a word or two."""
    reasons = ", ".join(str(Code(code).label) for code in row.codes if code in Code.values)
    return {"period": period(row.starts_at, row.ends_at), "reasons": reasons}


def timeline(events: Iterable[BookingEvent]) -> list[dict[str, Any]]:
    """What happened to a booking, the newest first."""
    return [
        {
            "at": event.at,
            "who": event.by.name if event.by else _("The platform"),
            "what": event.get_act_display(),
            "quote": event.reason or _why(event),
        }
        for event in events
    ]


def _why(event: BookingEvent) -> str:
    """What the platform says of what it did by itself."""
    is_gone = event.act == Act.CANCEL and event.data.get("code") == GONE
    return _("A device has left the register.") if is_gone else ""


def conditions(
    booking: Booking, left: Mapping[int, BookedDevice], away: Collection[int] = ()
) -> list[dict[str, Any]]:
    """How each device of a booking was left: after this use, else by whoever had it last.

    `away` are those that cannot be used in its time.
    """
    found = []
    for line in booking.lines.all():
        told = line if line.condition else left.get(line.device_id)
        words = [told.get_condition_display(), told.condition_note] if told else []
        is_worn = told is not None and told.condition in (Condition.LIMITED, Condition.POOR)
        is_away = line.device_id in away
        said = " · ".join(filter(None, words))
        found.append({"line": line, "is_worn": is_worn, "is_away": is_away, "words": said})
    return found
