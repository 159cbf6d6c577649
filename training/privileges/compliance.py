"""Scheduled checks on privileges."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check
from alliance.core.policy import PLATFORM

from .models import Override, Privilege


@check(
    "privileges.ending",
    title=_("Privilege ending"),
    says=_("The privilege of %(name)s for %(technique)s ends on %(until_on)s"),
    severity=Severity.MINOR,
    source=PLATFORM,
    route="privileges:detail",
    parameters=(Parameter("days", "days", 60, _("Days before the end")),),
)
def privilege_ending(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Privileges in their period that end soon, with none that follows at once."""
    last = question.on + timedelta(days=question.settings["days"])
    follows = Privilege.objects.filter(
        practitioner=OuterRef("practitioner"),
        technique=OuterRef("technique"),
        institution=OuterRef("institution"),
        valid_from__lte=OuterRef("ends_on"),
        ends_on__gt=OuterRef("ends_on"),
    )
    return (
        Privilege.objects.in_period(question.on)
        .filter(~Exists(follows), alliance__in=question.alliance_ids, ends_on__lte=last)
        # The model's own column `evidence` gives way to that of the check.
        .values("pk")
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("institution_id"),
            due_on=F("ends_on"),
            evidence=JSONObject(
                name="practitioner__name", technique="technique__name", until_on="ends_on"
            ),
        )
        .values(*COLUMNS)
    )


@check(
    "privileges.report_late",
    title=_("Report on an emergency late"),
    says=_("%(name)s, %(technique)s: the report was due by %(due_at)s"),
    severity=Severity.MAJOR,
    source=_("医疗机构手术分级管理办法 (2022, no. 18): report after going beyond a privilege"),
    route="privileges:override",
)
def report_late(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Emergencies beyond a privilege whose report was not there by then."""
    still_owed = Q(reported_at=None) | Q(reported_at__gt=question.until)
    return (
        Override.objects.filter(
            still_owed, alliance__in=question.alliance_ids, report_due_at__lt=question.until
        )
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("institution_id"),
            due_on=TruncDate("report_due_at"),
            evidence=JSONObject(
                name="practitioner__name", technique="technique__name", due_at="report_due_at"
            ),
        )
        .values(*COLUMNS)
    )
