"""What giving a booking back costs, and from when its use may begin: told before one presses."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.policy import PolicySet, policies_of

from . import judging, policies, rules
from .choices import Side, Status
from .models import Booking


def settings_at(row: Booking, at: datetime) -> PolicySet:
    """The policy of the booking's alliance today; one query."""
    return judging.settings_of(row.alliance_id, timezone.localdate(at, judging.zone()))


def counts_if_cancelled(row: Booking, by: Any, at: datetime) -> bool:
    """Whether cancelling now counts like a missed booking.

    Not by the keeper, of a request, of one's own devices, of a booking whose device is away, or so
    soon after booking that it was a slip.
    """
    mine = policies.sides(by, row)
    borrowed = any(line.device.owner_id != row.institution_id for line in row.lines.all())
    counts = Side.BOOKER in mine and Side.KEEPER not in mine and borrowed
    if not counts or row.affected_at is not None or row.status != Status.CONFIRMED:
        return False
    settings = settings_at(row, at)
    grace = timedelta(minutes=settings["bookings.cancel_grace_minutes"])
    deadline = timedelta(hours=settings["bookings.cancel_hours"])
    return at - row.created_at >= grace and rules.is_late(
        starts_at=row.starts_at, at=at, deadline=deadline
    )


def warning(row: Booking, by: Any, at: datetime) -> str:
    """What cancelling now would cost; nothing where it costs nothing."""
    if not counts_if_cancelled(row, by, at):
        return ""
    settings = settings_at(row, at)
    late = _("Less than %(hours)s hours before the start, this counts as a missed booking.")
    words = late % {"hours": settings["bookings.cancel_hours"]}
    return f"{words} {_standing(row, settings, at)}".strip()


def counted(row: Booking, at: datetime) -> str:
    """How many count against the operator, and what follows."""
    return _standing(row, settings_at(row, at), at)


def _standing(row: Booking, settings: PolicySet, at: datetime) -> str:
    most = settings["bookings.strikes_most"]
    if not most:
        return ""
    number = len(judging.strikes(row.operator_id, settings, at=at))
    words = _(
        "%(name)s has %(number)s in the last %(days)s days; with %(most)s, no device of another"
        " institution can be booked for %(block)s days."
    )
    return words % {
        "name": row.operator.name,
        "number": number,
        "days": settings["bookings.strike_days"],
        "most": most,
        "block": settings["bookings.block_days"],
    }


def begins_from(row: Booking, at: datetime) -> datetime:
    """From when the use of a booking may begin."""
    minutes = settings_at(row, at)["bookings.early_minutes"]
    return row.starts_at - timedelta(minutes=minutes)


def not_before(rows: Collection[Booking], at: datetime) -> dict[int, datetime]:
    """Which of many bookings may not begin yet, and from when they may; one query."""
    settings = policies_of(
        alliance_ids={row.alliance_id for row in rows},
        on=timezone.localdate(at, judging.zone()),
        keys=["bookings.early_minutes"],
    )
    early = {pk: timedelta(minutes=set_["bookings.early_minutes"]) for pk, set_ in settings.items()}
    found = {row.pk: row.starts_at - early[row.alliance_id] for row in rows}
    return {pk: begins for pk, begins in found.items() if at < begins}
