"""Days and weeks of devices, drawn as lanes: what is taken, out of service, closed, and free."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.policy import policies
from equipment.service.selectors import Out, why_out

from . import agenda, holds, lanes
from .lanes import Segment
from .models import BookedDevice

FreeUrl = Callable[[Any, datetime], str]


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of a board: its title, where that leads, and its segments in columns."""

    title: Any
    url: str
    note: str
    parts: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of sharing, which a board shows."""

    opens: int
    closes: int

    def of(self, day: date) -> tuple[datetime, datetime]:
        """Their first and last moment on a day."""
        midnight = timezone.make_aware(datetime.combine(day, time()))
        return midnight + timedelta(hours=self.opens), midnight + timedelta(hours=self.closes)

    @property
    def marks(self) -> list[str]:
        """Words above the columns: every second hour."""
        return [f"{hour:02}:00" for hour in range(self.opens, self.closes, 2)]


def sharing_hours(alliance_id: int | None, on: date) -> Hours:
    """When an alliance shares devices, by its policy."""
    values = policies(alliance_id=alliance_id, on=on, prefix="bookings.open")
    return Hours(values["bookings.open_from"], values["bookings.open_until"])


@dataclass(frozen=True, slots=True)
class Board:
    """What is known of some devices in a time, read once."""

    lines: Sequence[BookedDevice]
    known: Collection[int]
    outs: dict[int, list[Any]]
    at: datetime
    free_url: FreeUrl

    def lane(self, device: Any, since: datetime, until: datetime) -> list[Segment]:
        """A device from one moment to another, without a gap."""
        taken = list(self._taken(device, since, until))
        parts = [*taken, *self._out(device, taken, since, until)]
        free = [
            piece
            for gap in lanes.gaps(parts, since=since, until=until)
            for piece in self._free(device, *gap)
        ]
        return lanes.placed([*parts, *free], since=since, until=until)

    def _taken(self, device: Any, since: datetime, until: datetime) -> Iterable[Segment]:
        for line in self.lines:
            if line.device_id != device.pk or line.block_until <= since:
                continue
            booking = line.booking
            knows = line.booking_id in self.known
            yield Segment(
                line.block_from,
                line.block_until,
                "mine" if knows else "taken",
                str(booking.institution) if knows else _("Taken"),
                booking.operator.name if knows else "",
                booking.get_absolute_url() if knows else "",
            )

    def _out(
        self, device: Any, taken: Sequence[Segment], since: datetime, until: datetime
    ) -> Iterable[Segment]:
        """Out of service within what is shown, each time once, around what was booked before."""
        known = self.outs.get(device.pk, ())
        outs = [Segment(one.since, one.until or until, "out", "", one.sentence) for one in known]
        for one in lanes.joined(outs, since=since, until=until):
            is_whole = (one.since, one.until) == (since, until)
            title = _("Not in service all day") if is_whole else _("Not in service")
            for begin, end in lanes.gaps(taken, since=one.since, until=one.until):
                yield replace(one, since=begin, until=end, title=title)

    def _free(self, device: Any, since: datetime, until: datetime) -> Iterable[Segment]:
        if since < self.at:
            yield Segment(since, min(until, self.at), "past", _("Not used"))
            since = self.at
        if since < until:
            yield Segment(since, until, "free", _("Free"), "", self.free_url(device, since))


def read(
    user: Any,
    devices: Collection[Any],
    since: datetime,
    until: datetime,
    *,
    at: datetime,
    free_url: FreeUrl,
) -> Board:
    """Everything about some devices in a time; a fixed number of queries."""
    ids = [device.pk for device in devices]
    lines = agenda.lines_between(ids, since, until)
    known = agenda.known_among(user, lines)
    outs = why_out(ids, since=since, until=until)
    for one in holds.holds(ids, since, until):
        outs.setdefault(one.device_id, []).append(Out(one.since, one.until, "held", one.sentence))
    return Board(lines, known, outs, at, free_url)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a device in a week: how often and how long it is taken, of how long it is shared."""

    day: date
    uses: int
    taken: timedelta
    is_out: bool
    share: int


def week_of(board: Board, device: Any, days: Sequence[date], hours: Hours) -> list[Cell]:
    """A device's week, a cell a day."""
    cells = []
    for day in days:
        since, until = hours.of(day)
        parts = board.lane(device, since, until)
        taken = [one for one in parts if one.kind in ("mine", "taken")]
        length = sum((min(one.until, until) - max(one.since, since) for one in taken), timedelta())
        is_out = any(one.kind == "out" for one in parts)
        share = round(100 * length / (until - since)) if until > since else 0
        cells.append(Cell(day, len(taken), length, is_out, min(share, 100)))
    return cells
