"""What people hold, for a whole house or a whole alliance at once."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from alliance.catalogue.selectors import Graded
from alliance.institutions.choices import Tier
from alliance.institutions.models import Institution, Membership
from alliance.people.models import PracticeSite, Practitioner
from training.standards import selectors as standards

from . import facts, rules
from .choices import Level
from .models import Privilege


@dataclass(frozen=True, slots=True)
class Judged:
    """A privilege whose period holds the day, and what it lets its holder do."""

    public_id: UUID
    level: str
    judgement: rules.Judgement


def judged(
    *,
    institution: Institution,
    people: Iterable[Practitioner],
    techniques: Iterable[Graded],
    on: date,
    visiting: Container[int] = (),
) -> dict[tuple[int, int], Judged]:
    """What each of these people holds at a member, by (practitioner, technique); one query.

    The same rule as for one question, on facts that are read for the house as a whole. Of people of
    other houses, those `visiting` are registered to practise there.
    """
    staff = {
        one.pk: _person(one, one.institution_id == institution.pk or one.pk in visiting)
        for one in people
    }
    graded = {one.technique_id: one for one in techniques}
    rows = (
        Privilege.objects.in_period(on)
        .filter(institution=institution, technique__in=graded)
        .with_suspension(on)
        .annotate(admission=Subquery(_admission(on)))
    )
    return {
        (row.practitioner_id, row.technique_id): Judged(
            row.public_id,
            row.level,
            rules.judge(
                staff[row.practitioner_id],
                _place(graded[row.technique_id], institution.tier, row.admission),
                [facts.period_of(row)],
                on=on,
            ),
        )
        for row in rows
        if row.practitioner_id in staff
    }


def _admission(on: date) -> Any:
    """Whether the admission granted to the house of a privilege counts on a day, if there is one."""
    return (
        standards.granted(on)
        .filter(institution=OuterRef("institution"), technique=OuterRef("technique"))
        .values("counts")[:1]
    )


def _person(row: Practitioner, is_here: bool) -> rules.Person:
    return rules.Person(
        is_active=row.is_active,
        licence_valid_until=row.licence_valid_until,
        practice_started_on=row.practice_started_on,
        is_here=is_here,
    )


def _place(technique: Graded, tier: str, counts: bool | None) -> rules.Place:
    return rules.Place(
        is_member=True,
        grade=technique.grade,
        tier_allowed=technique.allows(tier),
        needs_admission=technique.needs_admission,
        is_admitted=bool(counts),
        admission_suspended=counts is False,
        min_years=technique.min_years,
    )


@dataclass(frozen=True, slots=True)
class Usable:
    """How many hold a privilege on a day, how many may use it, how many are suspended."""

    held: int
    may: int
    suspended: int


def counts(
    *, alliance_id: int, techniques: Iterable[Graded], on: date
) -> dict[tuple[int, int, str], Usable]:
    """How many hold and may use what, by (institution, technique, level); one query."""
    graded = list(techniques)
    usable = _allowed(graded, on) & able(alliance_id=alliance_id, on=on)
    rows = (
        Privilege.objects.in_period(on)
        .filter(alliance=alliance_id, technique__in=[one.technique_id for one in graded])
        .with_suspension(on)
        .order_by()
        .values_list("institution_id", "technique_id", "level")
        .annotate(
            held=Count("pk"),
            may=Count("pk", filter=usable & Q(is_suspended=False)),
            suspended=Count("pk", filter=Q(is_suspended=True)),
        )
    )
    return {(house, technique, level): Usable(*n) for house, technique, level, *n in rows}


def people(
    *, alliance_id: int, techniques: Iterable[Graded], on: date
) -> dict[tuple[int, int], set[int]]:
    """Who may do what, alone or supervised, by (institution, technique); one query."""
    graded = list(techniques)
    rows = (
        Privilege.objects.in_force(on)
        .filter(alliance=alliance_id, technique__in=[one.technique_id for one in graded])
        .filter(_allowed(graded, on) & able(alliance_id=alliance_id, on=on))
    )
    found: dict[tuple[int, int], set[int]] = {}
    pairs = rows.order_by().values_list("institution_id", "technique_id", "practitioner_id")
    for house, technique, person in pairs.distinct():
        found.setdefault((house, technique), set()).add(person)
    return found


def _allowed(techniques: Iterable[Graded], on: date) -> Q:
    """Privileges for what their house may do, of people who have practised long enough."""
    by_tiers: dict[frozenset[str], list[int]] = {}
    by_years: dict[int, list[int]] = {}
    free = []
    for one in techniques:
        by_tiers.setdefault(one.tiers, []).append(one.technique_id)
        by_years.setdefault(one.min_years, []).append(one.technique_id)
        free += [] if one.needs_admission else [one.technique_id]
    tiers, years = Q(pk__in=[]), Q(level=Level.SUPERVISED)
    for allowed, ids in by_tiers.items():
        tiers |= Q(technique__in=ids, institution__tier__in=tiers_of(allowed))
    for least, ids in by_years.items():
        began = rules.latest_start(on=on, years=least)
        years |= Q(technique__in=ids, practitioner__practice_started_on__lte=began)
    return tiers & years & (Q(technique__in=free) | admitted(on))


def admitted(on: date) -> Q:
    """Privileges at houses whose admission for the technique counts on a day."""
    rows = standards.admissions_in_force(on)
    same = {"institution": OuterRef("institution"), "technique": OuterRef("technique")}
    return Q(Exists(rows.filter(**same)))


def able(*, alliance_id: int, on: date) -> Q:
    """Privileges whose holders are licensed there, at houses that are members."""
    sites = PracticeSite.objects.in_force(on).filter(
        practitioner=OuterRef("practitioner"), institution=OuterRef("institution")
    )
    joined = Membership.objects.in_force(on).filter(
        alliance=alliance_id, alliance__is_active=True, institution=OuterRef("institution")
    )
    return (
        (Q(practitioner__institution=F("institution")) | Q(Exists(sites)))
        & (Q(practitioner__licence_valid_until=None) | Q(practitioner__licence_valid_until__gte=on))
        & Q(Exists(joined))
        & Q(practitioner__is_active=True)
    )


def tiers_of(tiers: frozenset[str]) -> set[str]:
    """Tiers of institutions that may; village clinics count with their township."""
    return {*tiers, Tier.VILLAGE} if Tier.TOWNSHIP in tiers else set(tiers)
