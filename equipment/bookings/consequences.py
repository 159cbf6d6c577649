"""What giving a booking back costs, and from when its use may begin: told before one presses."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.policy import PolicySet, policies_of
from alliance.core.templatetags.times import when

from . import judging, policies, rules
from .choices import WAITING, MentorWord, Side
from .models import BookedDevice, Booking, WaitingEntry
from .promises import rules as promises
from .promises.rules import Outcome
from .promises.selectors import held_by
from .rules import Period


def settings_at(row: Booking, at: datetime) -> PolicySet:
    """The policy of the booking's alliance today; one query."""
    return judging.settings_of(row.alliance_id, timezone.localdate(at, judging.zone()))


def counts_if_cancelled(row: Booking, by: Any, at: datetime) -> bool:
    """Whether giving it back now counts like a missed booking."""
    return outcome(row, by, at) == Outcome.LATE


def outcome(row: Booking, by: Any, at: datetime, *, wanted: Period | None = None) -> Outcome:
    """What comes of giving a booking back now, or (`wanted`) of having its devices at another time.

    Late is what counts like a missed booking. Not by the keeper, of a request, of one's own devices,
    of a booking whose device is away or still with the last user or whose mentor declined, or so
    soon after booking that it was a slip. Nor where nothing is lost: one who waits for the device
    has it in that time. (What a keeper asked for, the keeper excuses.) Who shifts the time a little
    leaves the devices idle for no whole use; but the time that was promised first goes on counting
    (`promises`).
    """
    borrowed = _borrowed(row)
    if row.status not in WAITING or not borrowed or not _is_to_blame(row, by):
        return Outcome.IN_TIME
    settings = settings_at(row, at)
    found = promises.outcome(held_by(row), at=at, terms=_terms(settings), wanted=wanted)
    if found == Outcome.LATE and _is_waited_for(row, borrowed, settings, at):
        return Outcome.IN_TIME
    return found


def outcome_of_exchange(
    row: Booking, by: Any, at: datetime, *, begins: datetime, keeps_all: bool
) -> Outcome:
    """What comes of having another time or device instead, now.

    As cancelling, for the hour is given back as late, unless the time of the same devices is only
    shifted.
    """
    wanted = Period(begins, begins + (row.ends_at - row.starts_at)) if keeps_all else None
    return outcome(row, by, at, wanted=wanted)


def _is_to_blame(row: Booking, by: Any) -> bool:
    mine = policies.sides(by, row)
    is_let_down = row.mentor_word == MentorWord.DECLINED
    if Side.BOOKER not in mine or Side.KEEPER in mine:
        return False
    return not (row.affected_at or row.held_up_at or is_let_down)


def _terms(settings: PolicySet) -> promises.Terms:
    return promises.Terms(
        grace=timedelta(minutes=settings["bookings.cancel_grace_minutes"]),
        deadline=timedelta(hours=settings["bookings.cancel_hours"]),
        renewal=timedelta(hours=settings["bookings.renewal_hours"]),
    )


def _borrowed(row: Booking) -> list[BookedDevice]:
    return [line for line in row.lines.all() if line.device.owner_id != row.institution_id]


def _is_waited_for(
    row: Booking, lines: Collection[BookedDevice], settings: PolicySet, at: datetime
) -> bool:
    """Whether each of these devices is wanted by others who wait, in a time that is freed."""
    lead = timedelta(minutes=settings["bookings.lead_minutes"])
    freed = Period(max(row.starts_at, at + lead), row.ends_at)
    others: Any = WaitingEntry.objects.in_line().filter(alliance=row.alliance_id)
    others = others.exclude(operator=row.operator_id)
    return all(
        rules.has_room(freed, wishes=_wishes(others.for_device(line.device))) for line in lines
    )


def _wishes(entries: Any) -> list[tuple[Period, timedelta]]:
    rows = entries.values_list("wanted_from", "wanted_until", "minutes")
    return [(Period(since, until), timedelta(minutes=length)) for since, until, length in rows]


def warning(row: Booking, by: Any, at: datetime) -> str:
    """What cancelling now would cost; nothing where it costs nothing."""
    late = _("Less than %(hours)s hours before the start, this counts as a missed booking.")
    return _told_before(late, row, by, at)


def change_warning(row: Booking, by: Any, at: datetime) -> str:
    """What having another time instead would cost now; nothing where it costs nothing."""
    late = _(
        "Less than %(hours)s hours before the start, this counts as a missed booking, unless the new"
        " time overlaps with the old one."
    )
    return _told_before(late, row, by, at)


def change_note(row: Booking, by: Any, at: datetime) -> str:
    """What goes on counting where the time is only shifted now; nothing where it is forgotten."""
    same = Period(row.starts_at, row.ends_at)
    if outcome(row, by, at, wanted=same) != Outcome.SHIFT:
        return ""
    return _("If the times overlap, the old start goes on counting for whether you cancel in time.")


def _told_before(late: str, row: Booking, by: Any, at: datetime) -> str:
    if not counts_if_cancelled(row, by, at):
        return ""
    settings = settings_at(row, at)
    words = [late % {"hours": settings["bookings.cancel_hours"]}]
    first = held_by(row).starts_at
    if first is not None and first < row.starts_at:
        told = _("It was shifted from %(when)s at short notice: that start counts.")
        words.append(told % {"when": when(first)})
    return " ".join(filter(None, [*words, _standing(row, settings, at)]))


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
