"""Scheduled checks on admissions."""

from typing import Any

from django.db.models import CharField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Question, check
from alliance.institutions.models import Specialty

from .models import Admission, AdmissionAnswer

_PAGE = "standards:admission"


@check(
    "standards.requirement_lost",
    title=_("Institution lost what its admission requires"),
    says=_(
        "%(technique)s asks for %(requirement_kind)s %(topic)s ≥ %(minimum)s; the directory shows"
        " %(counted)s"
    ),
    severity=Severity.MAJOR,
    source=_("医疗技术临床应用管理办法 (2018, no. 1): stop when conditions change"),
    route=_PAGE,
)
def requirement_lost(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Requirements that the directory met when the application was submitted and meets no longer.

    Beds, departments and staff are known as of now only: a past day is asked about today's.
    """
    admissions = Admission.objects.in_force(question.on).filter(alliance__in=question.alliance_ids)
    names = Specialty.objects.filter(code=OuterRef("topic")).values("name")
    return (
        AdmissionAnswer.objects.filter(admission__in=admissions, known__gte=F("minimum"))
        .counted()
        .filter(counted__lt=F("minimum"))
        .annotate(
            alliance_id=F("admission__alliance_id"),
            subject=Cast("admission__public_id", CharField()),
            house_id=F("admission__institution_id"),
            facet=Concat(F("kind"), Value(":"), Cast("pk", CharField())),
            due_on=Value(None, DateField()),
            evidence=JSONObject(
                technique="admission__technique__name",
                requirement_kind="kind",
                topic=Coalesce(Subquery(names), Value("")),
                minimum="minimum",
                counted="counted",
            ),
        )
        .values(*COLUMNS)
    )


@check(
    "standards.not_filed",
    title=_("Restricted technique not filed in time"),
    says=_("%(technique)s was first used on %(first_used_on)s and had to be filed by %(due_on)s"),
    severity=Severity.CRITICAL,
    source=_("医疗技术临床应用管理办法 (2018, no. 1): filed within 15 working days"),
    route=_PAGE,
)
def not_filed(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Restricted techniques whose filing was due before the day and had not been made by then."""
    return (
        Admission.objects.filter(alliance__in=question.alliance_ids)
        .filing_late(question.on)
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("institution_id"),
            due_on=Value(None, DateField()),
            evidence=JSONObject(
                technique="technique__name", first_used_on="first_used_on", due_on="filing_due"
            ),
        )
        .values(*COLUMNS)
    )
