"""What the standard programmes ask for, as data; numbers come from policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .choices import CourseVariety, ExamVariety, Need, Part, StageKind

# The five tasks of FLS (SAGES) and the animal model, by the codes of the starter stations.
FLS = (
    ("fls_peg_transfer", _("Peg transfer")),
    ("fls_pattern_cut", _("Pattern cutting")),
    ("fls_loop", _("Ligating loop")),
    ("fls_extracorporeal", _("Extracorporeal suture")),
    ("fls_intracorporeal", _("Intracorporeal suture")),
)
ANIMAL = "animal_cases"
# A mean of 4 on the scale in force is "seldom needs help".
_RATING = 4


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A stage and what it asks for, as values of the tables."""

    kind: str
    name: Any
    needs: tuple[Mapping[str, Any], ...]


def _need(kind: Need, label: Any, minimum: int = 1, **more: Any) -> Mapping[str, Any]:
    return {"kind": kind.value, "label": label, "minimum": minimum, **more}


def _theory() -> StageDraft:
    return StageDraft(
        StageKind.THEORY,
        _("Theory"),
        (
            _need(
                Need.COURSE, _("A course on the technique"), variety=CourseVariety.TECHNIQUE.value
            ),
            _need(Need.EXAM, _("Theory exam on the technique"), variety=ExamVariety.THEORY.value),
        ),
    )


def _simulation(numbers: Mapping[str, int]) -> StageDraft:
    tasks = [_need(Need.STATION, name, station_code=code) for code, name in FLS]
    animals = _need(
        Need.ANIMAL_CASES,
        _("Animal cases"),
        numbers["programme.animal_cases"],
        station_code=ANIMAL,
    )
    exam = _need(Need.EXAM, _("Animal-model exam"), variety=ExamVariety.ANIMAL.value)
    return StageDraft(StageKind.SIMULATION, _("Simulation"), (*tasks, animals, exam))


def _clinical(numbers: Mapping[str, int]) -> StageDraft:
    return StageDraft(
        StageKind.CLINICAL,
        _("Clinical practice"),
        (
            _need(
                Need.CASES,
                _("Cases as assistant"),
                numbers["programme.assisted_cases"],
                part=Part.ASSISTANT.value,
            ),
            _need(
                Need.CASES,
                _("Cases operated under supervision"),
                numbers["programme.supervised_cases"],
                part=Part.SUPERVISED.value,
            ),
            _need(Need.RATING, _("Mean rating by the mentor"), _RATING, part=Part.SUPERVISED.value),
        ),
    )


def _assessment(label: Any) -> StageDraft:
    return StageDraft(StageKind.ASSESSMENT, _("Assessment"), (_need(Need.SIGN_OFF, label),))


def technique_stages(
    *, is_minimally_invasive: bool, numbers: Mapping[str, int]
) -> list[StageDraft]:
    """A technique: theory, simulation where it is minimally invasive, clinic, assessment."""
    middle = [_simulation(numbers)] if is_minimally_invasive else []
    last = _assessment(_("The mentor finds the doctor fit to operate alone"))
    return [_theory(), *middle, _clinical(numbers), last]


def fellowship_stages(numbers: Mapping[str, int]) -> list[StageDraft]:
    """A specialist fellowship of county surgeons at a tertiary base."""
    return [
        StageDraft(
            StageKind.THEORY,
            _("Theory"),
            (_need(Need.COURSE, _("A thematic training"), variety=CourseVariety.THEMATIC.value),),
        ),
        StageDraft(
            StageKind.CLINICAL,
            _("Clinical practice"),
            (
                _need(
                    Need.MONTHS,
                    _("Months of rotation at the base"),
                    numbers["programme.fellowship_months"],
                ),
            ),
        ),
        _assessment(_("The base finds the fellowship completed")),
    ]


def gatekeeper_stages(numbers: Mapping[str, int]) -> list[StageDraft]:
    """General practitioners: screening, recognising complications, follow-up."""
    hours = numbers["programme.gatekeeper_hours"]
    return [
        StageDraft(
            StageKind.THEORY,
            _("Screening, complications, follow-up"),
            (
                _need(Need.HOURS, _("Hours of education"), hours),
                _need(Need.COURSE, _("A thematic training"), variety=CourseVariety.THEMATIC.value),
            ),
        ),
        _assessment(_("The trainer finds the course completed")),
    ]


def entry_stages() -> list[StageDraft]:
    """New surgeons, before they work."""
    return [
        StageDraft(
            StageKind.THEORY,
            _("Theory"),
            (
                _need(Need.COURSE, _("Entry training"), variety=CourseVariety.ENTRY.value),
                _need(Need.EXAM, _("Entry exam"), variety=ExamVariety.ENTRY.value),
            ),
        ),
        _assessment(_("The department lets the doctor begin")),
    ]
