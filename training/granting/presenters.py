"""What pages and the API say about applications, votes and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.templatetags.times import day

from . import rules, selectors, texts
from .choices import Ballot, Move, Status
from .models import Application, Decision
from .rules import Requirement
from .selectors import Seat

TONES: Mapping[str, str] = {
    Status.SUBMITTED: "info",
    Status.IN_COMMITTEE: "active",
    Status.GRANTED: "good",
    Status.REFUSED: "bad",
    Status.WITHDRAWN: "neutral",
}
_BALLOT_TONES: Mapping[str, str] = {
    Ballot.FOR: "good",
    Ballot.AGAINST: "bad",
    Ballot.ABSTAIN: "neutral",
}
_DAY = timedelta(days=1)
_MOVE_TONES: Mapping[str, str] = {
    Move.GRANT: "good",
    Move.REFUSE: "bad",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A requirement as a page shows it."""

    label: str
    numbers: str
    source: str
    way_out: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Requirements about one thing."""

    title: str
    lines: list[Line]
    met: int


def sections(requirements: Iterable[Requirement]) -> list[Section]:
    """Requirements by what they are about."""
    found = []
    for part, rows in texts.by_part(requirements):
        lines = [
            Line(
                texts.label(one),
                texts.numbers(one),
                texts.source(one),
                texts.way_out(one),
                one.is_met,
            )
            for one in rows
        ]
        found.append(Section(str(part.label), lines, sum(line.is_met for line in lines)))
    return found


def frozen(application: Application) -> list[Requirement]:
    """The requirements as they were when the application was opened."""
    return [Requirement.from_json(one) for one in application.evidence.get("requirements", [])]


def row(application: Application) -> dict[str, Any]:
    """An application as a list shows it."""
    return {
        "application": application,
        "url": application.get_absolute_url(),
        "tone": TONES[application.status],
        "meeting": str(application.meeting) if application.meeting else "",
    }


def rows(applications: Iterable[Application]) -> list[dict[str, Any]]:
    """Applications as a list shows them."""
    return [row(one) for one in applications]


def facts(application: Application) -> list[dict[str, Any]]:
    """Who asks for what."""
    person = application.practitioner
    told: list[dict[str, Any]] = [
        {"label": _("Applicant"), "value": f"{person.name} · {person.get_title_code_display()}"},
        {"label": _("Technique"), "value": f"{application.technique.name} "},
        {"label": _("Code"), "value": application.technique.code},
        {"label": _("Institution"), "value": str(application.institution)},
        {"label": _("Kind"), "value": application.get_kind_display()},
        {"label": _("Submitted on"), "value": day(application.opened_on)},
    ]
    if person.institution_id != application.institution_id:
        told.append({"label": _("Works at"), "value": str(person.institution)})
    if application.meeting:
        told.append({"label": _("Meeting"), "value": str(application.meeting), "wide": True})
    return told


def decided(decision: Decision) -> list[dict[str, Any]]:
    """What the committee decided."""
    told: list[dict[str, Any]] = []
    if decision.level and decision.valid_until:
        told = [
            {"label": _("Level"), "value": decision.get_level_display()},
            {"label": _("Counts from"), "value": day(decision.valid_from)},
            {"label": _("Last day"), "value": day(decision.valid_until - _DAY)},
        ]
        if decision.conditions:
            told.append({"label": _("Conditions"), "value": decision.conditions, "wide": True})
    return [
        *told,
        {"label": _("Reason"), "value": decision.reason, "wide": True},
        {"label": _("Votes"), "value": counted(decision.tally), "wide": True},
    ]


def counted(tally: Mapping[str, int]) -> str:
    """A count of votes in a line."""
    return _(
        "%(in_favour)s for, %(against)s against, %(abstained)s abstained;"
        " %(entitled)s free to vote, %(excused)s excused"
    ) % dict(tally)


def verdict(tally: rules.Tally) -> dict[str, Any]:
    """How the vote stands, in words, as the page of the committee says it."""
    if tally.outcome == Status.GRANTED:
        told, tone = _("The committee grants it"), "yes"
    elif tally.outcome == Status.REFUSED:
        told, tone = _("The committee does not grant it"), "no"
    elif tally.is_reachable:
        left = tally.needed - tally.cast
        told, tone = _("Votes still needed: %(n)s") % {"n": left}, "partly"
    else:
        words = {"needed": tally.needed, "entitled": tally.entitled}
        told = _("Needed: %(needed)s votes; free to vote: %(entitled)s") % words
        tone = "no"
    return {"title": told, "verdict": tone, "facts": [counted(tally.as_json())]}


def seat_row(seat: Seat) -> dict[str, Any]:
    """A member before an application."""
    if seat.ground is not None:
        label, tone = _("Excused"), "neutral"
        note = str(seat.ground.label)
        note = f"{note}: {seat.note}" if seat.note else note
    elif seat.vote is not None:
        label, tone = seat.vote.get_ballot_display(), _BALLOT_TONES[seat.vote.ballot]
        note = seat.vote.reason
    else:
        label, tone, note = _("Has not voted"), "info", ""
    return {
        "name": seat.member.user.name,
        "position": seat.member.get_position_display(),
        "place": str(seat.member.institution or ""),
        "label": label,
        "tone": tone,
        "note": note,
    }


def history(application: Application) -> list[dict[str, Any]]:
    """What happened to an application, the first step first."""
    events = application.events.select_related("by").order_by("pk")
    return [
        {
            "at": event.at,
            "who": event.by.name,
            "what": event.get_move_display(),
            "quote": event.reason,
            "tone": _MOVE_TONES.get(event.move, ""),
        }
        for event in events
    ]


def day_of(application: Application, *, today: date) -> date:
    """The day as of which the committee is shown: today, or when it was decided."""
    return timezone.localdate(application.ended_at) if application.ended_at else today


def committee_seats(application: Application, *, today: date) -> list[Seat]:
    """The committee before an application, once there is one."""
    if application.committee_id is None:
        return []
    return selectors.seats(application, on=day_of(application, today=today))


def curve_url(application: Application) -> str:
    """The learning curve of the applicant in this technique; empty where there are no curves."""
    who, what = application.practitioner.public_id, application.technique.code
    try:
        return reverse("logbook:curve", args=[who, what])
    except NoReverseMatch:
        return ""
