"""Who may do what: the page's question put to the selectors, within one alliance."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from alliance.catalogue.models import Technique
from alliance.institutions.models import Institution
from alliance.institutions.selectors import memberships_of
from alliance.people.models import Practitioner

from . import presenters, selectors
from .models import Privilege

# More than a person reads; whoever needs all takes the table out.
MOST = 200


@dataclass
class Asked:
    """What was asked, and the answers: `one` about one person, or lists of people or techniques."""

    technique: Technique | None
    practitioner: Practitioner | None
    institution: Institution | None
    on: date
    one: presenters.Told | None = None
    people: list[Privilege] = field(default_factory=list)
    techniques: list[presenters.Told] = field(default_factory=list)
    is_foreign: bool = False
    is_cut: bool = False


def ask(
    *,
    alliance_id: int,
    technique: Technique | None,
    practitioner: Practitioner | None,
    institution: Institution | None,
    on: date,
) -> Asked:
    """Answer about one person and technique, about everybody for a technique, or all of a person's.

    Places outside the alliance are not answered about.
    """
    place = institution or (practitioner.institution if practitioner and technique else None)
    asked = Asked(technique, practitioner, place, on)
    if place is not None and not _is_member(place, alliance_id, on):
        asked.is_foreign = True
    elif technique is not None and practitioner is not None and place is not None:
        asked.one = _one(practitioner, technique, place, on)
        if not asked.one.answer.may:
            _list_people(asked, technique, place, alliance_id)
    elif technique is not None:
        _list_people(asked, technique, place, alliance_id)
    elif practitioner is not None:
        asked.techniques = _techniques(practitioner, place, alliance_id, on)
    return asked


def _is_member(place: Institution, alliance_id: int, on: date) -> bool:
    return memberships_of(place.pk, on=on).filter(alliance=alliance_id).exists()


def _one(
    practitioner: Practitioner, technique: Technique, place: Institution, on: date
) -> presenters.Told:
    answer = selectors.may_perform(
        practitioner_id=practitioner.pk,
        technique_id=technique.pk,
        institution_id=place.pk,
        on=on,
    )
    return presenters.Told(answer, technique, place)


def _list_people(
    asked: Asked, technique: Technique, place: Institution | None, alliance_id: int
) -> None:
    """Those who may: at the place, else in the alliance; independent ones first."""
    rows = selectors.who_may(
        technique_id=technique.pk,
        institution_id=place.pk if place else None,
        alliance_id=alliance_id,
        on=asked.on,
    )
    found = list(
        rows.for_list().order_by("level", "institution__name", "practitioner__name")[: MOST + 1]
    )
    asked.people, asked.is_cut = found[:MOST], len(found) > MOST


def _techniques(
    practitioner: Practitioner, place: Institution | None, alliance_id: int, on: date
) -> list[presenters.Told]:
    """Every technique somebody holds or held a privilege for in the alliance, what they may first."""
    answers = selectors.what_may(practitioner_id=practitioner.pk, on=on)
    held = Privilege.objects.filter(practitioner=practitioner, alliance=alliance_id).for_list()
    rows = {(row.technique_id, row.institution_id): row for row in held}
    told = [
        presenters.Told(answer, row.technique, row.institution, row)
        for (_person, technique, house), answer in answers.items()
        if (row := rows.get((technique, house))) and (place is None or place.pk == house)
    ]
    order = {"yes": 0, "supervised": 1, "no": 2}
    return sorted(told, key=lambda one: (order[one.answer.verdict], one.technique.code))
