"""Scheduled checks on learning: hours, trainings, entry training, and the three ones."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check
from alliance.institutions.choices import MemberRole, Tier
from alliance.institutions.models import Institution
from alliance.people.choices import TitleCode
from alliance.people.models import Practitioner

from . import rules
from .choices import EntryStatus
from .models import Contest, HoursEntry, KeyDoctor, SimulationCentre

Rows = QuerySet[Any, dict[str, Any]]

_SOURCE = _("Practice of graded promotion of minimally invasive techniques in grassroots alliances")
_GRACE = Parameter(
    "grace_days", "days", 30, _("Days of the year before anything is due"), maximum=300
)
# Whoever treats: continuing education is owed by physicians and by nurses and technicians alike.
_TITLED = ~Q(title_code=TitleCode.NONE)
# 外科 and its branches in the national list of 诊疗科目.
_SURGERY = "04"


def _staff(question: Question) -> QuerySet[Practitioner]:
    """Who works at members of the alliances and treats."""
    staff = Practitioner.objects.staff_of(question.alliance_ids, question.on)
    found: QuerySet[Practitioner] = staff.filter(_TITLED)
    return found


def _whole_year(question: Question) -> QuerySet[Practitioner]:
    """Those who have practised since before the year; who begins owes the entry training."""
    begin, _end = rules.year_of(question.on)
    entries = FilteredRelation(
        "hours_entries",
        condition=Q(
            hours_entries__on__gte=begin,
            hours_entries__on__lte=question.on,
            hours_entries__status=EntryStatus.CONFIRMED,
        ),
    )
    staff = _staff(question).filter(practice_started_on__lt=begin)
    found: QuerySet[Practitioner] = staff.annotate(this_year=entries)
    return found


def _about_people(rows: QuerySet[Any], question: Question, **evidence: Any) -> Rows:
    """The shape of a finding about a practitioner, one a year."""
    return rows.annotate(
        subject=Cast("public_id", CharField()),
        facet=Value(str(question.on.year)),
        house_id=F("institution_id"),
        due_on=Value(rules.year_of(question.on)[1] - timedelta(days=1), DateField()),
        evidence=JSONObject(name="name", year=Value(question.on.year), **evidence),
    ).values(*COLUMNS)


def _needed(question: Question, yearly: int) -> int:
    return rules.needed_by(question.on, yearly=yearly, grace_days=question.settings["grace_days"])


@check(
    "courses.hours_short",
    title=_("Education hours short"),
    says=_("%(name)s has %(had)s of the %(needed)s education hours due by now in %(year)s"),
    severity=Severity.MINOR,
    source=_SOURCE,
    route="courses:hours_of",
    parameters=(
        Parameter("hours", "integer", 24, _("Education hours a year"), maximum=500),
        _GRACE,
    ),
)
def hours_short(question: Question) -> Rows:
    """Practitioners with fewer confirmed hours than are due at this point of the year."""
    needed = _needed(question, question.settings["hours"])
    total = Coalesce(Sum("this_year__hours"), Value(0), output_field=DecimalField())
    rows = _whole_year(question).annotate(had=total).filter(had__lt=needed)
    return _about_people(rows, question, had="had", needed=Value(needed, IntegerField()))


@check(
    "courses.thematic_short",
    title=_("Thematic trainings short"),
    says=_("%(name)s took %(had)s of the %(needed)s thematic trainings due by now in %(year)s"),
    severity=Severity.MINOR,
    source=_SOURCE,
    route="courses:hours_of",
    parameters=(
        Parameter("trainings", "integer", 2, _("Thematic trainings a year"), maximum=50),
        _GRACE,
    ),
)
def thematic_short(question: Question) -> Rows:
    """Practitioners who took fewer thematic trainings than are due at this point of the year."""
    needed = _needed(question, question.settings["trainings"])
    taken = Count("this_year", filter=Q(this_year__is_thematic=True))
    rows = _whole_year(question).annotate(had=taken).filter(had__lt=needed)
    return _about_people(rows, question, had="had", needed=Value(needed, IntegerField()))


@check(
    "courses.entry_missing",
    title=_("Entry training missing"),
    says=_("%(name)s, a surgeon since %(since_on)s, has not completed the entry training"),
    severity=Severity.MAJOR,
    source=_SOURCE,
    route="courses:hours_of",
    parameters=(
        Parameter("new_for_days", "days", 365, _("Days for which a surgeon counts as new")),
        Parameter("within_days", "days", 30, _("Days within which it should be completed")),
    ),
)
def entry_missing(question: Question) -> Rows:
    """New surgeons who operate without having completed an entry training."""
    done = HoursEntry.objects.completions().filter(
        practitioner=OuterRef("pk"), on__lte=question.on, course__is_entry=True
    )
    begun = question.on - timedelta(days=question.settings["within_days"])
    new_since = question.on - timedelta(days=question.settings["new_for_days"])
    surgical = Practitioner.specialties.through.objects.filter(
        practitioner=OuterRef("pk"), specialty__code__startswith=_SURGERY
    )
    rows = _staff(question).filter(
        Exists(surgical) | Q(department__specialty__code__startswith=_SURGERY),
        ~Exists(done),
        practice_started_on__lte=begun,
        practice_started_on__gt=new_since,
    )
    return rows.annotate(
        subject=Cast("public_id", CharField()),
        facet=Value(""),
        house_id=F("institution_id"),
        due_on=Value(None, DateField()),
        evidence=JSONObject(name="name", since_on="practice_started_on"),
    ).values(*COLUMNS)


def _members(question: Question, **which: Any) -> QuerySet[Institution]:
    members = Institution.objects.members_of(question.alliance_ids, question.on)
    found: QuerySet[Institution] = members.filter(is_active=True, is_external=False, **which)
    return found


def _about_houses(rows: QuerySet[Any], **evidence: Any) -> Rows:
    return rows.annotate(
        subject=Cast("public_id", CharField()),
        facet=Value(""),
        house_id=F("pk"),
        due_on=Value(None, DateField()),
        evidence=JSONObject(name="short_name", **evidence),
    ).values(*COLUMNS)


@check(
    "courses.no_key_doctor",
    title=_("No key doctor"),
    says=_("%(name)s has named no key doctor"),
    severity=Severity.MINOR,
    source=_SOURCE,
    route="courses:three_ones_of",
)
def no_key_doctor(question: Question) -> Rows:
    """Townships without a key doctor who works there."""
    named = KeyDoctor.objects.in_force(question.on).filter(
        institution=OuterRef("pk"),
        practitioner__is_active=True,
        practitioner__institution=OuterRef("pk"),
    )
    return _about_houses(_members(question, tier=Tier.TOWNSHIP).filter(~Exists(named)))


@check(
    "courses.no_simulation_centre",
    title=_("No simulation centre"),
    says=_("%(name)s has no simulation centre"),
    severity=Severity.MINOR,
    source=_SOURCE,
    route="courses:three_ones_of",
)
def no_simulation_centre(question: Question) -> Rows:
    """County hospitals without a simulation centre."""
    used = SimulationCentre.objects.in_force(question.on).filter(institution=OuterRef("pk"))
    return _about_houses(_members(question, tier=Tier.COUNTY).filter(~Exists(used)))


@check(
    "courses.no_contest",
    title=_("No skills contest"),
    says=_("The alliance led by %(name)s has held no skills contest for %(days)s days"),
    severity=Severity.NOTICE,
    source=_SOURCE,
    route="courses:three_ones_of",
    parameters=(Parameter("days", "days", 365, _("Days within which one is held")),),
)
def no_contest(question: Question) -> Rows:
    """The lead of an alliance that has held no skills contest for a year."""
    days = question.settings["days"]
    held = Contest.objects.standing().filter(
        alliance=OuterRef("alliance_id"),
        held_on__gt=question.on - timedelta(days=days),
        held_on__lte=question.on,
    )
    rows = _members(question, membership__role=MemberRole.LEAD).filter(~Exists(held))
    return _about_houses(rows, days=Value(days, IntegerField()))
