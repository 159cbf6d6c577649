"""What pages say about postings: rows, calendar, what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from alliance.core.templatetags.times import day

from .. import rules
from ..choices import Party, PostingMove, PostingStatus
from ..models import Posting, PostingEvent

TONES: Mapping[str, str] = {
    PostingStatus.PLANNED: "info",
    PostingStatus.RUNNING: "active",
    PostingStatus.DONE: "good",
    PostingStatus.CANCELLED: "neutral",
}


def period(since: date, until: date) -> str:
    """A half-open period as people say it: to its last day."""
    return _("%(first)s to %(last)s") % {
        "first": day(since),
        "last": day(until - timedelta(days=1)),
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A posting as a list shows it."""

    posting: Posting
    tone: str
    period: str
    note: str
    is_late: bool

    @property
    def url(self) -> str:
        """The posting's page."""
        return self.posting.get_absolute_url()


def row(posting: Posting, *, on: date) -> Row:
    """One posting as of a date, with what is to be done about it."""
    note, is_late = _note(posting, on)
    span = period(posting.valid_from, posting.valid_until)
    return Row(posting, TONES[posting.status], span, note, is_late)


def _note(posting: Posting, on: date) -> tuple[str, bool]:
    if posting.status == PostingStatus.PLANNED and posting.valid_from < on:
        return _("should have begun"), True
    if posting.status == PostingStatus.RUNNING:
        if posting.valid_until <= on:
            return _("its time is over: end it"), True
        days = (posting.valid_until - on).days
        return _("%(days)s days left") % {"days": days}, False
    if posting.status == PostingStatus.DONE and not posting.assessment:
        return _("waits for its assessment"), False
    return "", False


def rows(postings: Iterable[Posting], *, on: date) -> list[Row]:
    """Postings as of a date."""
    return [row(posting, on=on) for posting in postings]


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a month: whether it belongs to the posting, and whether they were there."""

    day: date
    is_open: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a posting in weeks of seven cells, None beside the month."""

    first: date
    weeks: list[list[Cell | None]]
    present: int
    previous: date | None
    following: date | None


def month(posting: Posting, wanted: date, present: Collection[date], *, on: date) -> Month:
    """The calendar of one month of a posting, the nearest where another was asked for."""
    known = rules.months(posting.valid_from, posting.valid_until)
    first = min(known, key=lambda one: abs((one - rules.month_start(wanted)).days))
    end = rules.next_month(first)
    cells: list[Cell | None] = [None] * first.weekday()
    for number in range((end - first).days):
        one = first + timedelta(days=number)
        inside = posting.valid_from <= one < posting.valid_until and one <= on
        cells.append(Cell(one, inside, one in present))
    cells += [None] * (-len(cells) % 7)
    place = known.index(first)
    return Month(
        first,
        [cells[at : at + 7] for at in range(0, len(cells), 7)],
        sum(first <= one < end for one in present),
        known[place - 1] if place else None,
        known[place + 1] if place + 1 < len(known) else None,
    )


_STEPS: Mapping[str, Any] = {
    PostingMove.PLAN: ("", True),
    PostingMove.START: ("good", False),
    PostingMove.FINISH: ("good", False),
    PostingMove.CANCEL: ("bad", False),
}


def steps(events: Iterable[PostingEvent]) -> list[dict[str, Any]]:
    """What happened, the newest last, as the timeline takes it."""
    return [
        {
            "at": event.at,
            "who": event.by.name,
            "what": event.get_move_display(),
            "note": _moved(event.data),
            "quote": event.reason,
            "tone": _STEPS[event.move][0],
        }
        for event in events
    ]


def _moved(data: Mapping[str, Any]) -> str:
    """What had been planned, where that is kept."""
    if "planned_from" in data:
        return _("planned from %(day)s") % {"day": day(date.fromisoformat(data["planned_from"]))}
    if "planned_until" in data:
        return _("planned until %(day)s") % {"day": day(date.fromisoformat(data["planned_until"]))}
    return ""


def facts(posting: Posting, *, days_present: int, on: date) -> list[dict[str, Any]]:
    """What a posting's page says first."""
    served = max((min(posting.valid_until, on + timedelta(days=1)) - posting.valid_from).days, 0)
    told: list[dict[str, Any]] = [
        {"label": _("Practitioner"), "value": posting.practitioner.name},
        {"label": _("Title"), "value": posting.practitioner.get_title_code_display()},
        {"label": _("Sending institution"), "value": str(posting.from_institution)},
        {"label": _("Receiving institution"), "value": _place(posting)},
        {"label": _("Period"), "value": period(posting.valid_from, posting.valid_until)},
        {
            "label": _("Days present"),
            "value": _("%(present)s of %(served)s days so far")
            % {"present": days_present, "served": served},
        },
        {"label": _("Plan"), "value": posting.plan, "wide": True},
    ]
    if posting.reason:
        told.append({"label": _("Reason"), "value": posting.reason, "wide": True})
    return told


def _place(posting: Posting) -> str:
    parts = [str(posting.to_institution)]
    if posting.department:
        parts.append(posting.department.name)
    return " · ".join(parts)


def voices(posting: Posting) -> list[dict[str, Any]]:
    """What each side said, in the order of the sides."""
    said = {one.party: one for one in posting.evaluations.all()}
    return [{"label": party.label, "said": said.get(party)} for party in Party]


def year_row(posting: Posting, year: int) -> dict[str, Any]:
    """A posting as a bar through the twelve months of a year."""
    firsts = [date(year, number, 1) for number in range(1, 13)]
    on = set(rules.months(posting.valid_from, posting.valid_until))
    return {
        "posting": posting,
        "tone": TONES[posting.status],
        "months": [one in on for one in firsts],
        "period": period(posting.valid_from, posting.valid_until),
    }
