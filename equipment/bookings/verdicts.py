"""What the form says before one books: whether it can be had, what it costs, what would work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from alliance.people.models import Practitioner
from equipment.devices.models import Device
from equipment.tariffs.selectors import Quote

from . import approvals, judging, presenters, rules
from .choices import Code, MentorWord, Status
from .errors import Asked, BookingRefused
from .instead import instead
from .mentors import who_may_mentor
from .models import BookedDevice, BookedPerson, Booking
from .ways import named

# Name of the button by which a way out is taken with one tap, and the kinds of its values.
TAKE = "take"
_TIME, _DEVICE, _MENTOR = "time", "device", "mentor"
# What somebody to stand beside the operator would mend, and how many are named.
_OF_MENTOR = frozenset({Code.NEEDS_MENTOR, Code.MENTOR_UNFIT, Code.MENTOR_BUSY})
_MENTORS_MOST = 3
# What another booking causes; as many of them are named.
_OF_CLAIMS = frozenset({Code.TAKEN, Code.OPERATOR_BUSY, Code.MENTOR_BUSY})
_SHOWN = 3
_OF_PRIVILEGE = frozenset({Code.NOT_PRIVILEGED, Code.MENTOR_UNFIT})


@dataclass(frozen=True, slots=True)
class Way:
    """One way out: what is booked instead when its button is pressed."""

    title: str
    value: str
    label: str


@dataclass(slots=True)
class Verdict:
    """Whether it can be had; else why not, and the ways out."""

    is_free: bool
    reasons: list[Any] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    waiting_url: str = ""
    in_the_way: list[tuple[str, str]] = field(default_factory=list)
    # Pages that help further: words and address.
    links: list[tuple[str, str]] = field(default_factory=list)
    # Houses whose keepers have to agree, and within how many hours they do or it lapses.
    approvers: list[str] = field(default_factory=list)
    answer_hours: int = 0
    was_refused: bool = False

    @property
    def asks(self) -> str:
        """Those whose word it waits for, in one phrase."""
        return ", ".join(self.approvers)


@dataclass(frozen=True, slots=True)
class Amount:
    """What it costs, and device by device how that comes about."""

    total: Decimal
    lines: Sequence[tuple[str, Quote]]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is paid."""
        return not self.total


def amount_of(devices: Sequence[Any], found: Mapping[int, Quote]) -> Amount | None:
    """The amounts of a set of devices together; None where nothing is known of them."""
    lines = [(device.name, found[device.pk]) for device in devices if device.pk in found]
    if not lines:
        return None
    return Amount(sum((one.amount for _name, one in lines), Decimal(0)), lines)


def look(asked: Asked) -> Verdict:
    """What booking this would be told, without booking it."""
    ground = judging.ground_of(asked)
    found = judging.judge(asked, ground)
    if not found.refusals:
        settings = ground.settings
        houses = approvals.asked(asked.devices, settings, asked.by)
        hours = settings["bookings.answer_hours"]
        return Verdict(is_free=True, approvers=houses, answer_hours=hours)
    refused = found.refused(asked)
    refused.offer(instead(asked, refused.codes, ground))
    return of_refusal(refused)


def _of_mentor(booking: Booking) -> str:
    words = _("The booking is made.")
    if booking.mentor_word == MentorWord.ASKED:
        words = _("The booking is made; %(mentor)s is asked to agree to be the mentor.")
    if booking.mentor_word == MentorWord.CALL:
        words = _(
            "The booking is made; %(mentor)s has no account: call them, and record here that they"
            " agree."
        )
    return words % {"mentor": booking.mentor.name if booking.mentor else ""}


def made(booking: Booking, *, at: datetime) -> str:
    """What who booked is told: that it stands, or whose word it waits for and until when."""
    if booking.status != Status.REQUESTED:
        return _of_mentor(booking)
    settings = judging.settings_of(booking.alliance_id, timezone.localdate(at))
    lines = booking.lines.filter(needs_approval=True).select_related("device__owner")
    houses = dict.fromkeys(line.device.owner.short_name for line in lines)
    words = _("Sent: %(houses)s answers within %(hours)s hours, or the request lapses.")
    return words % {"houses": ", ".join(houses), "hours": settings["bookings.answer_hours"]}


def of_refusal(refused: BookingRefused) -> Verdict:
    """A refusal as the form shows it."""
    first = refused.asked.devices[0]
    ways = [
        Way(
            presenters.period(one.starts_at, one.ends_at),
            f"{_TIME}:{one.starts_at.isoformat()}",
            _("Book this time now"),
        )
        for one in refused.instead.times
    ]
    ways += [
        Way(
            named(device),
            f"{_DEVICE}:{first.public_id}:{device.public_id}:{_place(refused.asked, device)}",
            _("Book this device now"),
        )
        for device in refused.instead.devices
    ]
    ways += [
        Way(
            f"{person.name} · {person.institution}",
            f"{_MENTOR}:{person.public_id}",
            _("Book with this mentor now"),
        )
        for person in _mentors(refused)
    ]
    waits = not rules.OF_TIME.isdisjoint(refused.codes)
    url = f"{reverse('bookings:wait')}?device={first.public_id}" if waits else ""
    told = list(refused.told)
    return Verdict(False, told, ways, url, _in_the_way(refused), _links(refused))


def _in_the_way(refused: BookingRefused) -> list[tuple[str, str]]:
    """The bookings that take the time, as far as the asker sees them: in words, and where."""
    asked = refused.asked
    if _OF_CLAIMS.isdisjoint(refused.codes):
        return []
    blocks = [judging.block_of(device, asked.period) for device in asked.devices]
    since, until = min(one.since for one in blocks), max(one.until for one in blocks)
    lines: Any = BookedDevice.objects.filter(device__in=[device.pk for device in asked.devices])
    people: Any = BookedPerson.objects.filter(practitioner__in=asked.people)
    taken_ = Q(pk__in=lines.blocking(since, until).values("booking"))
    bound = Q(pk__in=people.bound(*asked.period).values("booking"))
    rows: Any = Booking.objects.visible_to(asked.by).filter(taken_ | bound)
    found = rows.for_list().order_by("starts_at")[:_SHOWN]
    return [(f"{row.devices} · {row.period}", row.url) for row in presenters.rows(found)]


def _links(refused: BookingRefused) -> list[tuple[str, str]]:
    """Where a privilege is missing: who has it at that place, and how oneself comes to it."""
    asked = refused.asked
    if asked.technique is None or _OF_PRIVILEGE.isdisjoint(refused.codes):
        return []
    what = {"technique": asked.technique.code, "institution": str(asked.place.public_id)}
    found = [(_("Who may perform it there"), f"{reverse('privileges:who')}?{urlencode(what)}")]
    is_own = asked.operator.pk == getattr(asked.by, "practitioner_id", None)
    if is_own and Code.NOT_PRIVILEGED in refused.codes:
        found.append(
            (_("Apply for the privilege"), f"{reverse('granting:apply')}?{urlencode(what)}")
        )
    return found


def _place(asked: Asked, device: Device) -> str:
    """Where it is used instead: what was to be used at its owner's moves along with the device."""
    own = asked.place.pk == asked.institution.pk and not device.type.is_fixed
    return "" if own else str(device.owner.public_id)


def _mentors(refused: BookingRefused) -> list[Practitioner]:
    """Some who may mentor and are free, where that is what is missing."""
    asked, ground = refused.asked, refused.ground
    alliance = ground.alliance if ground is not None else None
    if _OF_MENTOR.isdisjoint(refused.codes) or asked.technique is None or alliance is None:
        return []
    on = timezone.localdate(asked.period.since)
    return who_may_mentor(
        asked.technique, alliance, asked.place, asked.operator, on,
        free_in=asked.period, most=_MENTORS_MOST,
    )  # fmt: skip


def taken(data: QueryDict) -> QueryDict:
    """What was sent, changed by the way out whose button was pressed."""
    kind, _colon, value = data.get(TAKE, "").partition(":")
    changed = data.copy()
    if kind == _TIME and (moment := _moment(value)):
        changed["starts_at"] = timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")
    elif kind == _DEVICE:
        old, new, place = [*value.split(":"), "", ""][:3]
        if _is_id(new):
            kept = [one for one in data.getlist("devices") if one != old]
            changed.setlist("devices", [new, *kept])
        if _is_id(place):
            changed["place"] = place
    elif kind == _MENTOR and _is_id(value):
        changed["mentor"] = value
    return changed


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
