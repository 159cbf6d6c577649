"""What the filing page says beside its fields: who this is, whether the place can, what is owed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.catalogue.choices import TechniqueGrade
from alliance.catalogue.selectors import GradeAnswer, technique_grade
from alliance.core.policy import PolicySet
from alliance.core.templatetags.times import day, duration, when
from alliance.institutions.choices import TIER_RANK, Direction, Tier
from alliance.institutions.selectors import working_calendar

from .. import rules, selectors
from ..choices import Clock, Urgency
from ..wishes import Wanted

_HOUR = 60
_MOST_HOURS = 72
# Working calendars are read this far ahead.
_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Grading:
    """What the alliance's catalogue says of the technique today."""

    words: str
    grade: str = ""
    label: str = ""
    note: str = ""


@dataclass(frozen=True)
class Check:
    """Whether the chosen place can take the patient, why, and where else."""

    verdict: str
    title: str
    facts: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    ways: list[dict[str, Any]] = field(default_factory=list)
    grading: Grading | None = None


def check(wanted: Wanted, alliance_id: int | None, clocks: PolicySet) -> Check:
    """The line below the receiver: yes and why, or no, why not and the next-best places."""
    if alliance_id is None:
        return Check("no", _("Your institution is in no alliance today."))
    grading = _grading(wanted, alliance_id)
    wish = wanted.wish(alliance_id)
    if wanted.receiver is None:
        ways = [_way(wanted, other) for other in selectors.alternatives(wish)]
        title = _("Places that fit:") if ways else _("No place of the alliance fits this so far.")
        return Check("", title, ways=ways, grading=grading)
    facts = selectors.receiving_facts(wish, wanted.receiver, wanted.department)
    codes = rules.reasons_not_to_receive(facts)
    place = {"place": wanted.receiver.name}
    if codes:
        others = selectors.alternatives(wish, without=[wanted.receiver.pk])
        return Check(
            "no",
            _("%(place)s cannot take this referral") % place,
            reasons=[rules.reason_text(code) for code in codes],
            ways=[_way(wanted, other) for other in others],
            grading=grading,
        )
    pros = [*_pros(wanted, facts), _deadline(wanted, clocks)]
    return Check("yes", _("%(place)s can take this referral") % place, facts=pros, grading=grading)


def _way(wanted: Wanted, other: selectors.Alternative) -> dict[str, Any]:
    """Another place, and the fields that choosing it sets."""
    rank = TIER_RANK[other.institution.tier] - TIER_RANK[wanted.house.tier]
    direction = Direction.LATERAL if rank == 0 else wanted.direction
    return {
        "title": other.institution.name,
        "reason": other.why,
        "value": str(other.institution.public_id),
        "sets_json": json.dumps(
            {
                "direction": str(direction),
                "receiver": str(other.institution.public_id),
                "receiver_department": str(other.department.public_id) if other.department else "",
                "take": "1",
            }
        ),
    }


def _pros(wanted: Wanted, facts: rules.Receiving) -> list[str]:
    found = [_("the alliance lets you refer there")]
    if wanted.department is not None:
        found.append(_beds(wanted.department))
    if facts.tier_permits:
        found.append(_("its tier may do this technique"))
    return found


def _deadline(wanted: Wanted, clocks: PolicySet) -> str:
    """Until when the receiver would have to answer a referral filed now."""
    if wanted.house.reviews_referrals and wanted.urgency != Urgency.EMERGENCY:
        return clock_words(clocks, Clock.DECISION, wanted.urgency)
    now, calendar = timezone.now(), None
    if clocks[f"clock.hours.{wanted.urgency}"] != "always" and wanted.receiver is not None:
        calendar = working_calendar(wanted.receiver.pk, wanted.on, wanted.on + _AHEAD)
    minutes = clocks[f"clock.{Clock.DECISION}.{wanted.urgency}"]
    due = rules.due_at(now, minutes, calendar)
    return _("filed now, answered by %(when)s") % {"when": when(due)}


def _beds(department: Any) -> str:
    if not department.beds:
        return str(department.name)
    words = ngettext("%(place)s, %(n)d bed", "%(place)s, %(n)d beds", department.beds)
    return words % {"place": department.name, "n": department.beds}


def _grading(wanted: Wanted, alliance_id: int) -> Grading | None:
    """The grade of the technique as of today, and whether one's own house might do it."""
    if wanted.technique is None:
        return None
    answer = technique_grade(wanted.technique.pk, on=wanted.on, alliance_id=alliance_id)
    if answer is None:
        return Grading(
            _("Not in the alliance's catalogue today, so no tier may do it under a grade.")
        )
    words = _("may be done at: %(tiers)s (catalogue in force since %(day)s)")
    note = _(
        "Institutions of your own tier may do this technique: say in the indication why not here."
    )
    at_home = answer.allows(wanted.house.tier) and wanted.direction == Direction.UP
    return Grading(
        words % {"tiers": tier_words(answer), "day": day(answer.effective_from)},
        grade=answer.grade,
        label=str(TechniqueGrade(answer.grade).label),
        note=note if at_home else "",
    )


def tier_words(answer: GradeAnswer) -> str:
    """The tiers that may do a technique, the lowest first."""
    tiers = sorted(answer.tiers, key=TIER_RANK.__getitem__)
    return _(", ").join(str(Tier(tier).label) for tier in tiers)


# --- Time in words -----------------------------------------------------------------------------


def minutes_words(minutes: int) -> str:
    """15 min, 24 h, 14 d: working time is told in hours, as a day of it is no day."""
    hours, rest = divmod(minutes, _HOUR)
    if hours and not rest and hours <= _MOST_HOURS:
        return _("%(hours)d h") % {"hours": hours}
    return str(duration(timedelta(minutes=minutes)))


def clock_words(values: PolicySet, clock: Clock, urgency: str) -> str:
    """Answer within 2 h; outside working hours the clock rests."""
    time = {"time": minutes_words(values[f"clock.{clock}.{urgency}"])}
    if values[f"clock.hours.{urgency}"] == "always":
        return _("answer within %(time)s") % time
    return _("answer within %(time)s of working time") % time


def urgency_choices(values: PolicySet) -> list[tuple[str, SafeString]]:
    """Each urgency with the time its receiver has to answer."""
    return [
        (
            urgency.value,
            format_html(
                '<span><b>{}</b><br><span class="small muted">{}</span></span>',
                urgency.label,
                clock_words(values, Clock.DECISION, urgency),
            ),
        )
        for urgency in Urgency
    ]


def steps_ahead(wanted: Wanted, values: PolicySet) -> list[str]:
    """What happens after filing, in the order it does."""
    steps = []
    if wanted.house.reviews_referrals and wanted.urgency != Urgency.EMERGENCY:
        time = minutes_words(values[f"clock.{Clock.ORIGIN_REVIEW}.{wanted.urgency}"])
        review = _("Your office reviews it first, within %(time)s.")
        steps.append(review % {"time": time})
    decision = clock_words(values, Clock.DECISION, wanted.urgency)
    steps.append(_("The receiver decides: %(clock)s.") % {"clock": decision})
    steps.append(_("You are told of every step; the clock shows on your home page."))
    return steps


def owed_words(values: PolicySet, labels: Mapping[str, Any]) -> str:
    """What an emergency may leave without, and until when it is owed."""
    kind = {"urgency": Urgency.EMERGENCY, "direction": Direction.UP}
    needed = rules.submission_errors(kind)
    owed = [name for name in rules.owed_paperwork(kind) if name not in needed]
    labels = {**labels, "consent": _("Consent")}
    return _("Owed within %(time)s after filing, if left out now: %(fields)s.") % {
        "time": minutes_words(values["clock.paperwork"]),
        "fields": _(", ").join(str(labels[name]) for name in owed),
    }


# --- Search boxes ------------------------------------------------------------------------------


def disease_rows(rows: Iterable[Any]) -> list[dict[str, str]]:
    """Diseases as the search box takes them."""
    return [{"code": row.code, "name": row.name, "hint": row.code} for row in rows]


def technique_rows(rows: Iterable[Any], grades: Mapping[int, GradeAnswer]) -> list[dict[str, str]]:
    """Techniques with their grade as of today."""
    return [
        {
            "code": row.code,
            "name": row.name,
            "hint": str(TechniqueGrade(grades[row.pk].grade).label) if row.pk in grades else "",
        }
        for row in rows
    ]


def doctor_rows(rows: Iterable[Any]) -> list[dict[str, str]]:
    """Doctors of one's own house."""
    return [
        {"id": str(row.public_id), "name": row.name, "hint": str(row.department or "")}
        for row in rows
    ]
