"""What the catalogue's data says in words: requirements, and the reasoning of a proposed grade."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.institutions.models import Specialty

from . import rules
from .choices import RequirementKind, TechniqueGrade

_UNITS: Mapping[str, Any] = {
    RequirementKind.DEPARTMENT: pgettext_lazy("unit", "departments"),
    RequirementKind.BEDS: pgettext_lazy("unit", "beds"),
    RequirementKind.STAFF: pgettext_lazy("unit", "people"),
    RequirementKind.SENIOR_STAFF: pgettext_lazy("unit", "people"),
    RequirementKind.VOLUME: pgettext_lazy("unit", "a year"),
    RequirementKind.YEARS: pgettext_lazy("unit", "years"),
    RequirementKind.CASES: pgettext_lazy("unit", "cases"),
}
# What is there or not; a number is said only where more than one is asked for.
_THERE_OR_NOT = frozenset(
    {
        RequirementKind.DEPARTMENT,
        RequirementKind.EQUIPMENT,
        RequirementKind.FACILITY,
        RequirementKind.TRAINING,
        RequirementKind.MDT,
    }
)
SCORE_LABELS: Mapping[str, Any] = {
    "operation": gettext_lazy("Operation complexity"),
    "risk": gettext_lazy("Risk"),
    "equipment": gettext_lazy("Dependence on equipment"),
    "frequency": gettext_lazy("Frequency"),
    "benefit": gettext_lazy("Benefit"),
    "grassroots": gettext_lazy("Ability of the grassroots"),
}
# Subjects that are codes of our own; other subjects are specialties' codes or plain words.
SUBJECTS: Mapping[str, Any] = {
    "admissions": gettext_lazy("admissions to hospital"),
    "operations": gettext_lazy("operations"),
    "supervised": gettext_lazy("under supervision"),
}


@dataclass(frozen=True)
class Words:
    """One requirement in words: what, how much, and both in a line."""

    title: str
    amount: str
    unit: str

    @property
    def line(self) -> str:
        """What and how much."""
        return f"{self.title} {self.amount}".strip()


def specialty_names(subjects: Iterable[str]) -> dict[str, str]:
    """Names of the specialties among these subjects, by code; one query, none without subjects."""
    asked = {one for one in subjects if one and one not in SUBJECTS}
    rows = Specialty.objects.filter(code__in=asked) if asked else Specialty.objects.none()
    return dict(rows.values_list("code", "name"))


def words_of(kind: str, subject: str, minimum: int, unit: str, names: Mapping[str, str]) -> Words:
    """A requirement in words."""
    about = str(SUBJECTS.get(subject, names.get(subject, subject)))
    label = RequirementKind(kind).label
    title = f"{label}（{about}）" if about else str(label)
    shown = unit or str(_UNITS.get(kind, ""))
    if minimum == 1 and kind in _THERE_OR_NOT:
        return Words(title, "", shown)
    return Words(title, f"≥ {minimum} {shown}".strip(), shown)


def lines(needs: Iterable[rules.Need]) -> list[dict[str, Any]]:
    """Requirements as a list shows them; one query for the names of specialties."""
    rows = list(needs)
    names = specialty_names(one.subject for one in rows)
    return [
        {
            "need": one,
            "words": words_of(one.kind, one.subject, one.minimum, one.unit, names),
        }
        for one in rows
    ]


def tenths(score: int | None) -> str:
    """A score in tenths as people write it."""
    return "—" if score is None else f"{score // 10}.{score % 10}"


_REASONS: Mapping[str, Any] = {
    "difficulty": gettext_lazy("difficulty %(score)s against %(limit)s: %(grade)s"),
    "spectrum_suits": gettext_lazy("disease spectrum %(score)s: suits the grassroots"),
    "spectrum_narrow": gettext_lazy("disease spectrum %(score)s below %(limit)s: %(grade)s"),
    "spectrum_unscored": gettext_lazy("disease spectrum not scored yet"),
    "diseases_higher": gettext_lazy("its diseases are treated higher up: %(grade)s"),
    "restricted": gettext_lazy("restricted technique: %(grade)s"),
    "national_level": gettext_lazy("national level %(level)s: at least %(grade)s"),
}


def reasoning(proposal: rules.Proposal) -> list[str]:
    """Every step that led to the proposed grade, in words."""
    return [
        str(_REASONS[one.code])
        % {
            "score": tenths(one.score),
            "limit": tenths(one.limit),
            "level": one.score,
            "grade": TechniqueGrade(one.grade).label,
        }
        for one in proposal.reasons
    ]


def proposed(proposal: rules.Proposal | None, grade: str) -> dict[str, Any] | None:
    """A proposal as pages show it, and whether the office decided otherwise."""
    if proposal is None:
        return None
    return {
        "grade": proposal.grade,
        "label": TechniqueGrade(proposal.grade).label,
        "differs": bool(grade) and grade != proposal.grade,
        "difficulty": tenths(proposal.difficulty),
        "spectrum": tenths(proposal.spectrum),
        "reasons": reasoning(proposal),
        "line": _("; ").join(reasoning(proposal)),
    }
