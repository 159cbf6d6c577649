"""Who and what the demonstration of training is about."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from alliance.catalogue.models import CatalogueEntry, Technique
from alliance.catalogue.selectors import edition_in_force
from alliance.core.choices import Role
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner, RoleGrant, User


@dataclass(frozen=True)
class Graded:
    """A technique as the edition in force grades it."""

    technique: Technique
    grade: str
    tiers: frozenset[str]


@dataclass
class Scene:
    """The alliance on the day it is loaded, with the dice that invent the rest."""

    alliance: Alliance
    tertiary: Institution
    counties: list[Institution]
    townships: list[Institution]
    staff: dict[int, list[Practitioner]]
    today: date
    dice: Random
    graded: list[Graded] = field(default_factory=list)
    accounts: dict[int, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        edition = edition_in_force(alliance_id=self.alliance.pk, on=self.today)
        entries = CatalogueEntry.objects.filter(edition=edition).select_related("technique")
        self.graded = [
            Graded(entry.technique, entry.grade, frozenset(entry.tiers))
            for entry in entries.order_by("technique__code")
        ]
        people = User.objects.filter(practitioner__isnull=False, is_demo=True)
        self.accounts = {user.practitioner_id: user for user in people if user.practitioner_id}
        self._holders: dict[tuple[Any, ...], User] = {}
        self._by_specialty: dict[int, list[Graded]] = defaultdict(list)
        for one in self.graded:
            if one.technique.specialty_id:
                self._by_specialty[one.technique.specialty_id].append(one)

    @property
    def hospitals(self) -> list[Institution]:
        """Where mentors work."""
        return [self.tertiary, *self.counties]

    def fitting(self, person: Practitioner, house: Institution) -> list[Graded]:
        """Techniques of a person's specialty that the tier of a house may do."""
        department = person.department
        if department is None:
            return []
        return [
            one for one in self._by_specialty[department.specialty_id] if house.tier in one.tiers
        ]

    def technique(self, code: str) -> Technique:
        """A technique of the catalogue by its code."""
        return next(one.technique for one in self.graded if one.technique.code == code)

    def day(self, back: int) -> date:
        """So many days ago."""
        return self.today - timedelta(days=back)

    def moment(self, back: int, hour: int = 10) -> datetime:
        """That day at an hour, on the wall clock."""
        return timezone.make_aware(datetime.combine(self.day(back), time(hour)))

    def holder(self, role: str) -> User:
        """Whoever holds an office of the alliance."""
        return self._first(role, alliance=self.alliance)

    @property
    def office(self) -> User:
        """The alliance office."""
        return self.holder(Role.ALLIANCE_OFFICE)

    @property
    def qc(self) -> User:
        """A member of the QC committee."""
        return self.holder(Role.QC_MEMBER)

    def manager(self, house: Institution) -> User:
        """The administrator of a house."""
        return self._first(Role.MANAGER, institution=house)

    def _first(self, role: str, **where: Alliance | Institution) -> User:
        """Who was given a role there first; it is asked for at every step, and looked up once."""
        key = (role, *((name, place.pk) for name, place in where.items()))
        if key not in self._holders:
            grants = RoleGrant.objects.filter(role=role, **where).select_related("user")
            self._holders[key] = grants.order_by("pk")[0].user
        return self._holders[key]

    def committee(self) -> list[User]:
        """Members of the QC committee, in the order in which they were named."""
        grants = RoleGrant.objects.filter(role=Role.QC_MEMBER, alliance=self.alliance)
        chosen = grants.select_related("user__practitioner__institution").order_by("pk")
        return [grant.user for grant in chosen]

    def is_known(self, person: Practitioner, username: str) -> bool:
        """Whether this is the person who signs in by that name."""
        account = self.accounts.get(person.pk)
        return account is not None and account.username == username

    def years(self, person: Practitioner) -> int:
        """Whole years of practice on the day."""
        return (self.today - person.practice_started_on).days // 365
