"""Curves of practitioners: the logbook's cases under the alliance's parameters and reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from alliance.catalogue.choices import TechniqueGrade
from alliance.catalogue.selectors import grades_for
from alliance.core.policy import PolicySet, policies
from training.curves.rules import Curve, NoLimit, Parameters, Phase, fewest_cases, follow

from .choices import ReviewCause, ReviewDecision
from .models import CurveReview
from .selectors import Series, series

_PHASES: Mapping[str, Phase] = {
    ReviewDecision.WELL: Phase.WATCHING,
    ReviewDecision.LEARN: Phase.LEARNING,
    ReviewDecision.NOT_YET: Phase.LEARNING,
}
# What is graded nowhere is held to the middle.
_UNGRADED = TechniqueGrade.ADVANCED


def parameters(settings: PolicySet, grade: str) -> Parameters:
    """What a curve of a technique of this grade is held to; ValueError where the policy is absurd."""
    return Parameters(
        acceptable=settings[f"curve.{grade}.acceptable_per_mille"] / 1000,
        unacceptable=settings[f"curve.{grade}.unacceptable_per_mille"] / 1000,
        odds_ratio=settings["curve.odds_ratio_percent"] / 100,
        cases=settings["curve.cases"],
        alpha=settings["curve.false_signal_percent"] / 100,
    )


def parameters_for(
    technique_ids: Collection[int], *, alliance_id: int, on: date
) -> dict[int, Parameters | None]:
    """The parameters of each technique on a date; None where policy cannot tell good from bad.

    Two queries for any number of techniques; limits are computed once per set of numbers.
    """
    held = _held(technique_ids, alliance_id=alliance_id, on=on)
    return {pk: held[pk] for pk in technique_ids}


def _held(
    technique_ids: Collection[int] | None, *, alliance_id: int, on: date
) -> Mapping[int, Parameters | None]:
    """The same for whatever is looked up; None asks for all that are graded."""
    settings = policies(alliance_id=alliance_id, on=on, prefix="curve.")
    grades = grades_for(technique_ids, on=on, alliance_id=alliance_id)
    by_grade = {grade: _usable(settings, grade) for grade in TechniqueGrade}
    held: dict[int, Parameters | None] = defaultdict(lambda: by_grade[_UNGRADED])
    held.update((pk, by_grade[TechniqueGrade(found.grade)]) for pk, found in grades.items())
    return held


def _usable(settings: PolicySet, grade: str) -> Parameters | None:
    try:
        found = parameters(settings, grade)
        fewest_cases(found)
    except (ValueError, NoLimit):
        return None
    return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve with what it was drawn from; `curve` is None where no limit can be given."""

    cases: Series
    parameters: Parameters | None
    curve: Curve | None

    @property
    def fewest(self) -> int:
        """Below so many cases the curve says nothing."""
        return fewest_cases(self.parameters) if self.parameters else 0

    def signals(self) -> dict[ReviewCause, int]:
        """The signals that stand, with the number of their case, counted from 1."""
        if self.curve is None:
            return {}
        found = {
            ReviewCause.COMPETENCE: self.curve.competent_at,
            ReviewCause.LOSS: self.curve.slipped_at,
        }
        return {cause: number for cause, number in found.items() if number is not None}


def draw_all(
    *,
    alliance_id: int,
    on: date,
    practitioner_ids: Collection[int] | None = None,
    technique_ids: Collection[int] | None = None,
) -> Iterator[Drawn]:
    """The curves of an alliance with all cases up to and on a day, in one pass over them."""
    reviewed = _reviewed(alliance_id)
    held = _held(technique_ids, alliance_id=alliance_id, on=on)
    for one in series(
        practitioner_ids=practitioner_ids,
        technique_ids=technique_ids,
        alliance_id=alliance_id,
        until=on + timedelta(days=1),
    ):
        yield _draw(one, held[one.technique_id], reviewed)


def draw(*, practitioner_id: int, technique_id: int, alliance_id: int, on: date) -> Drawn:
    """One practitioner's curve with one technique, empty where nothing was operated."""
    found = draw_all(
        alliance_id=alliance_id,
        on=on,
        practitioner_ids=[practitioner_id],
        technique_ids=[technique_id],
    )
    for drawn in found:
        return drawn
    held = parameters_for([technique_id], alliance_id=alliance_id, on=on)[technique_id]
    return _draw(Series(practitioner_id, technique_id, [], []), held, {})


def _draw(
    one: Series, held: Parameters | None, reviewed: Mapping[tuple[int, int], Mapping[int, Phase]]
) -> Drawn:
    if held is None:
        return Drawn(one, None, None)
    decided = reviewed.get((one.practitioner_id, one.technique_id), {})
    numbers = {
        number: decided[pk] for number, pk in enumerate(one.case_ids, start=1) if pk in decided
    }
    return Drawn(one, held, follow(one.failures, held, reviewed=numbers))


def _reviewed(alliance_id: int) -> dict[tuple[int, int], dict[int, Phase]]:
    """After which case somebody decided what, by practitioner and technique."""
    rows = CurveReview.objects.filter(alliance=alliance_id).exclude(decision="")
    found: dict[tuple[int, int], dict[int, Phase]] = {}
    for who, what, case, decision in rows.values_list(
        "practitioner_id", "technique_id", "case_id", "decision"
    ):
        found.setdefault((who, what), {})[case] = _PHASES[decision]
    return found
