"""Facts for many questions at once: who, where, which technique, each read with one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery

from alliance.catalogue import selectors as catalogue
from alliance.institutions.models import Institution, Membership
from alliance.people.models import PracticeSite, Practitioner
from training.standards import selectors as standards

from . import rules
from .models import Privilege


class Triple(NamedTuple):
    """One question: this person, this technique, this place."""

    practitioner_id: int
    technique_id: int
    institution_id: int


@dataclass(frozen=True)
class Facts:
    """What was found; a person or place that does not exist is missing."""

    people: Mapping[int, Mapping[str, Any]]
    sites: frozenset[tuple[int, int]]
    places: Mapping[tuple[int, int], rules.Place]
    periods: Mapping[Triple, list[rules.Period]] = field(default_factory=dict)

    def judge(
        self, triple: Triple, *, on: date, mdt_recorded: bool | None = None
    ) -> rules.Judgement | None:
        """The answer to one question; None where person or place does not exist."""
        row = self.people.get(triple.practitioner_id)
        place = self.places.get((triple.technique_id, triple.institution_id))
        if row is None or place is None:
            return None
        home = row["institution_id"] == triple.institution_id
        person = rules.Person(
            is_active=row["is_active"],
            licence_valid_until=row["licence_valid_until"],
            practice_started_on=row["practice_started_on"],
            is_here=home or (triple.practitioner_id, triple.institution_id) in self.sites,
        )
        periods = self.periods.get(triple, [])
        return rules.judge(person, place, periods, on=on, mdt_recorded=mdt_recorded)


def gather(triples: Iterable[Triple], *, on: date) -> Facts:
    """Read what the answers to these questions rest on, in a fixed number of statements."""
    asked = list(triples)
    people = {one.practitioner_id for one in asked}
    houses = {one.institution_id for one in asked}
    return Facts(
        people=_people(people),
        sites=_sites(people, houses, on),
        places=_places({one[1:] for one in asked}, on),
        periods=_periods(people, {one.technique_id for one in asked}, houses, on),
    )


def _people(ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Practitioner.objects.filter(pk__in=ids).values(
        "pk", "is_active", "institution_id", "licence_valid_until", "practice_started_on"
    )
    return {row["pk"]: row for row in rows}


def _sites(people: set[int], houses: set[int], on: date) -> frozenset[tuple[int, int]]:
    sites = PracticeSite.objects.in_force(on).filter(
        practitioner__in=people, institution__in=houses
    )
    return frozenset(sites.values_list("practitioner_id", "institution_id"))


def _places(pairs: set[tuple[int, int]], on: date) -> dict[tuple[int, int], rules.Place]:
    """What technique and institution allow, by (technique, institution)."""
    houses = _houses({house for _technique, house in pairs}, on)
    techniques: dict[int, set[int]] = defaultdict(set)
    for technique, house in pairs:
        if house in houses and (alliance := houses[house][1]):
            techniques[alliance].add(technique)
    asked = {
        alliance: catalogue.requirements(ids, on=on, alliance_id=alliance)
        for alliance, ids in techniques.items()
    }
    granted = standards.granted_pairs(
        institution_ids=list(houses), technique_ids={pair[0] for pair in pairs}, on=on
    )
    found = {}
    for technique, house in pairs:
        if house in houses:
            tier, alliance = houses[house]
            needs = asked[alliance].get(technique) if alliance else None
            found[technique, house] = place_of(
                needs, tier, alliance, granted.get((house, technique))
            )
    return found


def place_of(
    needs: catalogue.TechniqueRequirements | None,
    tier: str,
    alliance: int | None,
    counts: bool | None,
) -> rules.Place:
    """Technique and institution as the rules take them; `counts` of the admission, if there is one."""
    if needs is None:
        return rules.Place(is_member=alliance is not None, grade="", tier_allowed=None)
    return rules.Place(
        is_member=True,
        grade=needs.grade,
        tier_allowed=needs.allows(tier),
        needs_admission=needs.needs_admission,
        is_admitted=bool(counts),
        admission_suspended=counts is False,
        min_years=needs.min_years,
        needs_mdt=needs.needs_mdt,
    )


def _houses(ids: set[int], on: date) -> dict[int, tuple[str, int | None]]:
    """Tier and alliance (the earliest joined) of each institution."""
    joined = (
        Membership.objects.in_force(on)
        .filter(institution=OuterRef("pk"), alliance__is_active=True)
        .order_by("valid_from", "pk")
    )
    rows = Institution.objects.filter(pk__in=ids).annotate(
        group=Subquery(joined.values("alliance_id")[:1])
    )
    return {pk: (tier, group) for pk, tier, group in rows.values_list("pk", "tier", "group")}


def _periods(
    people: set[int], techniques: set[int], houses: set[int], on: date
) -> dict[Triple, list[rules.Period]]:
    rows = Privilege.objects.filter(
        practitioner__in=people, technique__in=techniques, institution__in=houses
    )
    found: dict[Triple, list[rules.Period]] = defaultdict(list)
    for row in rows.with_suspension(on).order_by("valid_from", "pk"):
        triple = Triple(row.practitioner_id, row.technique_id, row.institution_id)
        found[triple].append(period_of(row))
    return found


def period_of(row: Any) -> rules.Period:
    """A privilege, read `with_suspension`, as the rules take it."""
    return rules.Period(
        id=row.pk,
        level=row.level,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        ends_on=row.ends_on,
        is_withdrawn=row.withdrawn_on is not None and row.withdrawn_on == row.ends_on,
        is_suspended=row.is_suspended,
        conditions=row.conditions,
    )
