"""What others may ask of referrals: alternatives, open legs, whose minutes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from alliance.catalogue.selectors import technique_grade
from alliance.institutions import selectors as institutions
from alliance.institutions.choices import TIER_RANK, Direction
from alliance.institutions.models import Department, Institution
from alliance.institutions.rules import direction_between
from equipment.bookings.selectors_lost import serving_referrals

from . import rules
from .models import OCCUPYING, ReasonCode, Referral

# How many other places a refusal offers (looks: the two next-best places with one tap).
OFFERED = 3


@dataclass(frozen=True)
class Alternative:
    """Another institution that could take this referral, and why."""

    institution: Institution
    department: Department | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """For API answers and refusals."""
        return {
            "id": str(self.institution.public_id),
            "name": self.institution.name,
            "tier": self.institution.tier,
            "department": str(self.department.public_id) if self.department else None,
            "why": self.why,
        }


@dataclass(frozen=True)
class Wish:
    """What a referral asks of its receiver."""

    sender: Institution
    direction: str
    alliance_id: int
    on: date
    specialty_id: int | None = None
    technique_id: int | None = None


def receiving_facts(
    wish: Wish, receiver: Institution, department: Department | None
) -> rules.Receiving:
    """What is true of `receiver` for this wish, for `rules.reasons_not_to_receive`."""
    grade = (
        technique_grade(wish.technique_id, on=wish.on, alliance_id=wish.alliance_id)
        if wish.technique_id
        else None
    )
    return rules.Receiving(
        active=receiver.is_active and not receiver.is_external,
        related=institutions.relation_allowed(
            alliance_id=wish.alliance_id,
            sender_id=wish.sender.pk,
            receiver_id=receiver.pk,
            on=wish.on,
        ),
        direction_fits=direction_between(wish.sender.tier, receiver.tier) == wish.direction,
        has_department=_has_department(wish, receiver, department),
        tier_permits=grade.allows(receiver.tier) if grade else None,
    )


def _has_department(wish: Wish, receiver: Institution, department: Department | None) -> bool:
    if department is not None:
        return department.institution_id == receiver.pk and department.is_active
    if wish.direction == Direction.DOWN or wish.specialty_id is None:
        return True
    found = institutions.departments_for(institution_id=receiver.pk, specialty_id=wish.specialty_id)
    return found.exists()


def alternatives(wish: Wish, *, without: Iterable[int] = ()) -> list[Alternative]:
    """The next-best places for a wish: open in the matrix, with the department and the tier.

    Nearest tier first (a patient goes no higher than needed), then more beds.
    """
    offered = institutions.receivers_for(sender_id=wish.sender.pk, on=wish.on).exclude(
        pk__in=[*without, wish.sender.pk]
    )
    if wish.direction != Direction.DOWN and wish.specialty_id:
        here = Department.objects.filter(
            institution=OuterRef("pk"), specialty_id=wish.specialty_id, is_active=True
        )
        offered = offered.filter(Exists(here))
    grade = (
        technique_grade(wish.technique_id, on=wish.on, alliance_id=wish.alliance_id)
        if wish.technique_id
        else None
    )
    fitting = [
        place
        for place in offered.filter(is_external=False)
        if (grade is None or grade.allows(place.tier)) and _right_way(wish, place)
    ]
    fitting.sort(key=lambda place: (abs(_distance(wish, place)), -place.beds, place.pk))
    return _described(wish, fitting[:OFFERED])


def _right_way(wish: Wish, place: Institution) -> bool:
    way = direction_between(wish.sender.tier, place.tier)
    return way == wish.direction or (wish.direction == Direction.UP and way == Direction.LATERAL)


def _distance(wish: Wish, place: Institution) -> int:
    return TIER_RANK[place.tier] - TIER_RANK[wish.sender.tier] or len(TIER_RANK)


def _described(wish: Wish, places: list[Institution]) -> list[Alternative]:
    departments = {
        department.institution_id: department
        for department in Department.objects.filter(
            institution__in=places, specialty=wish.specialty_id, is_active=True
        ).order_by("-code")
    }
    return [
        Alternative(place, departments.get(place.pk), _why(place, departments.get(place.pk)))
        for place in places
    ]


def _why(place: Institution, department: Department | None) -> str:
    if department is None:
        return str(place.get_tier_display())
    return _("%(tier)s · %(department)s, %(beds)d beds") % {
        "tier": place.get_tier_display(),
        "department": department.name,
        "beds": department.beds,
    }


def wish_of(referral: Referral, on: date) -> Wish:
    """The wish that a filed referral stands for."""
    return Wish(
        sender=referral.sender,
        direction=referral.direction,
        alliance_id=referral.alliance_id,
        on=on,
        specialty_id=referral.specialty_id,
        technique_id=referral.technique_id,
    )


def alternatives_for(referral: Referral, *, on: date) -> list[Alternative]:
    """Other places for this referral, apart from those it was already sent to."""
    tried = {referral.receiver_id}
    parent = referral.parent
    while parent is not None and not referral.is_back_leg:
        tried.add(parent.receiver_id)
        parent = parent.parent
    return alternatives(wish_of(referral, on), without=[pk for pk in tried if pk])


def open_legs(patient_id: int) -> QuerySet[Referral]:
    """A patient's legs that are not final, the newest first."""
    return (
        Referral.objects.filter(patient_id=patient_id, closed_at=None)
        .exclude(status="draft")
        .order_by("-created_at")
    )


def occupying(patient_id: int, specialty_id: int) -> QuerySet[Referral]:
    """The leg that occupies a patient for a specialty: the constraint lets there be one."""
    return Referral.objects.filter(
        patient_id=patient_id, specialty_id=specialty_id, status__in=OCCUPYING
    )


def open_legs_resting_on(consent_id: int) -> list[int]:
    """Ids of the open legs that a consent allows."""
    legs = Referral.objects.filter(consent_id=consent_id, closed_at=None)
    return list(legs.values_list("pk", flat=True))


def open_legs_served_by(booking_ids: Collection[int]) -> list[tuple[int, int]]:
    """(booking, open leg) of those bookings of devices that name a leg of their alliance.

    The number is text that people typed: one that is unknown, or another alliance's, names none.
    """
    named = serving_referrals(booking_ids)
    legs = Referral.objects.filter(
        number__in={number for _booking, _alliance, number in named}, closed_at=None
    )
    by_number = {
        (alliance, number): pk
        for pk, alliance, number in legs.values_list("pk", "alliance_id", "number")
    }
    return [
        (booking, by_number[alliance, number])
        for booking, alliance, number in named
        if (alliance, number) in by_number
    ]


def reason_codes(move: str, *, on: date) -> QuerySet[ReasonCode]:
    """The reasons a move may carry on a date."""
    return ReasonCode.objects.in_force(on).filter(move=move)


def seconds_by_holder(referral: Referral, *, until: datetime) -> dict[int, int]:
    """Seconds each institution has held the leg, recomputed from its events."""
    steps = [
        rules.Held(at, holder)
        for at, holder in referral.events.order_by("version").values_list("at", "holder_id")
    ]
    return rules.seconds_by_holder(steps, until)
