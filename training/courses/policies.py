"""May this person keep that course, book that seat, confirm those hours."""

from typing import Any

from django.utils import timezone

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.institutions.models import Membership
from alliance.institutions.policies import insist as insist
from alliance.people.models import Practitioner

from .choices import EntryStatus
from .models import Course, HoursEntry
from .querysets import KEEPERS, LOOKERS, alliances_with, houses_with


def may_look(user: Any) -> bool:
    """Whether learning concerns the user at all."""
    return not access_of(user).everywhere().isdisjoint(LOOKERS)


def may_oversee(user: Any) -> bool:
    """Whether the user sees how far others are."""
    return Permission.TRAINING_VIEW in access_of(user).everywhere()


def keeps_house(user: Any, institution_id: int | None) -> bool:
    """Whether the user teaches at an institution or arranges its training."""
    return any(has_permission(user, one, institution_id=institution_id) for one in KEEPERS)


def houses_kept(user: Any) -> list[int]:
    """Ids of the institutions for which the user offers courses and looks after hours."""
    return sorted(houses_with(user, KEEPERS))


def alliances_kept(user: Any) -> list[int]:
    """Ids of the alliances for which the user offers courses."""
    return sorted(alliances_with(user, {Permission.PROGRAMME_MANAGE}))


def may_offer(user: Any) -> bool:
    """Whether the user offers courses at all."""
    return bool(houses_kept(user) or alliances_kept(user))


def may_keep(user: Any, course: Course) -> bool:
    """Whether the user keeps this course: its house's trainers, or the alliance's office."""
    if has_permission(user, Permission.PROGRAMME_MANAGE, alliance_id=course.alliance_id):
        return True
    return course.institution_id is not None and keeps_house(user, course.institution_id)


def is_own(user: Any, practitioner: Practitioner) -> bool:
    """Whether this is the user, in a role that learns."""
    learns = Permission.LEARNING_OWN in access_of(user).everywhere()
    return learns and getattr(user, "practitioner_id", None) == practitioner.pk


def may_arrange(user: Any, practitioner: Practitioner) -> bool:
    """Whether the user sends this practitioner to courses: the person, or who trains the house."""
    return is_own(user, practitioner) or keeps_house(user, practitioner.institution_id)


def may_see_hours(user: Any, practitioner: Practitioner) -> bool:
    """Whether the user sees a practitioner's hours: one's own, or those of staff looked after."""
    access, house = access_of(user), practitioner.institution_id
    if is_own(user, practitioner) or Permission.TRAINING_VIEW in access.institutions.get(house, ()):
        return True
    return is_member(house, access.alliances_with(Permission.TRAINING_VIEW))


def is_member(institution_id: int, alliance_ids: list[int]) -> bool:
    """Whether an institution belongs to one of these alliances today."""
    joined = Membership.objects.in_force(timezone.localdate())
    return bool(alliance_ids) and (
        joined.filter(institution=institution_id, alliance__in=alliance_ids).exists()
    )


def may_decide(user: Any, entry: HoursEntry) -> bool:
    """Whether the user says if claimed hours count; nobody does so for themselves."""
    own = getattr(user, "practitioner_id", None) == entry.practitioner_id
    waiting = entry.status == EntryStatus.WAITING
    return waiting and not own and keeps_house(user, entry.institution_id)


def may_keep_contests(user: Any, alliance_id: int) -> bool:
    """Whether the user enters contests of an alliance and their results."""
    return has_permission(user, Permission.PROGRAMME_MANAGE, alliance_id=alliance_id)


def may_keep_posts(user: Any, institution_id: int) -> bool:
    """Whether the user says who is key doctor there, and what its simulation centre is."""
    if has_permission(user, Permission.TRAINING_MANAGE, institution_id=institution_id):
        return True
    return is_member(institution_id, alliances_kept(user))
