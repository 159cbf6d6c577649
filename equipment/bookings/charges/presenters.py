"""What pages say about prices before they are charged."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from alliance.core.policy import policies
from alliance.core.templatetags.times import day

from ..models import AgreedPrice, Charge
from .choices import PricedBy, TimedBy


def promise(*, alliance_id: int, on: date) -> str:
    """Which price will count and which time will be paid, as the alliance has it; one query."""
    settings = policies(alliance_id=alliance_id, on=on, prefix="bookings.")
    prices = {
        PricedBy.AGREED: _("The price is kept as shown here, even if the list changes."),
        PricedBy.LISTED: _("The price of the list on the day of use counts."),
    }
    times = {
        TimedBy.REAL: _("What is paid follows from the real use."),
        TimedBy.BOOKED: _("The time booked is paid."),
        TimedBy.LONGER: _("The real use is paid, and the time booked where that is longer."),
    }
    chosen = settings["bookings.priced_by"], settings["bookings.timed_by"]
    return f"{prices[PricedBy(chosen[0])]}{times[TimedBy(chosen[1])]}"


def amounts(user: Any, booking_ids: Collection[int]) -> dict[int, str]:
    """What bookings cost in a few words, as agreed and then as charged; two queries."""
    agreed: Any = AgreedPrice.objects.visible_to(user).filter(line__booking__in=booking_ids)
    charged: Any = Charge.objects.visible_to(user).filter(booking__in=booking_ids)
    found = dict(agreed.values_list("line__booking").annotate(Sum("amount")).order_by())
    found |= dict(charged.values_list("booking").annotate(Sum("amount")).order_by())
    return {pk: _amount(total) for pk, total in found.items()}


def _amount(total: Decimal) -> str:
    return _("%(total)s yuan") % {"total": total} if total else _("Free of charge")


def agreed(rows: Iterable[AgreedPrice]) -> list[dict[str, object]]:
    """What was agreed, device by device, with the day on which it was."""
    return [
        {
            "device": row.line.device.name,
            "amount": row.amount,
            "words": row.quote.sentence,
            "day": day(row.agreed_at),
        }
        for row in rows
    ]
