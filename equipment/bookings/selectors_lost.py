"""What referrals may ask when a booking that serves them changed: was it lost, and what now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alliance.core.access import has_permission
from alliance.core.choices import Permission
from equipment.devices.models import Device

from . import presenters, selectors
from .choices import Act, Status
from .errors import Instead
from .instead import instead_of
from .models import Booking

# After these a booking may be lost to whoever relied on it; `loss_of` says whether it is.
LOSING: Final = frozenset({Act.AFFECT, Act.CANCEL, Act.REFUSE, Act.LAPSE})
_SHOWN: Final = 20
_LOST: Final = (Status.CANCELLED, Status.REFUSED, Status.LAPSED)


@dataclass(frozen=True, slots=True)
class Loss:
    """A booking that no longer holds, the devices it lost, and what would work instead."""

    booking: Booking
    devices: list[Device]
    instead: Instead


def serving_referrals(booking_ids: Collection[int]) -> list[tuple[int, int, str]]:
    """Those of the bookings that serve a referral: (booking, alliance, number of the referral)."""
    rows = Booking.objects.filter(pk__in=booking_ids).exclude(referral_number="").order_by("pk")
    return list(rows.values_list("pk", "alliance_id", "referral_number"))


def booked_for(user: Any, *, alliance_id: int, number: str) -> list[presenters.Row]:
    """The bookings that serve a referral and that the user sees, the latest first."""
    rows: Any = Booking.objects.visible_to(user)
    found = rows.filter(alliance=alliance_id, referral_number=number).order_by("-starts_at", "-pk")
    return presenters.rows(found.for_list()[:_SHOWN]) if number else []


def loss_of(booking_id: int, *, at: datetime) -> Loss | None:
    """What was lost with a booking and what would work instead; None where nothing was.

    Nothing was lost where it still holds, or where those who had booked it gave it back.
    """
    booking = Booking.objects.for_list().get(pk=booking_id)
    if not (booking.affected_at or booking.status in _LOST) or _given_back(booking):
        return None
    lines = list(booking.lines.all())
    _asked, found = instead_of(booking, lines, at=at)
    lost = selectors.lines_away(lines, at=at) if booking.affected_at else lines
    return Loss(booking, [line.device for line in lost], found)


def _given_back(booking: Booking) -> bool:
    """Whether the booking house, its operator or its mentor cancelled it."""
    event = booking.events.filter(act=Act.CANCEL).select_related("by").first()
    if event is None or event.by is None:
        return False
    person = event.by.practitioner_id
    is_in_it = person is not None and person in (booking.operator_id, booking.mentor_id)
    house = booking.institution_id
    return is_in_it or has_permission(event.by, Permission.EQUIPMENT_BOOK, institution_id=house)
