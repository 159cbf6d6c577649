"""How far doctors are on the way to a higher title, by the cases they have done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alliance.catalogue.choices import TechniqueGrade
from alliance.catalogue.selectors import graded
from alliance.core.policy import policies
from alliance.people.models import Practitioner
from training.logbook import selectors as logbook


@dataclass(frozen=True, slots=True)
class Standing:
    """Cases of one doctor that count for promotion, and how many are asked for."""

    doctor: Practitioner
    basic: int
    basic_needed: int
    advanced: int
    advanced_needed: int

    @property
    def basic_met(self) -> bool:
        """Whether there are enough for the intermediate title."""
        return self.basic >= self.basic_needed

    @property
    def advanced_met(self) -> bool:
        """Whether there are enough for the senior title."""
        return self.advanced >= self.advanced_needed


def promotion(doctors: Sequence[Practitioner], *, alliance_id: int, on: date) -> list[Standing]:
    """Confirmed cases by the grade that their technique has today (three queries).

    Basic ones operated independently count for the intermediate title; advanced and complex ones in
    which one took part in any role for the senior one.
    """
    grades = {one.technique_id: one.grade for one in graded(alliance_id=alliance_id, on=on)}
    counts = logbook.case_counts([one.pk for one in doctors], until=on + timedelta(days=1))
    basic: dict[int, int] = defaultdict(int)
    advanced: dict[int, int] = defaultdict(int)
    for (person, technique), cases in counts.items():
        grade = grades.get(technique)
        if grade == TechniqueGrade.BASIC:
            basic[person] += cases.independent
        elif grade is not None:
            advanced[person] += cases.assistant + cases.supervised + cases.independent
    needed = policies(alliance_id=alliance_id, on=on, prefix="promotion.")
    return [
        Standing(
            one,
            basic[one.pk],
            needed["promotion.basic_independent"],
            advanced[one.pk],
            needed["promotion.advanced_part"],
        )
        for one in doctors
    ]
