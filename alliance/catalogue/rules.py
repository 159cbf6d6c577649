"""Pure rules of the technique catalogue: grades proposed from scores, usual tiers, requirements in
force, and what differs between two editions.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.institutions.choices import TIER_RANK, Tier

from .choices import DIFFICULTY, SCORES, SPECTRUM, RequirementKind, Side, TechniqueGrade

# Where an entry may say a technique is done; a village clinic follows its township.
GRADED_TIERS = (Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY)

# basic at the township and above, advanced at the county and above, complex at the tertiary.
USUAL_TIERS: Mapping[str, frozenset[str]] = {
    TechniqueGrade.BASIC: frozenset({Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY}),
    TechniqueGrade.ADVANCED: frozenset({Tier.COUNTY, Tier.TERTIARY}),
    TechniqueGrade.COMPLEX: frozenset({Tier.TERTIARY}),
}


def entry_errors(*, grade: str, tiers: Collection[str], note: str) -> dict[str, Any]:
    """What is wrong with one row of an edition: `{field: sentence}`."""
    if grade not in USUAL_TIERS:
        return {"grade": _("Choose a grade.")}
    if not tiers:
        return {"tiers": _("Name at least one tier.")}
    if not set(tiers) <= set(GRADED_TIERS):
        return {
            "tiers": _("Choose among township, county and tertiary; villages follow townships.")
        }
    if set(tiers) != USUAL_TIERS[grade] and not note.strip():
        return {"note": _("These tiers are unusual for the grade: say why.")}
    return {}


def in_tier_order(tiers: Collection[str]) -> list[str]:
    """Tiers from the lowest up, so that equal sets are stored alike."""
    return sorted(set(tiers), key=TIER_RANK.__getitem__)


@dataclass(frozen=True)
class EntryFacts:
    """What an edition says of a technique: grade and tiers, scores in order, diseases with tiers."""

    grade: str
    tiers: frozenset[str]
    scores: tuple[int | None, ...] = ()
    diseases: frozenset[tuple[str, str]] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class Difference:
    """One technique that two editions treat differently; None where one does not name it."""

    technique_id: int
    before: EntryFacts | None
    after: EntryFacts | None

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(
    before: Mapping[int, EntryFacts], after: Mapping[int, EntryFacts]
) -> list[Difference]:
    """Every technique that the two editions treat differently, by technique id."""
    return [
        Difference(pk, before.get(pk), after.get(pk))
        for pk in sorted(before.keys() | after.keys())
        if before.get(pk) != after.get(pk)
    ]


@dataclass(frozen=True)
class Need:
    """One requirement in force: what is asked, of whom, how much, and who says so."""

    side: str
    kind: str
    subject: str
    minimum: int
    unit: str
    source: str
    is_verified: bool
    of_technique: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """What two requirements about the same thing share."""
        return (self.side, self.kind, self.subject)


def needs_of_technique(needs: Iterable[Need]) -> list[Need]:
    """Requirements of a grade and of a technique as one list: the technique's own come first.

    In the order of kinds and of what they are about.
    """
    found: dict[tuple[str, str, str], Need] = {}
    for need in needs:
        if need.of_technique or need.key not in found:
            found[need.key] = need
    kinds = list(RequirementKind)
    return sorted(found.values(), key=lambda one: (kinds.index(RequirementKind(one.kind)), one.key))


def least_years(needs: Iterable[Need]) -> int:
    """The years of practice that an operator needs; 0 where nobody asks for any."""
    asked = (one.minimum for one in needs if (one.side, one.kind) == _YEARS)
    return max(asked, default=0)


def asks_for_mdt(needs: Iterable[Need], *, national_level: int | None, mdt_level: int) -> bool:
    """Whether a multidisciplinary discussion comes before each operation."""
    by_level = national_level is not None and national_level >= mdt_level
    return by_level or any(one.kind == RequirementKind.MDT for one in needs)


_YEARS = (Side.OPERATOR, RequirementKind.YEARS)


@dataclass(frozen=True)
class Grading:
    """How an alliance turns scores into a proposed grade: weights in percent, cuts in tenths."""

    weights: Mapping[str, int]
    basic: int
    advanced: int
    spectrum: int


@dataclass(frozen=True)
class Reason:
    """One step of the reasoning: a code, and the grade and numbers it speaks of."""

    code: str
    grade: str
    score: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Proposal:
    """The grade that follows from the scores, and every step that led to it. Scores in tenths."""

    grade: str
    difficulty: int
    spectrum: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class GradingFacts:
    """What a grade is proposed from."""

    scores: Mapping[str, int | None]
    national_level: int | None = None
    is_restricted: bool = False
    disease_tiers: frozenset[str] = frozenset()


def score_errors(scores: Mapping[str, int | None]) -> dict[str, Any]:
    """Which scores cannot be: `{field: sentence}`."""
    message = _("Choose a score from 1 to 5.")
    return {
        name: message
        for name, score in scores.items()
        if name not in SCORES or (score is not None and score not in range(1, HIGHEST_SCORE + 1))
    }


def propose(facts: GradingFacts, grading: Grading) -> Proposal | None:
    """The grade that the scores propose, with its reasoning; None until difficulty is scored.

    Difficulty gives the grade; a narrow disease spectrum, diseases that are treated higher up, and
    the national level can only raise it. The office decides.
    """
    difficulty = _weighted(facts.scores, DIFFICULTY, grading.weights)
    if difficulty is None:
        return None
    spectrum = _weighted(facts.scores, SPECTRUM, grading.weights)
    grade, limit = _by_difficulty(difficulty, grading)
    reasons = [Reason("difficulty", grade, difficulty, limit)]
    for reason in _raising(facts, spectrum, grading):
        if _GRADE_ORDER[reason.grade] > _GRADE_ORDER[grade]:
            grade = reason.grade
            reasons.append(reason)
    if spectrum is None:
        reasons.append(Reason("spectrum_unscored", grade))
    elif spectrum >= grading.spectrum:
        reasons.append(Reason("spectrum_suits", grade, spectrum, grading.spectrum))
    return Proposal(grade, difficulty, spectrum, tuple(reasons))


def _by_difficulty(difficulty: int, grading: Grading) -> tuple[str, int]:
    """The grade of a difficulty, and the cut that decided."""
    if difficulty <= grading.basic:
        return TechniqueGrade.BASIC, grading.basic
    if difficulty <= grading.advanced:
        return TechniqueGrade.ADVANCED, grading.advanced
    return TechniqueGrade.COMPLEX, grading.advanced


def _raising(facts: GradingFacts, spectrum: int | None, grading: Grading) -> Iterable[Reason]:
    """What may raise a grade, and to which one."""
    if spectrum is not None and spectrum < grading.spectrum:
        yield Reason("spectrum_narrow", TechniqueGrade.ADVANCED, spectrum, grading.spectrum)
    if facts.disease_tiers:
        lowest = min(facts.disease_tiers, key=TIER_RANK.__getitem__)
        yield Reason("diseases_higher", GRADE_OF_TIER[lowest])
    if facts.is_restricted:
        yield Reason("restricted", TechniqueGrade.COMPLEX)
    level = facts.national_level or 1
    if level >= _COMPLEX_LEVEL:
        yield Reason("national_level", TechniqueGrade.COMPLEX, level)
    elif level == _ADVANCED_LEVEL:
        yield Reason("national_level", TechniqueGrade.ADVANCED, level)


def _weighted(
    scores: Mapping[str, int | None], names: Collection[str], weights: Mapping[str, int]
) -> int | None:
    """The weighted mean in tenths, half up; None where a score is missing."""
    given = [scores.get(name) for name in names]
    if None in given:
        return None
    shares = [weights[name] for name in names]
    if not any(shares):
        shares = [1] * len(shares)
    total = sum(share * (score or 0) for share, score in zip(shares, given, strict=True))
    return (20 * total + sum(shares)) // (2 * sum(shares))


HIGHEST_SCORE = 5
GRADE_OF_TIER: Mapping[str, str] = {
    Tier.TOWNSHIP: TechniqueGrade.BASIC,
    Tier.COUNTY: TechniqueGrade.ADVANCED,
    Tier.TERTIARY: TechniqueGrade.COMPLEX,
}
_GRADE_ORDER: Mapping[str, int] = {grade: place for place, grade in enumerate(TechniqueGrade)}
_ADVANCED_LEVEL, _COMPLEX_LEVEL = 3, 4


def spectrum_errors(tiers: Iterable[str]) -> dict[str, Any]:
    """Whether diseases are treated at tiers that are graded: `{field: sentence}`."""
    if set(tiers) <= set(GRADED_TIERS):
        return {}
    return {"diseases": _("Choose among township, county and tertiary; villages follow townships.")}


@dataclass(frozen=True)
class NeedDifference:
    """A requirement that two editions put differently; None where one does not ask it."""

    scope: str
    before: Need | None
    after: Need | None

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


NeedKey = tuple[str, str, str, str]


def need_differences(
    before: Mapping[NeedKey, Need], after: Mapping[NeedKey, Need]
) -> list[NeedDifference]:
    """Every requirement that two editions put differently; keys are scope, side, kind, subject."""
    return [
        NeedDifference(key[0], before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def reason_needed(*, grade: str, proposal: Proposal | None, reason: str) -> dict[str, Any]:
    """The office decides; where it decides otherwise than proposed, it says why."""
    if proposal is None or proposal.grade == grade or reason.strip():
        return {}
    return {"reason": _("The scores propose another grade: say why this one.")}
