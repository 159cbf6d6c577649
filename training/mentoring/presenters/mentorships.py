"""What pages say about mentorships: rows, chains, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from alliance.core.templatetags.times import day
from alliance.institutions.choices import TIER_RANK
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner

from .. import rules
from ..choices import MentorshipMove, MentorshipStatus
from ..models import Mentorship, MentorshipEvent
from .postings import period

TONES: Mapping[str, str] = {
    MentorshipStatus.PROPOSED: "info",
    MentorshipStatus.AGREED: "active",
    MentorshipStatus.DECLINED: "neutral",
    MentorshipStatus.ENDED: "neutral",
}
_STEP_TONES: Mapping[str, str] = {
    MentorshipMove.AGREE: "good",
    MentorshipMove.DECLINE: "bad",
    MentorshipMove.END: "warn",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A mentorship as a list shows it, as of a date."""

    mentorship: Mentorship
    tone: str
    label: str
    period: str

    @property
    def url(self) -> str:
        """The mentorship's page."""
        return self.mentorship.get_absolute_url()

    @property
    def subject(self) -> str:
        """What is taught."""
        technique = self.mentorship.technique
        return technique.name if technique else _("in general")


def row(mentorship: Mentorship, *, on: date) -> Row:
    """One mentorship as of a date: an agreed one is to come, runs, or is over."""
    tone, label = TONES[mentorship.status], mentorship.get_status_display()
    if mentorship.status == MentorshipStatus.AGREED:
        if on < mentorship.valid_from:
            tone, label = "info", _("to come")
        elif on < mentorship.valid_until:
            label = _("running")
        else:
            tone, label = "good", _("completed")
    return Row(mentorship, tone, label, period(mentorship.valid_from, mentorship.valid_until))


def rows(mentorships: Iterable[Mentorship], *, on: date) -> list[Row]:
    """Mentorships as of a date."""
    return [row(one, on=on) for one in mentorships]


def facts(mentorship: Mentorship) -> list[dict[str, Any]]:
    """What a mentorship's page says first."""
    one = row(mentorship, on=mentorship.valid_from)
    told: list[dict[str, Any]] = [
        {"label": _("Mentor"), "value": _person(mentorship.mentor)},
        {"label": _("Mentor's institution"), "value": str(mentorship.mentor_institution)},
        {"label": _("Mentee"), "value": _person(mentorship.mentee)},
        {"label": _("Mentee's institution"), "value": str(mentorship.mentee_institution)},
        {"label": _("Technique"), "value": one.subject},
        {"label": _("Period"), "value": one.period},
        {"label": _("Goals"), "value": mentorship.goals, "wide": True},
    ]
    if mentorship.reason:
        told.append({"label": _("Reason"), "value": mentorship.reason, "wide": True})
    return told


def _person(person: Practitioner) -> str:
    return f"{person.name} · {person.get_title_code_display()}"


def sides(mentorship: Mentorship) -> list[dict[str, Any]]:
    """Who has agreed, when, and by whose hand where it was not their own."""
    return [
        {
            "label": _("Mentor"),
            "name": mentorship.mentor.name,
            "at": mentorship.mentor_agreed_at,
            "by": _hand(mentorship.mentor_agreed_by, mentorship.mentor_id),
        },
        {
            "label": _("Mentee"),
            "name": mentorship.mentee.name,
            "at": mentorship.mentee_agreed_at,
            "by": _hand(mentorship.mentee_agreed_by, mentorship.mentee_id),
        },
    ]


def _hand(user: Any, practitioner_id: int) -> str:
    """Who noted it, where that was not the person."""
    return "" if user is None or user.practitioner_id == practitioner_id else user.name


def steps(events: Iterable[MentorshipEvent]) -> list[dict[str, Any]]:
    """What happened, the newest last, as the timeline takes it."""
    return [
        {
            "at": event.at,
            "who": event.by.name,
            "what": event.get_move_display(),
            "note": _moved(event.data),
            "quote": event.reason,
            "tone": _STEP_TONES.get(event.move, ""),
        }
        for event in events
    ]


def _moved(data: Mapping[str, Any]) -> str:
    if "planned_until" not in data:
        return ""
    until = day(date.fromisoformat(data["planned_until"]))
    return _("planned until %(day)s") % {"day": until}


@dataclass(frozen=True, slots=True)
class Node:
    """A person of a chain as the page shows it: where they work, what they learn, whom they teach."""

    person: Practitioner
    institution: Institution
    learns: str
    url: str
    below: list[Node]


def chains(mentorships: Sequence[Mentorship]) -> list[Node]:
    """The trees that mentorships make, those that begin at the highest tier first."""
    people: dict[int, tuple[Practitioner, Institution]] = {}
    taught: dict[tuple[int, int], list[Mentorship]] = {}
    for one in mentorships:
        people[one.mentor_id] = (one.mentor, one.mentor_institution)
        people.setdefault(one.mentee_id, (one.mentee, one.mentee_institution))
        taught.setdefault((one.mentor_id, one.mentee_id), []).append(one)

    def node(branch: rules.Branch, above: int | None) -> Node:
        person, house = people[branch.person]
        held = taught[above, branch.person] if above is not None else []
        learns = ", ".join(one.technique.name if one.technique else _("in general") for one in held)
        url = held[0].get_absolute_url() if held else ""
        return Node(person, house, learns, url, [node(one, branch.person) for one in branch.below])

    links = [rules.Link(one.mentor_id, one.mentee_id) for one in mentorships]
    trees = [node(tree, None) for tree in rules.chains(links)]
    return sorted(trees, key=lambda tree: -TIER_RANK[tree.institution.tier])
