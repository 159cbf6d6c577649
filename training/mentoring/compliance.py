"""Scheduled checks on mentors and postings."""

from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Question, check
from alliance.core.policy import policies

from . import owed


@check(
    "mentoring.rotation_due",
    title=_("Rotation due"),
    says=_(
        "%(name)s has %(days)s days of rotation in the last %(years)s years; %(needed)s are owed"
    ),
    severity=Severity.MINOR,
    source=_("Source document A: rotation of at least 6 months every 3 years"),
    route="mentoring:rotations_of",
)
def rotation_due(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Grassroots doctors who have been to a higher hospital for too short a time.

    Who works here is known as of now only: a day in the past is asked about today's staff.
    """
    values = policies(
        alliance_id=question.alliance_id, on=question.on, prefix="mentoring.rotation_"
    )
    needed, years = values["mentoring.rotation_days"], values["mentoring.rotation_years"]
    rows = owed.owing_rotation(
        alliance_id=question.alliance_id, on=question.on, days=needed, years=years
    )
    return rows.annotate(
        subject=Cast("public_id", CharField()),
        facet=Value(""),
        house_id=F("institution_id"),
        due_on=Value(None, output_field=DateField()),
        evidence=JSONObject(name="name", days="rotated", needed=Value(needed), years=Value(years)),
    ).values(*COLUMNS)
