"""Who may teach whom, who may be posted where: facts in, sentences out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from .choices import TITLE_RANKS, PostingKind

Period = tuple[date, date | None]
_SESSION_MINUTES_MOST = 720


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def month_start(day: date) -> date:
    """The first of the month that holds a day."""
    return day.replace(day=1)


def next_month(first: date) -> date:
    """The first of the month after the one that begins on `first`."""
    return (first + timedelta(days=31)).replace(day=1)


def months(since: date, until: date) -> list[date]:
    """The firsts of the months that share a day with [since, until)."""
    found, first = [], month_start(since)
    while first < until:
        found.append(first)
        first = next_month(first)
    return found


def gaps(since: date, until: date, taken: Iterable[Period]) -> list[tuple[date, date]]:
    """What is left of [since, until) beside the periods that are taken (None: without end)."""
    left: list[tuple[date, date]] = []
    start = since
    for first, last in sorted(taken, key=lambda period: period[0]):
        if first >= until:
            break
        if first > start:
            left.append((start, first))
        if last is None:
            return left
        start = max(start, last)
    return [*left, (start, until)] if start < until else left


def period_errors(
    *, valid_from: date, valid_until: date, days_most: int, on: date | None = None
) -> dict[str, str]:
    """What is wrong with a period; `on` is the day before which it must not end."""
    if valid_until <= valid_from:
        return {"valid_until": _("The end must be after the start.")}
    if (valid_until - valid_from).days > days_most:
        text = _("This is longer than %(days)s days. Divide it into several.")
        return {"valid_until": text % {"days": days_most}}
    if on is not None and valid_until <= on:
        return {"valid_until": _("This period is over. Choose one that is still to come.")}
    return {}


@dataclass(frozen=True, slots=True)
class Teaching:
    """What is known of a mentor, a mentee and what is to be taught."""

    mentor_id: int
    mentee_id: int
    mentor_title: str
    title_needed: str
    mentor_rank: int
    mentee_rank: int
    mentor_is_active: bool
    mentee_is_active: bool
    technique: str
    mentor_is_privileged: bool
    other_mentees: int
    mentees_most: int


def is_senior(title: str, needed: str) -> bool:
    """Whether a title is at least as senior as the one needed; a nurse's title never is."""
    return title in TITLE_RANKS and TITLE_RANKS[title] <= TITLE_RANKS[needed]


def teaching_errors(facts: Teaching, *, titles: Mapping[str, Any]) -> dict[str, list[str]]:
    """Why this mentor may not teach this mentee this; empty where nothing stands against it."""
    if facts.mentor_id == facts.mentee_id:
        return {"mentee": [_("Nobody is their own mentor.")]}
    mentor = [words for wrong, words in _mentor_faults(facts, titles) if wrong]
    found = {"mentor": mentor} if mentor else {}
    if not facts.mentee_is_active:
        found["mentee"] = [_("This person no longer works here.")]
    return found


def _mentor_faults(facts: Teaching, titles: Mapping[str, Any]) -> list[tuple[bool, str]]:
    senior = _("A mentor needs the title %(title)s or a more senior one.")
    full = _(
        "This mentor already has %(count)s mentees, the most there may be. "
        "End one of those mentorships or choose another mentor."
    )
    privileged = _(
        "This mentor holds no independent privilege in force for %(technique)s. "
        "Choose a colleague who does."
    )
    return [
        (not facts.mentor_is_active, _("This person no longer works here.")),
        (
            not is_senior(facts.mentor_title, facts.title_needed),
            senior % {"title": titles[facts.title_needed]},
        ),
        (
            facts.mentor_rank < facts.mentee_rank,
            _("A mentor teaches at the own tier or below it."),
        ),
        (
            bool(facts.technique) and not facts.mentor_is_privileged,
            privileged % {"technique": facts.technique},
        ),
        (facts.other_mentees >= facts.mentees_most, full % {"count": facts.other_mentees}),
    ]


def direction_errors(
    *, kind: str, from_id: int, to_id: int, from_rank: int, to_rank: int
) -> dict[str, str]:
    """Dispatch leads down, rotation up, both to another institution."""
    if from_id == to_id:
        return {"to_institution": _("A posting leads to another institution.")}
    if kind == PostingKind.DISPATCH and to_rank >= from_rank:
        return {"to_institution": _("Dispatch leads to an institution of a lower tier.")}
    if kind == PostingKind.ROTATION and to_rank <= from_rank:
        return {"to_institution": _("Rotation leads to an institution of a higher tier.")}
    return {}


def presence_errors(
    *,
    days: Sequence[date],
    valid_from: date,
    valid_until: date,
    on: date,
    earliest: date | None,
    told: Callable[[date], str],
) -> dict[str, str]:
    """Why days cannot be entered: outside the posting, in the future, too long ago.

    `told` words a day for the reader.
    """
    for day in days:
        if not valid_from <= day < valid_until:
            return {"day": _("This day is not within the posting.")}
        if day > on:
            return {"day": _("Presence is entered on the day or after it.")}
        if earliest is not None and day < earliest:
            text = _("Days before %(day)s are entered by the receiving institution.")
            return {"day": text % {"day": told(earliest)}}
    return {}


@dataclass(frozen=True, slots=True)
class Link:
    """One mentorship as an arrow between two people."""

    mentor: int
    mentee: int


@dataclass(slots=True)
class Branch:
    """A person of a chain, and those they teach."""

    person: int
    below: list[Branch]


def chains(links: Iterable[Link]) -> list[Branch]:
    """The trees that mentorships make: who is taught by nobody stands on top.

    Somebody with two mentors stands below both. People who teach each other in a ring have nobody
    on top: the ring opens at the one met first, and nobody stands below themselves.
    """
    below: dict[int, list[int]] = {}
    taught: set[int] = set()
    for link in links:
        mentees = below.setdefault(link.mentor, [])
        if link.mentee not in mentees:
            mentees.append(link.mentee)
        taught.add(link.mentee)
    shown: set[int] = set()

    def grow(person: int, above: frozenset[int]) -> Branch:
        shown.add(person)
        mine = [one for one in below.get(person, []) if one not in above]
        return Branch(person, [grow(one, above | {one}) for one in mine])

    tops = [person for person in below if person not in taught]
    trees = [grow(person, frozenset({person})) for person in tops]
    trees.extend(grow(person, frozenset({person})) for person in below if person not in shown)
    return trees


def session_errors(
    *,
    starts_at: datetime,
    minutes_taken: int,
    now: datetime,
    earliest: datetime,
    mentor_id: int,
    mentorship: Link | None,
    participant_ids: Collection[int],
    case_people: Iterable[Collection[int | None]],
) -> dict[str, str]:
    """What is wrong with a session of guidance that is to be entered."""
    found = {}
    if not 0 < minutes_taken <= _SESSION_MINUTES_MOST:
        text = _("Enter 1 to %(most)s minutes.")
        found["minutes_taken"] = text % {"most": _SESSION_MINUTES_MOST}
    elif starts_at + timedelta(minutes=minutes_taken) > now:
        found["starts_at"] = _("A session is entered after it was held.")
    elif starts_at < earliest:
        found["starts_at"] = _("This is too long ago to be entered.")
    if not participant_ids:
        found["participants"] = _("Say who was guided.")
    elif mentor_id in participant_ids:
        found["participants"] = _("The mentor is not among those who were guided.")
    if mentorship is not None and (
        mentorship.mentor != mentor_id or mentorship.mentee not in participant_ids
    ):
        found["mentorship"] = _("Mentor and mentee of the mentorship have to take part.")
    here = {mentor_id, *participant_ids}
    if any(here.isdisjoint(people) for people in case_people):
        found["cases"] = _("Choose cases of those who took part.")
    return found
