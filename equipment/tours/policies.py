"""May this person plan that tour, book places at that stop."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.institutions.models import Membership
from alliance.institutions.policies import insist as insist
from equipment.devices.choices import TypeKind
from equipment.devices.models import Device

from .models import Place, Stop, Tour


def may_look(user: Any) -> bool:
    """Whether tours concern the user at all."""
    return Permission.EQUIPMENT_VIEW in access_of(user).everywhere()


def may_plan_any(user: Any) -> bool:
    """Whether the user plans tours at all: keepers, and alliance offices."""
    access = access_of(user)
    return bool(
        access.institutions_with(Permission.EQUIPMENT_KEEP)
        or access.alliances_with(Permission.EQUIPMENT_STANDARD)
    )


def may_plan(user: Any, tour: Tour) -> bool:
    """The keeper of the tour's owner, or the alliance office."""
    return may_plan_for(user, tour.owner_id, tour.alliance_id)


def may_plan_for(user: Any, owner_id: int, alliance_id: int) -> bool:
    """The same, before there is a tour."""
    return has_permission(
        user, Permission.EQUIPMENT_KEEP, institution_id=owner_id
    ) or has_permission(user, Permission.EQUIPMENT_STANDARD, alliance_id=alliance_id)


def vehicles_of(user: Any) -> QuerySet[Device]:
    """The vehicles that the user may send on tour, by name."""
    access = access_of(user)
    today = timezone.localdate()
    offices = access.alliances_with(Permission.EQUIPMENT_STANDARD)
    members = Membership.objects.in_force(today).filter(alliance__in=offices)
    rows: Any = Device.objects.visible_to(user).standing_on(today)
    found: QuerySet[Device] = rows.filter(
        Q(owner__in=access.institutions_with(Permission.EQUIPMENT_KEEP))
        | Q(owner__in=members.values("institution")),
        type__kind=TypeKind.VEHICLE,
    )
    return found.order_by("name", "pk")


def may_book(user: Any, stop: Stop) -> bool:
    """Whoever books devices for the institution of the stop."""
    return has_permission(user, Permission.EQUIPMENT_BOOK, institution_id=stop.institution_id)


def may_cancel(user: Any, place: Place) -> bool:
    """Who books at that stop, and who plans the tour."""
    return may_book(user, place.stop) or may_plan(user, place.stop.tour)


def may_see_places(user: Any, stop: Stop) -> bool:
    """Whether the user reads for whom places are."""
    return may_book(user, stop) or may_plan(user, stop.tour)
