"""Who hears of offers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.models import User

from ..models import WaitingOffer
from ..ways import named

texts.define(
    {
        "booking.offer": (
            _("Free for you: %(device)s, %(from_at)s"),
            _("%(place)s. Take it or let it go until %(answer_at)s; then the next is asked."),
        ),
        "booking.offer_gone": (
            _("No longer to be had: %(device)s, %(from_at)s"),
            _("What was offered to you is out of service. You wait on in your place."),
        ),
    }
)


def tell_offer(*, offer_id: int) -> None:
    """Tell who waits, and who asked for them, that a time is kept for them."""
    _tell(offer_id, "booking.offer", NoticeKind.EQUIPMENT_TODO)


def tell_gone(*, offer_id: int) -> None:
    """Tell the same people that it is not."""
    _tell(offer_id, "booking.offer_gone", NoticeKind.EQUIPMENT)


def _tell(offer_id: int, key: str, kind: NoticeKind) -> None:
    offer = WaitingOffer.objects.select_related("entry", "device__owner").get(pk=offer_id)
    own = User.objects.filter(practitioner=offer.entry.operator_id, is_active=True)
    notify(
        user_ids={offer.entry.created_by_id, *own.values_list("pk", flat=True)},
        kind=kind,
        text_key=key,
        values={
            "device": named(offer.device),
            "place": str(offer.device.owner),
            "from_at": offer.starts_at.isoformat(),
            "answer_at": offer.answer_by.isoformat(),
        },
        url=reverse("bookings:waiting"),
        dedupe=f"{key}:{offer.pk}",
    )
