"""Scheduled checks on mentors and postings."""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Question, check
from alliance.core.policy import PLATFORM
from alliance.notices import texts
from training.privileges.choices import Level
from training.privileges.selectors import privileges_in_force

from . import owed
from .choices import TITLE_RANKS
from .models import Mentorship

_DAYS, _YEARS = "mentoring.rotation_days", "mentoring.rotation_years"
_MOST, _TITLE = "mentoring.mentees_most", "mentoring.mentor_title"


@check(
    "mentoring.rotation_due",
    title=_("Rotation due"),
    says=_(
        "%(name)s has %(days)s days of rotation in the last %(years)s years; %(needed)s are owed"
    ),
    severity=Severity.MINOR,
    source=_("Source document A: rotation of at least 6 months every 3 years"),
    route="mentoring:rotations_of",
    heeds=(_DAYS, _YEARS),
)
def rotation_due(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Grassroots doctors who have been to a higher hospital for too short a time.

    Who works here is known as of now only: a day in the past is asked about today's staff.
    """
    needed, years = question.settings[_DAYS], question.settings[_YEARS]
    rows = owed.owing_rotation(
        alliance_ids=question.alliance_ids, on=question.on, days=needed, years=years
    )
    return rows.annotate(
        subject=Cast("public_id", CharField()),
        facet=Value(""),
        house_id=F("institution_id"),
        due_on=Value(None, output_field=DateField()),
        evidence=JSONObject(name="name", days="rotated", needed=Value(needed), years=Value(years)),
    ).values(*COLUMNS)


@check(
    "mentoring.mentor_over_capacity",
    title=_("Mentor over capacity"),
    says=_("%(name)s has %(count)s mentees; at most %(most)s are foreseen"),
    severity=Severity.MINOR,
    source=PLATFORM,
    route="mentoring:mentor_of",
    heeds=(_MOST,),
)
def mentor_over_capacity(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Mentors who teach more people on the day than the alliance foresees."""
    most = question.settings[_MOST]
    rows = (
        Mentorship.objects.running(question.on)
        .filter(alliance__in=question.alliance_ids)
        .values("alliance_id", "mentor")
        .annotate(count=Count("mentee", distinct=True), house_id=F("mentor__institution"))
        .filter(count__gt=most)
    )
    return rows.annotate(
        subject=Cast("mentor__public_id", CharField()),
        facet=Value(""),
        due_on=Value(None, output_field=DateField()),
        evidence=JSONObject(name="mentor__name", count="count", most=Value(most)),
    ).values(*COLUMNS)


@check(
    "mentoring.mentor_not_eligible",
    title=_("Mentor no longer eligible"),
    says=_("%(mentor)s teaches %(mentee)s without being eligible any more: %(mentor_fault)s"),
    severity=Severity.MAJOR,
    source=PLATFORM,
    route="mentoring:mentorship",
    heeds=(_TITLE,),
)
def mentor_not_eligible(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Mentorships whose mentor has left, is not senior, or holds no privilege for what is taught."""
    needed = question.settings[_TITLE]
    senior = [title for title, rank in TITLE_RANKS.items() if rank <= TITLE_RANKS[needed]]
    held = privileges_in_force(question.on).filter(
        practitioner=OuterRef("mentor"), technique=OuterRef("technique"), level=Level.INDEPENDENT
    )
    why = Case(
        When(mentor__is_active=False, then=Value("gone")),
        When(~Q(mentor__title_code__in=senior), then=Value("title")),
        When(Q(technique__isnull=False) & ~Exists(held), then=Value("privilege")),
        default=None,
        output_field=CharField(),
    )
    return (
        Mentorship.objects.running(question.on)
        .filter(alliance__in=question.alliance_ids)
        .annotate(
            why=why,
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("mentor_institution_id"),
            due_on=Cast(Value(None), DateField()),
            evidence=JSONObject(mentor="mentor__name", mentee="mentee__name", mentor_fault="why"),
        )
        .filter(why__isnull=False)
        .values(*COLUMNS)
    )


texts.words(
    "mentor_fault",
    {
        "gone": _("has left"),
        "title": _("not senior enough"),
        "privilege": _("no independent privilege in force"),
    },
)
