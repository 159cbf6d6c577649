"""Where everybody of a house stands on their curves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from alliance.catalogue.models import Technique
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership
from alliance.people.models import Practitioner

from . import charts, curves, policies
from .curves import Drawn


@dataclass(frozen=True, slots=True)
class Standing:
    """One practitioner and technique as a list shows it."""

    person: Practitioner
    technique: Technique
    drawn: Drawn
    tone: str
    label: str

    @property
    def url(self) -> str:
        """The curve itself."""
        return reverse("logbook:curve", args=[self.person.public_id, self.technique.code])


_WORST_FIRST = ("bad", "active", "neutral", "good")


def of_staff(user: Any, *, on: date) -> list[Standing]:
    """One's own curves and those of the staff of one's houses, what needs eyes first."""
    people = _people(user)
    alliances = (
        Membership.objects.in_force(on)
        .filter(institution__in={one.institution_id for one in people.values()})
        .values_list("alliance_id", flat=True)
    )
    drawn = [
        one
        for pk in sorted(set(alliances))
        for one in curves.draw_all(alliance_id=pk, on=on, practitioner_ids=list(people))
    ]
    techniques = Technique.objects.in_bulk({one.cases.technique_id for one in drawn})
    found = [
        Standing(
            people[one.cases.practitioner_id],
            techniques[one.cases.technique_id],
            one,
            *charts.standing(one),
        )
        for one in drawn
    ]
    return sorted(
        found,
        key=lambda one: (_WORST_FIRST.index(one.tone), one.person.pinyin, one.technique.code),
    )


def _people(user: Any) -> dict[int, Practitioner]:
    houses = access_of(user).institutions_with(Permission.CASE_VIEW)
    rows = Practitioner.objects.visible_to(user).filter(institution__in=houses)
    mine = policies.practitioner_of(user)
    if mine is not None:
        rows = rows | Practitioner.objects.visible_to(user).filter(pk=mine)
    return {one.pk: one for one in rows.select_related("institution")}
