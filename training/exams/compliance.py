"""Scheduled checks on skills exams and retrainings."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check
from alliance.institutions.choices import Tier
from alliance.people.choices import TitleCode
from alliance.people.models import Absence, Practitioner
from alliance.people.querysets import PractitionerQuerySet

from . import rules
from .choices import ExamKind
from .models import Exam, ExamResult, Retraining

_SOURCE = _("Programme of graded promotion: a skills exam each quarter, failing means retraining")
_PHYSICIANS = (
    TitleCode.CHIEF,
    TitleCode.ASSOCIATE_CHIEF,
    TitleCode.ATTENDING,
    TitleCode.PHYSICIAN,
    TitleCode.ASSISTANT,
)
# Those the programme is for: whoever learns from the tier above.
_LEARNING_TIERS = (Tier.TOWNSHIP, Tier.COUNTY)


@check(
    "exams.skills_missed",
    title=_("Quarterly skills exam not taken"),
    says=_("%(name)s has not taken the skills exam of %(quarter)s"),
    severity=Severity.MINOR,
    source=_SOURCE,
    is_verified=True,
    route="exams:learner",
    parameters=(Parameter("days", "days", 14, _("Days before the end of the quarter")),),
)
def skills_missed(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Physicians of townships and counties without a skills exam in the quarter asked for.

    Only where the alliance held such exams by then; not who began to practise after the quarter
    did, nor who is away that day.
    """
    year, quarter = rules.quarter_due(question.on, days=question.settings["days"])
    _first, after = rules.quarter_period(year, quarter)
    owing = owing_skills(year, quarter, alliance_ids=question.alliance_ids, on=question.on)
    return owing.annotate(
        subject=Cast("public_id", CharField()),
        facet=Value(f"{year}Q{quarter}"),
        house_id=F("institution_id"),
        due_on=Value(after),
        evidence=JSONObject(name="name", quarter=Value(f"{year}Q{quarter}")),
    ).values(*COLUMNS)


def owing_skills(
    year: int, quarter: int, *, alliance_ids: Collection[int], on: date
) -> PractitionerQuerySet:
    """Who has not taken a quarter's skills exam by a day, though it is for them."""
    first, after = rules.quarter_period(year, quarter)
    holding = _holding(after, among=alliance_ids)
    taken = ExamResult.objects.in_quarter(year, quarter).filter(
        practitioner=OuterRef("pk"), held_on__lte=on
    )
    away = Absence.objects.in_force(on).filter(practitioner=OuterRef("pk"))
    found: PractitionerQuerySet = Practitioner.objects.staff_of(holding, on).filter(
        ~Exists(taken),
        ~Exists(away),
        title_code__in=_PHYSICIANS,
        practice_started_on__lt=first,
        institution__tier__in=_LEARNING_TIERS,
    )
    return found


@check(
    "exams.retraining_overdue",
    title=_("Retraining overdue"),
    says=_("%(name)s did not pass %(exam)s and was to be retrained by %(due_on)s"),
    severity=Severity.MAJOR,
    source=_SOURCE,
    is_verified=True,
    route="exams:retraining",
)
def retraining_overdue(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Retrainings owed on the day whose date has passed."""
    return (
        Retraining.objects.owed(question.on)
        .filter(alliance__in=question.alliance_ids, due_on__lt=question.on)
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("institution_id"),
            evidence=JSONObject(
                name="practitioner__name", exam="cause__exam__name", due_on="due_on"
            ),
        )
        .values(*COLUMNS)
    )


def _holding(after: date, *, among: Collection[int]) -> list[int]:
    """Alliances that had announced, or held, a skills exam before a day."""
    began = ExamResult.objects.filter(exam=OuterRef("pk"), held_on__lt=after, voided_at=None)
    held = Exam.objects.filter(
        Q(created_at__date__lt=after) | Exists(began),
        alliance__in=among,
        kind=ExamKind.SKILLS,
        is_active=True,
    )
    return list(held.order_by().values_list("alliance_id", flat=True).distinct())
