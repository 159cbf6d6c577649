"""Who reports faults, looks after devices, issues recalls and answers for adverse events."""

from typing import Any

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from equipment.devices.models import Device
from equipment.devices.policies import houses_kept, may_keep, may_look

from .choices import Move, Side
from .models import AdverseEvent, Recall, WorkOrder
from .workflow import TRANSITIONS, moves_from

__all__ = [
    "alliances_recalling",
    "answers_for",
    "houses_entering",
    "houses_kept",
    "may_close_recall",
    "may_enter",
    "may_keep",
    "may_look",
    "may_look_after",
    "may_move",
    "may_recall",
    "may_report",
    "moves_open",
]


def may_look_after(user: Any) -> bool:
    """Whether plans, costs and figures concern the user: keepers, and who oversees them."""
    access = access_of(user)
    return bool(houses_kept(user) or access.alliances_with(Permission.EQUIPMENT_OVERSEE))


def may_report(user: Any, device: Device) -> bool:
    """Whoever sees a device may say that it is broken."""
    return may_look(user) and Device.objects.visible_to(user).filter(pk=device.pk).exists()


def may_move(user: Any, move: Move, order: WorkOrder) -> bool:
    """Whether the user is on the side that makes this move."""
    if may_keep(user, order.institution_id):
        return True
    mine = order.reported_by_id == getattr(user, "pk", None)
    return TRANSITIONS[move].side == Side.EITHER and mine


def moves_open(user: Any, order: WorkOrder) -> frozenset[Move]:
    """The moves that the user may make on an order as it stands."""
    return frozenset(m for m in moves_from(order.status) if may_move(user, m, order))


def alliances_recalling(user: Any) -> list[int]:
    """Ids of the alliances for all of whose members the user issues recalls."""
    return access_of(user).alliances_with(Permission.EQUIPMENT_STANDARD)


def may_recall(user: Any, *, alliance_id: int, institution_id: int | None) -> bool:
    """An office issues recalls for its alliance, a keeper for the house alone."""
    if institution_id is None:
        return has_permission(user, Permission.EQUIPMENT_STANDARD, alliance_id=alliance_id)
    return may_keep(user, institution_id)


def may_close_recall(user: Any, recall: Recall) -> bool:
    """Whoever might have issued it closes it."""
    return may_recall(user, alliance_id=recall.alliance_id, institution_id=recall.institution_id)


def may_enter(user: Any, institution_id: int) -> bool:
    """Whoever works with devices at an institution says what they did to people there."""
    return has_permission(user, Permission.EQUIPMENT_VIEW, institution_id=institution_id)


def houses_entering(user: Any) -> list[int]:
    """Ids of the institutions for which the user enters adverse events."""
    return access_of(user).institutions_with(Permission.EQUIPMENT_VIEW)


def answers_for(user: Any, event: AdverseEvent) -> bool:
    """Reports and inquiries are the business of the institution's keepers."""
    return may_keep(user, event.institution_id)
