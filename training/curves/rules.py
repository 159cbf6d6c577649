"""Learning curves by cumulative sums: LC-CUSUM until competence shows, CUSUM for its loss.

Two charts answer two questions about one practitioner and one technique, case after case:

* **LC-CUSUM** (Biau & Porcher, Stat Med 2010;29:1900): "has this been learnt?" It takes for granted
  that it has not; every success adds ``ln((1-p0)/(1-p1))``, every failure ``ln(p0/p1)``, and the sum
  never falls below nought. At the limit ``h`` the data speak for competence.
* **CUSUM** with a constant risk (Steiner et al., Biostatistics 2000;1:441, without a risk model):
  "is it slipping?" It takes for granted that all is well; every failure adds ``ln(pA/p0)``, every
  success ``ln((1-pA)/(1-p0))``, where ``pA`` has ``odds_ratio`` times the odds of ``p0``.

Limits are never copied from a paper: they follow from the parameters in force, so that a walk of at
most ``cases`` steps whose premise is true reaches its limit with a probability of at most ``alpha``.
The probability is exact, by the distribution of the walk, not by simulation.

All of it is advice: published sensitivity of LC-CUSUM 85 %, specificity 67 %. A signal opens a
review; a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import ceil, log
from typing import Final

import numpy as np

# Sums of logarithms that should be equal differ by less; real steps differ by more.
_TOLERANCE: Final = 1e-9


class Phase(StrEnum):
    """Which of the two questions a case answers."""

    LEARNING = "learning"
    WATCHING = "watching"


class NoLimit(ValueError):
    """No limit keeps the promise: so few cases cannot tell the two failure rates apart."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a chart is held to; all four are policy of the alliance.

    ``acceptable`` (p0) and ``unacceptable`` (p1) are failure rates in (0, 1), p0 below p1.
    ``odds_ratio`` is the worsening the second chart looks for; ``cases`` the length of the walk for
    which ``alpha``, the probability of a false signal, is promised. Raises ValueError otherwise.
    """

    acceptable: float
    unacceptable: float
    odds_ratio: float
    cases: int
    alpha: float

    def __post_init__(self) -> None:
        if not 0 < self.acceptable < self.unacceptable < 1:
            raise ValueError("failure rates must be 0 < acceptable < unacceptable < 1")
        if self.odds_ratio <= 1 or self.cases < 1 or not 0 < self.alpha < 1:
            raise ValueError("odds ratio > 1, at least one case, and alpha between 0 and 1")

    @property
    def worsened(self) -> float:
        """The failure rate pA whose odds are ``odds_ratio`` times those of the acceptable one."""
        odds = self.odds_ratio * self.acceptable / (1 - self.acceptable)
        return odds / (1 + odds)


@dataclass(frozen=True, slots=True)
class Walk:
    """A sum that steps ``up`` with probability ``chance``, else ``down``, and never below nought."""

    up: float
    down: float
    chance: float

    def crossing(self, *, limit: float, cases: int) -> float:
        """The exact probability that the sum reaches ``limit`` within ``cases`` steps.

        Since the last time at nought the sum depends only on how many steps went up and how many
        down, so the walk is followed on that grid: cell ``[i, j]`` holds the probability of i ups
        and j downs since then.
        """
        ups, downs = np.indices((cases + 1, cases + 1))
        height = ups * self.up + downs * self.down
        crossed = height >= limit - _TOLERANCE
        grounded = height <= _TOLERANCE
        here = np.zeros_like(height)
        here[0, 0] = 1.0
        total = 0.0
        for _step in range(cases):
            after = np.zeros_like(here)
            after[1:, :] += here[:-1, :] * self.chance
            after[:, 1:] += here[:, :-1] * (1 - self.chance)
            total += float(after[crossed].sum())
            after[crossed] = 0.0
            at_nought = float(after[grounded].sum())
            after[grounded] = 0.0
            after[0, 0] = at_nought
            here = after
        return total

    def limit(self, *, cases: int, alpha: float) -> float:
        """The lowest limit that is reached within ``cases`` steps with probability ≤ ``alpha``.

        The sum takes only certain heights; any limit between two neighbours means the same, and
        the one halfway is returned, so that rounding decides nothing. Raises NoLimit where even
        ``cases`` steps up in a row are likelier than ``alpha``.
        """
        heights = _heights(self.up, self.down, cases)
        if self.crossing(limit=heights[-1], cases=cases) > alpha:
            raise NoLimit
        low, high = 0, len(heights) - 1
        while low < high:
            middle = (low + high) // 2
            if self.crossing(limit=heights[middle], cases=cases) <= alpha:
                high = middle
            else:
                low = middle + 1
        below = heights[low - 1] if low else 0.0
        return (below + heights[low]) / 2


def _heights(up: float, down: float, cases: int) -> list[float]:
    """All heights above nought that a walk of ``cases`` steps can take, rising."""
    ups, downs = np.indices((cases + 1, cases + 1))
    values = (ups * up + downs * down)[ups + downs <= cases]
    values = np.sort(values[values > _TOLERANCE])
    new = np.concatenate(([True], np.diff(values) > _TOLERANCE))
    return [float(value) for value in values[new]]


def learning_walk(parameters: Parameters) -> Walk:
    """LC-CUSUM as an operator walks it who has **not** learnt: failing at the unacceptable rate."""
    p0, p1 = parameters.acceptable, parameters.unacceptable
    return Walk(up=log((1 - p0) / (1 - p1)), down=log(p0 / p1), chance=1 - p1)


def watching_walk(parameters: Parameters) -> Walk:
    """CUSUM as an operator walks it with whom **all is well**: failing at the acceptable rate."""
    p0, worse = parameters.acceptable, parameters.worsened
    return Walk(up=log(worse / p0), down=log((1 - worse) / (1 - p0)), chance=p0)


@lru_cache(maxsize=256)
def limits(parameters: Parameters) -> Mapping[Phase, float]:
    """The limit of each chart under these parameters. Raises NoLimit (see Walk.limit)."""
    walks = {Phase.LEARNING: learning_walk(parameters), Phase.WATCHING: watching_walk(parameters)}
    return {
        phase: walk.limit(cases=parameters.cases, alpha=parameters.alpha)
        for phase, walk in walks.items()
    }


def fewest_cases(parameters: Parameters) -> int:
    """How many cases it takes, all of them successes, before competence can show at all.

    Below this number the chart says nothing, and whoever draws it has to say that.
    """
    return ceil(limits(parameters)[Phase.LEARNING] / learning_walk(parameters).up)


@dataclass(frozen=True, slots=True)
class Point:
    """One case on the curve: its number from 1, the sum after it, and whether that is a signal."""

    case: int
    phase: Phase
    failed: bool
    score: float
    limit: float
    is_signal: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """All cases of one practitioner and technique, and where they stand now.

    ``phase`` is the question the next case will answer. ``competent_at`` is the case at which
    competence showed for the first time, ``slipped_at`` the first one of a loss that nobody has
    reviewed yet.
    """

    points: tuple[Point, ...]
    phase: Phase
    competent_at: int | None
    slipped_at: int | None

    @property
    def failures(self) -> int:
        """How many cases failed."""
        return sum(point.failed for point in self.points)


def follow(
    failures: Iterable[bool],
    parameters: Parameters,
    *,
    reviewed: Mapping[int, Phase] | None = None,
) -> Curve:
    """Draw the curve of cases in order, each True where it failed.

    ``reviewed`` says after which case (its number) a signal of loss was looked into, and with which
    question the curve goes on from nought: WATCHING where all was found well, LEARNING where the
    technique has to be learnt again. A loss that nobody reviewed stays a signal. Raises NoLimit.
    """
    reviewed = reviewed or {}
    limit = limits(parameters)
    learning, watching = learning_walk(parameters), watching_walk(parameters)
    phase, score = Phase.LEARNING, 0.0
    competent_at = slipped_at = None
    points = []
    for case, failed in enumerate(failures, start=1):
        walk, rises = (learning, not failed) if phase is Phase.LEARNING else (watching, failed)
        score = max(0.0, score + (walk.up if rises else walk.down))
        is_signal = score >= limit[phase] - _TOLERANCE
        points.append(Point(case, phase, failed, score, limit[phase], is_signal))
        if is_signal and phase is Phase.WATCHING:
            slipped_at = slipped_at or case
        if case in reviewed:
            phase, score, slipped_at = reviewed[case], 0.0, None
        elif is_signal and phase is Phase.LEARNING:
            competent_at = competent_at or case
            phase, score = Phase.WATCHING, 0.0
    return Curve(tuple(points), phase, competent_at, slipped_at)
