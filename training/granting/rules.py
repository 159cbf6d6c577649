"""Rules of granting: quorum, majority, who is excused, what is missing. Facts in, answers out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil

from django.utils.translation import gettext as _

from .choices import Ballot, Ground, Part, Status

# --- Evidence ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing an application needs: met or missing, with the numbers and where they come from.

    `label` is what the programme or the catalogue itself calls it; without one the code's own
    words are shown. `facts` are plain values (numbers, names, ISO dates).
    """

    code: str
    part: Part
    is_met: bool
    found: str = ""
    needed: str = ""
    label: str = ""
    source: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The requirement as it is frozen with an application."""
        return {
            "code": self.code,
            "part": str(self.part),
            "is_met": self.is_met,
            "found": self.found,
            "needed": self.needed,
            "label": self.label,
            "source": self.source,
            "facts": dict(self.facts),
        }

    @classmethod
    def from_json(cls, frozen: Mapping[str, object]) -> Requirement:
        """A requirement as it was frozen."""
        facts = frozen.get("facts")
        return cls(
            code=str(frozen["code"]),
            part=Part(str(frozen["part"])),
            is_met=bool(frozen["is_met"]),
            found=str(frozen.get("found", "")),
            needed=str(frozen.get("needed", "")),
            label=str(frozen.get("label", "")),
            source=str(frozen.get("source", "")),
            facts=dict(facts) if isinstance(facts, Mapping) else {},
        )


def missing(requirements: Iterable[Requirement]) -> list[Requirement]:
    """Those that are not met."""
    return [one for one in requirements if not one.is_met]


def may_open(requirements: Sequence[Requirement]) -> bool:
    """Whether an application may be opened: there is something to show, and nothing is missing."""
    return bool(requirements) and not missing(requirements)


def at_least(
    code: str, part: Part, *, found: float, needed: float, label: str = "", source: str = ""
) -> Requirement:
    """A number that must be reached."""
    is_met = found >= needed
    return Requirement(code, part, is_met, number(found), number(needed), label, source)


def at_most(
    code: str, part: Part, *, found: float, needed: float, label: str = "", source: str = ""
) -> Requirement:
    """A number that must not be passed."""
    is_met = found <= needed
    return Requirement(code, part, is_met, number(found), number(needed), label, source)


def with_facts(one: Requirement, **facts: str) -> Requirement:
    """The same requirement with the facts that its words name."""
    return replace(one, facts=facts)


def number(value: float) -> str:
    """A number as people write it: without a tail of zeros."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def share(part: int, whole: int) -> float:
    """A percentage; none of nothing is zero."""
    return 100 * part / whole if whole else 0.0


def whole_years(since: date, on: date) -> int:
    """Full years from one day to another; none before it began."""
    passed = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
    return max(0, passed)


# --- Renewal -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a privilege may be renewed, half-open."""

    opens_on: date
    closes_on: date

    def holds(self, on: date) -> bool:
        """Whether a day lies in it."""
        return self.opens_on <= on < self.closes_on


def renewal_window(*, valid_until: date, days_before: int, days_after: int) -> Window:
    """From some days before a privilege ends until some days after it."""
    return Window(
        valid_until - timedelta(days=days_before), valid_until + timedelta(days=days_after)
    )


def next_period_from(*, valid_until: date | None, on: date) -> date:
    """When a renewed privilege begins: where the old one ends, and never in the past."""
    return on if valid_until is None else max(on, valid_until)


# --- Who votes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ties:
    """What binds a member of the committee: who they are, and where they work."""

    practitioner_id: int | None
    institution_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, where the privilege is to hold and where they work, and who mentors them."""

    practitioner_id: int
    institution_ids: frozenset[int]
    mentor_ids: frozenset[int]


def ground_to_excuse(ties: Ties, applicant: Applicant) -> Ground | None:
    """Why this member may not vote, the weightiest reason; None where nothing stands against it."""
    if ties.practitioner_id == applicant.practitioner_id:
        return Ground.APPLICANT
    if ties.practitioner_id in applicant.mentor_ids:
        return Ground.MENTOR
    if ties.institution_ids & applicant.institution_ids:
        return Ground.INSTITUTION
    return None


# --- The vote ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VotingRules:
    """How many must vote, and how many for it, as the alliance has decided."""

    quorum_percent: int
    votes_least: int
    majority_percent: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How a vote stands: who may vote, what was cast, how many votes are needed."""

    entitled: int
    excused: int
    in_favour: int
    against: int
    abstained: int
    needed: int
    majority_percent: int

    @property
    def cast(self) -> int:
        """All votes that count."""
        return self.in_favour + self.against + self.abstained

    @property
    def has_quorum(self) -> bool:
        """Whether enough have voted."""
        return self.cast >= self.needed

    @property
    def is_reachable(self) -> bool:
        """Whether there are enough members who may vote."""
        return self.entitled >= self.needed

    @property
    def outcome(self) -> Status | None:
        """What was decided; None before the quorum. An abstention is not a vote in favour."""
        if not self.has_quorum:
            return None
        passed = self.in_favour * 100 > self.majority_percent * self.cast
        return Status.GRANTED if passed else Status.REFUSED

    def as_json(self) -> dict[str, int]:
        """The tally as it is frozen with the decision."""
        return {
            "entitled": self.entitled,
            "excused": self.excused,
            "in_favour": self.in_favour,
            "against": self.against,
            "abstained": self.abstained,
            "needed": self.needed,
            "majority_percent": self.majority_percent,
        }


def votes_needed(entitled: int, rules: VotingRules) -> int:
    """How many votes make a quorum: a share of those who may vote, and never too few."""
    return max(rules.votes_least, ceil(entitled * rules.quorum_percent / 100))


def tally(ballots: Iterable[str], *, entitled: int, excused: int, rules: VotingRules) -> Tally:
    """Count the votes of those who may vote."""
    cast = list(ballots)
    return Tally(
        entitled=entitled,
        excused=excused,
        in_favour=cast.count(Ballot.FOR),
        against=cast.count(Ballot.AGAINST),
        abstained=cast.count(Ballot.ABSTAIN),
        needed=votes_needed(entitled, rules),
        majority_percent=rules.majority_percent,
    )


# --- The decision ------------------------------------------------------------------------------


def decision_errors(
    *,
    outcome: Status,
    reason: str,
    valid_from: date | None,
    valid_until: date | None,
    longest: date | None,
    on: date,
    told: Callable[[date], str],
) -> dict[str, str]:
    """What is wrong with a decision, by field; `longest` is the latest end that policy allows.

    `told` words a day for the reader.
    """
    errors = {}
    if not reason.strip():
        errors["reason"] = _("Say why, as the minutes would: the applicant reads it.")
    if outcome == Status.GRANTED:
        if valid_from is None or valid_from < on:
            errors["valid_from"] = _("Choose today or a later day.")
        elif valid_until is not None and valid_until <= valid_from:
            errors["valid_until"] = _("The end must be after the start.")
        elif valid_until is not None and longest is not None and valid_until > longest:
            words = _("By the alliance's policy it may count until %(day)s at the latest.")
            errors["valid_until"] = words % {"day": told(longest)}
    return errors
