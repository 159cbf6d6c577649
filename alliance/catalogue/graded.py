"""The edition in force as a whole: what of each technique decides who may do it where."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from alliance.core.models import PolicySetting
from alliance.core.policy import definitions
from alliance.institutions.choices import Tier

from . import rules
from .choices import RequirementKind, Side, TechniqueGrade
from .defaults import GRADES_NEEDING_ADMISSION
from .models import CatalogueEdition, CatalogueEntry, Requirement


@dataclass(frozen=True, slots=True)
class Graded:
    """A technique of the edition in force, and what of it decides who may do it where."""

    technique_id: int
    code: str
    name: str
    grade: str
    tiers: frozenset[str]
    needs_admission: bool
    min_years: int

    def allows(self, tier: str) -> bool:
        """Whether institutions of `tier` may do it; a village clinic counts as its township."""
        return (Tier.TOWNSHIP if tier == Tier.VILLAGE else tier) in self.tiers


def graded(*, alliance_id: int, on: date, grade: str = "") -> list[Graded]:
    """Every technique of the edition in force, the basic ones first, then by code; one query."""
    edition = CatalogueEdition.objects.in_force(alliance_id=alliance_id, on=on)
    years = (
        Requirement.objects.filter(
            Q(technique=OuterRef("technique")) | Q(technique=None, grade=OuterRef("grade")),
            edition=OuterRef("edition"),
            side=Side.OPERATOR,
            kind=RequirementKind.YEARS,
        )
        .order_by("pk")
        .values(asked=JSONObject(subject="subject", minimum="minimum", own="technique"))
    )
    rule = (
        PolicySetting.objects.filter(key="admission.grades", effective_from__lte=on)
        .filter_alliance(alliance_id)
        .reverse()
        .values("value")[:1]
    )
    rows = CatalogueEntry.objects.filter(edition__in=edition.values("pk"))
    if grade:
        rows = rows.filter(grade=grade)
    found = rows.values_list(
        "technique_id",
        "technique__code",
        "technique__name",
        "grade",
        "tiers",
        "technique__is_restricted",
        ArraySubquery(years),
        Subquery(rule),
    )
    order = {grade.value: place for place, grade in enumerate(TechniqueGrade)}
    told = [_graded(*row) for row in found]
    return sorted(told, key=lambda one: (order[one.grade], one.code))


def _graded(
    technique_id: int,
    code: str,
    name: str,
    grade: str,
    tiers: list[str],
    is_restricted: bool,
    years: list[dict[str, Any]],
    rule: str | None,
) -> Graded:
    needs = [
        rules.Need(
            side=Side.OPERATOR,
            kind=RequirementKind.YEARS,
            subject=one["subject"],
            minimum=one["minimum"],
            unit="",
            source="",
            is_verified=False,
            of_technique=one["own"] is not None,
        )
        for one in years
    ]
    admitted = GRADES_NEEDING_ADMISSION[rule or definitions()["admission.grades"].default]
    return Graded(
        technique_id=technique_id,
        code=code,
        name=name,
        grade=grade,
        tiers=frozenset(tiers),
        needs_admission=is_restricted or grade in admitted,
        min_years=rules.least_years(rules.needs_of_technique(needs)),
    )
