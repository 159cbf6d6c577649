"""What the rules have to know about many entries at once: who was absent, who was privileged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from alliance.people.models import Absence
from training.privileges.choices import Level
from training.privileges.models import Privilege, Suspension

Period = tuple[date, date | None]


class Taught(NamedTuple):
    """Somebody who supervises a technique on a day."""

    supervisor_id: int
    technique_id: int
    on: date


@dataclass
class Known:
    """Absences by person, and times in which somebody was independent with a technique."""

    absences: dict[int, list[Period]] = field(default_factory=dict)
    privileges: dict[tuple[int, int], list[tuple[int, Period]]] = field(default_factory=dict)
    suspensions: dict[int, list[Period]] = field(default_factory=dict)

    def absent(self, practitioner_id: int | None, on: date) -> bool:
        """Whether somebody was not at work that day."""
        return _holds(self.absences.get(practitioner_id or 0, []), on)

    def privileged(self, taught: Taught) -> bool:
        """Whether the supervisor was privileged to do it independently that day, wherever."""
        held = self.privileges.get(taught[:2], [])
        return any(
            _holds([period], taught.on) and not _holds(self.suspensions.get(pk, []), taught.on)
            for pk, period in held
        )


def _holds(periods: list[Period], on: date) -> bool:
    """Whether one of these half-open periods holds a day."""
    return any(start <= on and (end is None or on < end) for start, end in periods)


def gather(*, people: Collection[int], taught: Collection[Taught]) -> Known:
    """Everything the rules ask about these people, in three queries however many entries."""
    known = Known()
    for who, start, end in Absence.objects.filter(practitioner__in=people).values_list(
        "practitioner_id", "valid_from", "valid_until"
    ):
        known.absences.setdefault(who, []).append((start, end))
    if not taught:
        return known
    privileges = Privilege.objects.filter(
        practitioner__in={one.supervisor_id for one in taught},
        technique__in={one.technique_id for one in taught},
        level=Level.INDEPENDENT,
    )
    for pk, who, what, start, end in privileges.values_list(
        "pk", "practitioner_id", "technique_id", "valid_from", "ends_on"
    ):
        known.privileges.setdefault((who, what), []).append((pk, (start, end)))
    suspensions = Suspension.objects.filter(privilege__in=privileges.values("pk"))
    for pk, start, end in suspensions.values_list("privilege_id", "valid_from", "valid_until"):
        known.suspensions.setdefault(pk, []).append((start, end))
    return known
