"""Who hears of offers and of bookings that begin soon."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.models import User

from .models import Booking, WaitingOffer

texts.define(
    {
        "booking.offer": (
            _("Free for you: %(device)s, %(from_at)s"),
            _("%(place)s. Take it or let it go until %(answer_at)s; then the next is asked."),
        ),
        "booking.soon": (
            _("Soon: %(device)s, %(from_at)s"),
            _("%(place)s. Cancel now if you do not need it: others wait."),
        ),
    }
)


def tell_offer(*, offer_id: int) -> None:
    """Tell who waits, and who asked for them, that a time is kept for them."""
    offer = WaitingOffer.objects.select_related("entry", "device__owner").get(pk=offer_id)
    _send(
        {offer.entry.created_by_id, *_accounts(offer.entry.operator_id)},
        "booking.offer",
        {
            "device": offer.device.name,
            "place": str(offer.device.owner),
            "from_at": offer.starts_at.isoformat(),
            "answer_at": offer.answer_by.isoformat(),
        },
        url=reverse("bookings:waiting"),
        mark=offer.pk,
    )


def tell_reminder(*, booking_id: int) -> None:
    """Tell operator, mentor and who booked that it begins soon."""
    row = Booking.objects.select_related("place").get(pk=booking_id)
    devices = [line.device.name for line in row.lines.for_list()]
    _send(
        {row.created_by_id, *_accounts(row.operator_id, row.mentor_id)},
        "booking.soon",
        {
            "device": "、".join(devices),
            "place": str(row.place),
            "from_at": row.starts_at.isoformat(),
        },
        url=row.get_absolute_url(),
        mark=row.pk,
    )


def _accounts(*practitioner_ids: int | None) -> list[int]:
    people = [pk for pk in practitioner_ids if pk is not None]
    own = User.objects.filter(practitioner__in=people, is_active=True)
    return list(own.values_list("pk", flat=True))


def _send(whom: set[int], key: str, values: dict[str, Any], *, url: str, mark: int) -> None:
    notify(
        user_ids=whom,
        kind=NoticeKind.EQUIPMENT,
        text_key=key,
        values=values,
        url=url,
        dedupe=f"{key}:{mark}",
    )
