"""Scheduled checks on people."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check

from .models import Practitioner


@check(
    "people.licence_ending",
    title=_("Licence ending"),
    says=_("The licence of %(name)s is valid until %(until_on)s"),
    severity=Severity.MAJOR,
    source=_("医师执业注册管理办法 (2017)"),
    route="people:practitioner",
    parameters=(Parameter("days", "days", 60, _("Days before the end")),),
)
def licence_ending(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Practitioners of an alliance whose licence has ended or soon will."""
    last = question.on + timedelta(days=question.settings["days"])
    return (
        Practitioner.objects.staff_of(question.alliance_ids, question.on)
        .filter(licence_valid_until__lte=last)
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("institution_id"),
            due_on=F("licence_valid_until"),
            evidence=JSONObject(name="name", until_on="licence_valid_until"),
        )
        .values(*COLUMNS)
    )
