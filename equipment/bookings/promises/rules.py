"""Whether giving a time up comes too late, by all that was promised before it; pure.

An exchange that costs nothing though it comes late must not wipe out what was promised: else one
walks out of the notice step by step, each step too small to count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ..rules import Period, is_late


class Outcome(StrEnum):
    """What comes of giving a time up; the first two settle what was promised."""

    IN_TIME = "in_time"
    LATE = "late"
    # The devices are kept and the times overlap: no whole use is lost, and the old time still counts.
    SHIFT = "shift"
    # So soon after booking that it was a mistake.
    SLIP = "slip"


# What leaves the chain of promises unbroken.
SPARED = (Outcome.SHIFT, Outcome.SLIP)


@dataclass(frozen=True, slots=True)
class Promise:
    """A time that was booked, and what came of giving it up for the next one.

    `is_binding`: its keepers had agreed. `is_moved`: others moved it there, who were late
    themselves; what was promised before counts no more.
    """

    time: Period
    made_at: datetime
    given_up: str = ""
    is_binding: bool = True
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What a booking answers for: these times, and since when it is asked for."""

    times: Sequence[Period]
    made_at: datetime

    @property
    def starts_at(self) -> datetime | None:
        """The earliest hour that was promised; None where nothing is promised yet."""
        return min((one.since for one in self.times), default=None)


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy: within `grace` of booking nothing counts, less than `deadline` before it does.

    A time shifted longer before its start than `renewal` is forgotten.
    """

    grace: timedelta
    deadline: timedelta
    renewal: timedelta


def held(chain: Sequence[Promise]) -> Held:
    """What the last of a chain of promises answers for, the oldest coming first."""
    now = chain[-1]
    times = [now.time] if now.is_binding else []
    made_at, is_settled = now.made_at, now.is_moved
    for one in reversed(chain[:-1]):
        if is_settled or one.given_up not in SPARED:
            break
        made_at, is_settled = one.made_at, one.is_moved
        if one.given_up == Outcome.SHIFT and one.is_binding:
            times.append(one.time)
    return Held(times, made_at)


def outcome(own: Held, *, at: datetime, terms: Terms, wanted: Period | None = None) -> Outcome:
    """What comes of giving it up now; `wanted` is the new time, where all its devices are kept."""
    if at - own.made_at < terms.grace:
        return Outcome.SLIP
    if own.starts_at is None:
        return Outcome.IN_TIME
    if wanted is not None and all(one.meets(wanted) for one in own.times):
        renewal = max(terms.renewal, terms.deadline)
        is_near = is_late(starts_at=own.starts_at, at=at, deadline=renewal)
        return Outcome.SHIFT if is_near else Outcome.IN_TIME
    is_too_late = is_late(starts_at=own.starts_at, at=at, deadline=terms.deadline)
    return Outcome.LATE if is_too_late else Outcome.IN_TIME
