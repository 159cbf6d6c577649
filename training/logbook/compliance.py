"""Scheduled checks on what was operated by whom."""

from datetime import timedelta
from typing import Any

from django.db.models import Case as If
from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import CatalogueEntry
from alliance.catalogue.selectors import editions_between, years_asked
from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check
from alliance.core.expressions import looked_up
from alliance.institutions.choices import Tier
from alliance.people.models import Practitioner
from training.privileges.choices import Level
from training.privileges.models import Override, Privilege, Suspension

from .choices import CaseRole
from .models import Case

_RECENT = Parameter("days", "days", 90, _("Days looked back"), minimum=1, maximum=3650)
_Rows = QuerySet[Any, dict[str, Any]]


def _recent(question: Question) -> QuerySet[Case]:
    """Operations of late that stand: confirmed, or waiting to be."""
    since = question.on - timedelta(days=question.settings["days"])
    rows: QuerySet[Case] = Case.objects.standing().operated()
    return rows.filter(
        alliance__in=question.alliance_ids,
        performed_on__gt=since,
        performed_on__lte=question.on,
        created_at__lt=question.until,
    )


def _found(rows: QuerySet[Case], **seen: Any) -> _Rows:
    return rows.annotate(
        subject=Cast("public_id", CharField()),
        facet=Value(""),
        house_id=F("institution_id"),
        due_on=F("performed_on"),
        evidence=JSONObject(
            name="operator__name", technique="technique__name", performed_on="performed_on", **seen
        ),
    ).values(*COLUMNS)


@check(
    "logbook.without_privilege",
    title=_("Operated without a privilege in force"),
    says=_("%(name)s operated %(technique)s on %(performed_on)s without a privilege in force"),
    severity=Severity.CRITICAL,
    source=_("医疗机构手术分级管理办法 (2022)"),
    route="logbook:case",
    parameters=(_RECENT,),
)
def without_privilege(question: Question) -> _Rows:
    """Operations whose operator had no privilege there that day, and no emergency was recorded.

    Under supervision either level will do; independently only the independent one.
    """
    day = OuterRef("performed_on")
    suspended = Suspension.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef(day)),
        privilege=OuterRef("pk"),
        valid_from__lte=OuterRef(day),
    )
    held = Privilege.objects.filter(
        ~Exists(suspended),
        practitioner=OuterRef("operator"),
        technique=OuterRef("technique"),
        institution=OuterRef("institution"),
        valid_from__lte=day,
        ends_on__gt=day,
    )
    emergency = Override.objects.filter(
        practitioner=OuterRef("operator"),
        technique=OuterRef("technique"),
        institution=OuterRef("institution"),
        at__date=day,
    )
    return _found(
        _recent(question).filter(
            ~Exists(held.filter(level=Level.INDEPENDENT)),
            Q(role=CaseRole.INDEPENDENT) | ~Exists(held),
            ~Exists(emergency),
        )
    )


@check(
    "logbook.above_grade",
    title=_("Operated above the grade of the institution"),
    says=_("%(name)s: %(technique)s on %(performed_on)s, where its grade does not allow it"),
    severity=Severity.MAJOR,
    source=_("Technique catalogue of the alliance"),
    route="logbook:case",
    is_verified=True,
    parameters=(_RECENT,),
)
def above_grade(question: Question) -> _Rows:
    """Operations at a tier that the edition of their day did not allow, or that it did not grade."""
    first = question.on - timedelta(days=question.settings["days"])
    editions = editions_between(question.alliance_ids, since=first, until=question.on)
    newest = If(
        *[
            When(alliance=alliance, performed_on__gte=start, then=Value(pk))
            for pk, alliance, start in editions
        ],
        default=None,
        output_field=IntegerField(),
    )
    counted = If(  # a village clinic counts with its township
        When(institution__tier=Tier.VILLAGE, then=Value(Tier.TOWNSHIP.value)),
        default="institution__tier",
        output_field=CharField(),
    )
    allowing = CatalogueEntry.objects.filter(
        technique=OuterRef("technique"),
        edition=OuterRef("newest"),
        tiers__contains=[OuterRef("counted")],
    )
    rows = _recent(question).alias(newest=newest, counted=counted)
    return _found(rows.filter(~Exists(allowing)))


class _WholeYears(Func):
    """Whole years from one day to another."""

    template = "EXTRACT(YEAR FROM AGE(%(expressions)s))::int"
    output_field = IntegerField()


@check(
    "logbook.years_short",
    title=_("Operated without the years of practice"),
    says=_("%(name)s: %(technique)s on %(performed_on)s after %(years)s years of practice"),
    severity=Severity.MAJOR,
    source=_("Operator requirements of the alliance's catalogue"),
    route="logbook:case",
    parameters=(_RECENT,),
)
def years_short(question: Question) -> _Rows:
    """Independent operations by somebody short of the years that the catalogue asks for."""
    asked = years_asked(question.alliance_ids, on=question.on)
    needed = looked_up(asked, "alliance_id", "technique_id")
    practised = _WholeYears(F("performed_on"), F("operator__practice_started_on"))
    rows = _recent(question).filter(role=CaseRole.INDEPENDENT).annotate(years=practised)
    return _found(rows.filter(years__lt=needed), years="years")


@check(
    "logbook.low_volume",
    title=_("Too few operations to stay in practice"),
    says=_("%(name)s did %(technique)s %(count)s times in a year"),
    severity=Severity.NOTICE,
    source=_("医疗机构手术分级管理办法 (2022)"),
    route="privileges:detail",
    parameters=(Parameter("cases", "integer", 10, _("Operations a year at least"), minimum=1),),
)
def low_volume(question: Question) -> _Rows:
    """Independent privileges, held for a year, whose holder operated too little in that year."""
    since = question.on - timedelta(days=365)
    held = {
        "practitioner": OuterRef("practitioner"),
        "technique": OuterRef("technique"),
        "institution": OuterRef("institution"),
    }
    before = Privilege.objects.in_period(since).filter(**held, level=Level.INDEPENDENT)
    kept = (
        Privilege.objects.in_force(question.on)
        .filter(Exists(before), alliance__in=question.alliance_ids, level=Level.INDEPENDENT)
        .values("pk")
    )
    # Asked of the holders: a privilege has evidence of its own, which is another thing.
    return (
        Practitioner.objects.filter(privileges__in=kept)
        .annotate(count=Coalesce(Subquery(_done(question)), 0))
        .filter(count__lt=question.settings["cases"])
        .annotate(
            alliance_id=F("privileges__alliance_id"),
            subject=Cast("privileges__public_id", CharField()),
            facet=Value(""),
            house_id=F("privileges__institution_id"),
            due_on=Value(None, DateField()),
            evidence=JSONObject(
                name="name", technique="privileges__technique__name", count="count"
            ),
        )
        .values(*COLUMNS)
    )


def _done(question: Question) -> QuerySet[Any, Any]:
    """How much the holder of a privilege operated with it in the year before."""
    since = question.on - timedelta(days=365)
    return (
        Case.objects.confirmed()
        .operated()
        .filter(
            operator=OuterRef("pk"),
            technique=OuterRef("privileges__technique"),
            institution=OuterRef("privileges__institution"),
            performed_on__gt=since,
            performed_on__lte=question.on,
        )
        .order_by()
        .values("operator")
        .annotate(count=Count("pk"))
        .values("count")
    )
