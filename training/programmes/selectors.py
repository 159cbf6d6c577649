"""What others may ask of programmes: how far somebody is, and what is missing for a privilege."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from . import facts, rules
from .choices import EnrolmentStatus, StageKind
from .models import Enrolment, ProgrammeVersion, Stage, StageRequirement


@dataclass(frozen=True, slots=True)
class RequirementState:
    """A requirement, met or missing, with its numbers."""

    requirement: StageRequirement
    measured: rules.Measured

    @property
    def label(self) -> str:
        """What is asked for, in words."""
        return self.requirement.label

    @property
    def source(self) -> str:
        """Which record it is read from, in words."""
        return str(self.requirement.get_kind_display())

    @property
    def is_met(self) -> bool:
        """Whether there is enough."""
        return self.measured.is_met

    @property
    def have(self) -> float:
        """How much is there."""
        return self.measured.have

    @property
    def minimum(self) -> float:
        """How much is asked for."""
        return self.measured.requirement.minimum

    @property
    def met_on(self) -> date | None:
        """Since when it is met."""
        return self.measured.met_on

    @property
    def too_early(self) -> int:
        """How many facts do not count, since they came before their stage was open."""
        return self.measured.too_early


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A stage with its requirements."""

    stage: Stage
    requirements: tuple[RequirementState, ...]
    opened_on: date | None
    passed_on: date | None

    @property
    def is_passed(self) -> bool:
        """Whether it is behind one."""
        return self.passed_on is not None

    @property
    def is_open(self) -> bool:
        """Whether this is where one is."""
        return self.opened_on is not None and self.passed_on is None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an enrolment is on a date."""

    enrolment: Enrolment
    on: date
    stages: tuple[StageProgress, ...]
    percent: int
    is_complete: bool

    @property
    def requirements(self) -> list[RequirementState]:
        """Every requirement, in order."""
        return [one for stage in self.stages for one in stage.requirements]

    @property
    def missing(self) -> list[RequirementState]:
        """What is not met."""
        return [one for one in self.requirements if not one.is_met]

    @property
    def met(self) -> list[RequirementState]:
        """What is met."""
        return [one for one in self.requirements if one.is_met]

    @property
    def current(self) -> StageProgress | None:
        """The stage one is in; None when all is done."""
        return next((stage for stage in self.stages if stage.is_open), None)

    @property
    def next_act(self) -> RequirementState | None:
        """What to do next: the first thing missing where one is."""
        here = self.current
        return next((one for one in here.requirements if not one.is_met), None) if here else None

    @property
    def has_reached_clinic(self) -> bool:
        """Whether everything before the clinical stage is met."""
        return any(
            stage.stage.kind == StageKind.CLINICAL and stage.opened_on is not None
            for stage in self.stages
        )


def progress_many(enrolments: Iterable[Enrolment], *, on: date) -> dict[int, Progress]:
    """How far each is, by enrolment id; the number of queries does not grow with them."""
    rows = list(enrolments)
    if not rows:
        return {}
    needs = facts.requirements_of({row.programme_version_id for row in rows})
    paths = facts.paths(rows, needs, on=on)
    return {
        row.pk: _progress(row, paths[row.pk], needs[row.programme_version_id], on=on)
        for row in rows
        if row.pk in paths
    }


def progress(enrolment: Enrolment, *, on: date) -> Progress:
    """How far one is: stages, requirements met and missing, what to do next."""
    return progress_many([enrolment], on=on)[enrolment.pk]


def _progress(
    enrolment: Enrolment, path: rules.Path, needs: list[StageRequirement], *, on: date
) -> Progress:
    by_key = {need.pk: need for need in needs}
    stages = []
    for state in path.stages:
        told = tuple(RequirementState(by_key[m.requirement.key], m) for m in state.measured)
        stages.append(
            StageProgress(told[0].requirement.stage, told, state.opened_on, state.passed_on)
        )
    return Progress(enrolment, on, tuple(stages), path.percent, path.is_complete)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether somebody has done what an independent privilege asks for."""

    progress: Progress | None

    @property
    def enrolment(self) -> Enrolment | None:
        """The enrolment it is read from; None for who is enrolled in nothing that leads there."""
        return self.progress.enrolment if self.progress else None

    @property
    def is_ready(self) -> bool:
        """Whether every requirement is met."""
        return self.progress is not None and self.progress.is_complete

    @property
    def missing(self) -> list[RequirementState]:
        """What is not met."""
        return self.progress.missing if self.progress else []


def ready_for_privilege(
    *, practitioner_id: int, technique_id: int, alliance_id: int | None = None, on: date
) -> Readiness:
    """What somebody has done for a technique: of the enrolments that lead to it the furthest."""
    rows = (
        Enrolment.objects.filter(
            practitioner=practitioner_id, technique=technique_id, started_on__lte=on
        )
        .exclude(status=EnrolmentStatus.LEFT)
        .for_list()
        .order_by("-started_on", "-pk")
    )
    if alliance_id is not None:
        rows = rows.filter(alliance=alliance_id)
    found = progress_many(rows, on=on).values()
    return Readiness(max(found, key=lambda one: one.percent, default=None))


def version_in_force(programme_id: int, *, on: date) -> ProgrammeVersion | None:
    """The version in which one enrols on a date."""
    return ProgrammeVersion.objects.in_force(on).filter(programme=programme_id).first()


def enrolments_of(
    practitioner_ids: Iterable[int], *, technique_ids: Iterable[int] | None = None
) -> QuerySet[Enrolment]:
    """Enrolments that go on, of these people."""
    rows = Enrolment.objects.active().filter(practitioner__in=list(practitioner_ids)).for_list()
    return rows if technique_ids is None else rows.filter(technique__in=list(technique_ids))
