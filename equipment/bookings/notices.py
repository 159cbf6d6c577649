"""Who hears of bookings, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.models import User
from alliance.people.selectors import staff_with_roles
from equipment.devices.choices import Condition

from .choices import GONE, OPEN, Act, MentorWord, Status
from .instead import instead_of
from .mentors import others_for
from .models import BookedDevice, Booking, BookingEvent
from .selectors import lines_away
from .ways import named

_WHEN = _("%(house)s, %(from_at)s.")
texts.define(
    {
        "booking.requested": (
            _("Booking waits for you: %(device)s, %(from_at)s"),
            _("%(house)s asks for it. Answer before it lapses."),
        ),
        "booking.book": (_("Booked: %(device)s, %(from_at)s"), _WHEN),
        "booking.book_series": (
            _("Booked %(count)s times: %(device)s, first %(from_at)s"),
            _WHEN,
        ),
        "booking.requested_series": (
            _("%(count)s bookings wait for you: %(device)s, first %(from_at)s"),
            _("%(house)s asks for them. Answer before they lapse."),
        ),
        "booking.exchanged": (
            _("Booking changed: %(device)s, now %(from_at)s"),
            _("%(house)s. Before it was %(old_device)s, %(was_at)s."),
        ),
        "booking.mentor": (
            _("You are booked as mentor: %(technique)s, %(from_at)s"),
            _(
                "For %(operator)s, %(house)s, at %(place)s with %(device)s. You cannot come? Decline."
            ),
        ),
        "booking.mentor_series": (
            _("You are booked as mentor %(count)s times: %(technique)s, first %(from_at)s"),
            _(
                "For %(operator)s, %(house)s, at %(place)s with %(device)s. You cannot come? Decline."
            ),
        ),
        "booking.mentor_asked": (
            _("You are wanted as mentor: %(technique)s, %(from_at)s"),
            _(
                "For %(operator)s, %(house)s, at %(place)s with %(device)s. Open it: agree or decline."
            ),
        ),
        "booking.mentor_asked_series": (
            _("You are wanted as mentor %(count)s times: %(technique)s, first %(from_at)s"),
            _(
                "For %(operator)s, %(house)s, at %(place)s with %(device)s. Open it: agree or decline."
            ),
        ),
        "booking.mentor_again": (
            _("You are wanted as mentor at another time: %(technique)s, %(from_at)s"),
            _("For %(operator)s, %(house)s; no longer %(was_at)s. Open it: agree or decline."),
        ),
        "booking.mentor_yes": (
            _("%(mentor)s agreed to be your mentor: %(device)s, %(from_at)s"),
            _WHEN,
        ),
        "booking.mentor_yes_series": (
            _("%(mentor)s agreed to be your mentor %(count)s times: %(device)s, first %(from_at)s"),
            _WHEN,
        ),
        "booking.mentor_tel": (
            _("%(mentor)s agreed by telephone to be the mentor: %(device)s, %(from_at)s"),
            _WHEN,
        ),
        "booking.mentor_tel_series": (
            _("%(mentor)s agreed by telephone %(count)s times: %(device)s, first %(from_at)s"),
            _WHEN,
        ),
        "booking.mentor_no": (
            _("%(mentor)s cannot be your mentor: %(device)s, %(from_at)s"),
            _("%(reason)s Free then: %(others)s. Open the booking to ask another with one tap."),
        ),
        "booking.mentor_new": (
            _("Another mentor, %(mentor)s: %(device)s, %(from_at)s"),
            _WHEN,
        ),
        "booking.mentor_free": (
            _("No longer wanted as mentor: %(technique)s, %(from_at)s"),
            _("For %(operator)s, %(house)s. Your time is free again."),
        ),
        "booking.approve": (_("Booking confirmed: %(device)s, %(from_at)s"), _WHEN),
        "booking.refuse": (
            _("Booking refused: %(device)s, %(from_at)s"),
            _("%(reason)s Choose another time or another device."),
        ),
        "booking.cancel": (
            _("Booking cancelled: %(device)s, %(from_at)s"),
            _("%(house)s: %(reason)s"),
        ),
        "booking.cancel_series": (
            _("%(count)s bookings cancelled: %(device)s, first %(from_at)s"),
            _("%(house)s: %(reason)s"),
        ),
        "booking.no_show": (
            _("Booking not used: %(device)s, %(from_at)s"),
            _("It counts as missed. Was it a mistake? The keeper may excuse it."),
        ),
        "booking.lapse": (
            _("Booking lapsed: %(device)s, %(from_at)s"),
            _("Nobody answered in time. Book another time, or call the keeper."),
        ),
        "booking.affect": (
            _("Device not available for your booking: %(device)s, %(from_at)s"),
            (_("Next free: %(next_at)s."), _(" Other devices free at your time: %(others)s.")),
        ),
        "booking.affect_series": (
            _("Device not available for %(count)s of your bookings: %(device)s, first %(from_at)s"),
            (_("Next free: %(next_at)s."), _(" Other devices free at your time: %(others)s.")),
        ),
        "booking.restore_series": (
            _("Device available again for %(count)s bookings: %(device)s, first %(from_at)s"),
            _("Your bookings stand as they were."),
        ),
        "booking.gone": (
            _("Booking cancelled, a device has left the register: %(device)s, %(from_at)s"),
            (
                _("It does not count against you."),
                _(" Other devices free at your time: %(others)s."),
            ),
        ),
        "booking.gone_series": (
            _("%(count)s bookings cancelled, a device has left the register: %(device)s"),
            (
                _("It does not count against you."),
                _(" Other devices free at your time: %(others)s."),
            ),
        ),
        "booking.restore": (
            _("Device available again for your booking: %(device)s, %(from_at)s"),
            _("Your booking stands as it was."),
        ),
        "booking.overrun": (
            _("Still in use: %(device)s, your booking %(from_at)s"),
            (
                _("Could begin at %(next_at)s: open it to move it with one tap."),
                _(" Other devices free at your time: %(others)s."),
            ),
        ),
        "booking.late": (
            _("Please give it back: %(device)s"),
            _("Your time is over and %(house)s comes next, %(from_at)s. End your use."),
        ),
        "booking.move": (
            _("Booking moved: %(device)s, now %(from_at)s"),
            _("The last user had not given it back. Does the time not suit? Cancel it."),
        ),
        "booking.worn": (
            _("Given back, not in order: %(device)s"),
            _("%(house)s, %(operator)s: %(condition)s. Look at it, and report a fault if need be."),
        ),
    }
)
# What people of the booking hear, and what keepers hear as well; the rest is told by the page.
_PEOPLE: Final = frozenset(
    {
        Act.BOOK, Act.APPROVE, Act.REFUSE, Act.CANCEL, Act.NO_SHOW, Act.LAPSE, Act.AFFECT,
        Act.RESTORE, Act.OVERRUN, Act.MOVE, Act.MENTOR_YES, Act.MENTOR_TEL, Act.MENTOR_NO,
        Act.MENTOR_NEW,
    }
)  # fmt: skip
# What meets several bookings of a series at one moment is told once, with their number.
_OF_SERIES: Final = frozenset(
    {Act.BOOK, Act.CANCEL, Act.AFFECT, Act.RESTORE, Act.MENTOR_YES, Act.MENTOR_TEL}
)
# As many who could be the mentor instead are named.
_OTHERS: Final = 3
_KEEPERS: Final = frozenset({Act.CANCEL, Act.LAPSE, Act.OVERRUN, Act.MOVE})
# What asks for an act before a time is over; the rest is news.
_TODO: Final = frozenset(
    {
        "booking.requested", "booking.mentor_asked", "booking.mentor_again", "booking.mentor_no",
        "booking.affect", "booking.gone",
    }
)  # fmt: skip


def tell(*, event_id: int) -> None:
    """Tell whom an event concerns, but not who did it."""
    event = BookingEvent.objects.select_related(
        "booking__institution",
        "booking__technique",
        "booking__operator",
        "booking__held_up_by",
        "booking__replaces",
        "booking__mentor",
        "booking__place",
    ).get(pk=event_id)
    if event.data.get("is_exchanged"):
        # The booking it was exchanged for tells of both.
        return
    booking = event.booking
    lines = list(booking.lines.for_list())
    same = _together(event)
    if same[0] != event.pk:
        # The first of them tells of all.
        return
    values = _values(event, lines, len(same))
    if event.act == Act.OVERRUN and booking.held_up_by is not None:
        _send(event, people(booking.held_up_by), "booking.late", values)
    if event.act == Act.BOOK and event.target == Status.REQUESTED:
        _send(event, keepers(lines, waiting=True), "booking.requested", values)
    whom = people(booking)
    if mentor_id := event.data.get("mentor"):
        whom -= _tell_mentor(event, mentor_id, values)
    if event.act == Act.BOOK and booking.replaces is not None:
        _tell_exchanged(event, lines, whom, values)
        return
    is_gone = event.act == Act.CANCEL and event.data.get("code") == GONE
    if is_gone:
        _send(event, whom, "booking.gone", values | _instead(booking, lines))
    elif event.act in _PEOPLE:
        _send(event, whom, f"booking.{event.act}", values)
    if event.act == Act.CHECK_OUT:
        _tell_worn(event, lines, values)
    if event.act in _KEEPERS and not is_gone:
        _send(event, keepers(lines) - whom, f"booking.{event.act}", values)


def _values(event: BookingEvent, lines: list[BookedDevice], count: int) -> dict[str, Any]:
    """What the words of its notices are filled with."""
    booking = event.booking
    # Of several devices only what failed is named as not to be had.
    told = lines_away(lines, at=timezone.now()) if event.act == Act.AFFECT else lines
    values = {
        "device": "、".join(named(line.device) for line in told),
        "house": booking.institution.short_name,
        "place": booking.place.short_name,
        "from_at": booking.starts_at.isoformat(),
        "reason": event.reason,
        "technique": booking.technique.name if booking.technique else "",
        "operator": booking.operator.name,
        "mentor": booking.mentor.name if booking.mentor else "",
        "count": count,
    }
    if booking.replaces is not None:
        values["was_at"] = booking.replaces.starts_at.isoformat()
    if event.act == Act.MOVE:
        values["was_at"] = event.data["from"]
    if event.act in (Act.AFFECT, Act.OVERRUN) and booking.status in OPEN:
        return values | _instead(booking, lines) | event.data
    if event.act == Act.MENTOR_NO:
        found = [f"{one.name} · {one.institution}" for one in others_for(booking, most=_OTHERS)]
        values["others"] = "、".join(found) or "—"
    return values


def _tell_mentor(event: BookingEvent, mentor_id: int, values: dict[str, Any]) -> set[int]:
    """What only the mentor hears: that they are asked, or booked; who has heard enough by that."""
    if was := event.data.get("was"):
        _send(event, _accounts([was]), "booking.mentor_free", values)
    key = _mentor_key(event, values)
    if not key:
        return set()
    mentor = _accounts([mentor_id])
    _send(event, mentor, key, values)
    return mentor


def _mentor_key(event: BookingEvent, values: dict[str, Any]) -> str:
    """What the mentor is told apart; nothing where they hear what the others hear."""
    is_changed = "was_at" in values and event.act != Act.MENTOR_NEW
    if event.data["word"] == MentorWord.ASKED:
        is_again = is_changed and values["was_at"] != values["from_at"]
        return "booking.mentor_again" if is_again else "booking.mentor_asked"
    return "" if event.data["word"] or is_changed else "booking.mentor"


def _tell_exchanged(
    event: BookingEvent, lines: list[BookedDevice], whom: set[int], values: dict[str, Any]
) -> None:
    """One notice of both: to the people, and to keepers of what is had and of what is free again."""
    old: Any = event.booking.replaces
    before = list(old.lines.for_list())
    told = {
        **values,
        "old_device": "、".join(named(line.device) for line in before),
    }
    asked = keepers(lines, waiting=True) if event.target == Status.REQUESTED else set()
    kept = keepers([*lines, *before]) - asked
    _send(event, whom | kept, "booking.exchanged", told)


def _tell_worn(event: BookingEvent, lines: list[BookedDevice], values: Mapping[str, Any]) -> None:
    """Keepers hear which of their devices came back with limits, one tap from reporting a fault."""
    for line in lines:
        if line.condition not in (Condition.LIMITED, Condition.POOR):
            continue
        found = " · ".join(filter(None, [line.get_condition_display(), line.condition_note]))
        notify(
            user_ids=keepers([line]) - {event.by_id},
            kind=NoticeKind.EQUIPMENT,
            text_key="booking.worn",
            values={**values, "device": named(line.device), "condition": found},
            url=reverse("service:report", args=[line.device.public_id]),
            dedupe=f"booking.worn:{line.pk}",
        )


def people(booking: Booking) -> set[int]:
    """Accounts of who booked, of the operator and of the mentor, unless they declined."""
    persons = [booking.operator_id]
    if booking.mentor_id and booking.mentor_word != MentorWord.DECLINED:
        persons.append(booking.mentor_id)
    return {booking.created_by_id} | _accounts(persons)


def _accounts(persons: list[int]) -> set[int]:
    own = User.objects.filter(practitioner__in=persons, is_active=True)
    return set(own.values_list("pk", flat=True))


def keepers(lines: list[BookedDevice], *, waiting: bool = False) -> set[int]:
    """Who keeps these devices (of a request: those that wait for an answer)."""
    houses = {line.device.owner_id for line in lines if not waiting or line.needs_approval}
    today = timezone.localdate()
    found = set()
    for house in houses:
        own = staff_with_roles(
            institution_ids=[house], roles=[Role.EQUIPMENT_KEEPER], on=today
        ) or staff_with_roles(institution_ids=[house], roles=[Role.MANAGER], on=today)
        found |= set(own)
    return found


def _instead(booking: Booking, lines: list[BookedDevice]) -> dict[str, Any]:
    """What would work instead of a device that is away."""
    _asked, found = instead_of(booking, lines, at=timezone.now())
    return {
        "next_at": found.times[0].starts_at.isoformat() if found.times else "—",
        "others": "、".join(named(one) for one in found.devices) or "—",
    }


def _together(event: BookingEvent) -> list[int]:
    """Ids of the events by which the same act met bookings of one series, the first first."""
    if event.booking.series_id is None or event.act not in _OF_SERIES:
        return [event.pk]
    same = BookingEvent.objects.filter(
        act=event.act, target=event.target, at=event.at, booking__series=event.booking.series_id
    )
    return list(same.order_by("booking__starts_at", "pk").values_list("pk", flat=True))


def _send(event: BookingEvent, whom: set[int], key: str, values: dict[str, Any]) -> None:
    kind = NoticeKind.EQUIPMENT_TODO if key in _TODO else NoticeKind.EQUIPMENT
    key += "_series" if values["count"] > 1 else ""
    notify(
        user_ids=whom - {event.by_id},
        kind=kind,
        text_key=key,
        values=values,
        url=event.booking.get_absolute_url(),
        dedupe=f"{key}:{event.pk}",
    )
