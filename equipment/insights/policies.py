"""Who may see how devices are used: keepers of a house, and who oversees an alliance."""

from __future__ import annotations

from datetime import date
from typing import Any

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Alliance, Institution
from alliance.institutions.selectors import alliances_of

from .scope import Place


def may_look(user: Any) -> bool:
    """Whether the use of devices is the user's business."""
    access = access_of(user)
    overseen = access.alliances_with(Permission.EQUIPMENT_OVERSEE)
    return bool(overseen or access.institutions_with(Permission.EQUIPMENT_KEEP))


def places(user: Any, *, on: date) -> list[Place]:
    """What the user may ask about: alliances overseen, then the institutions one keeps."""
    access = access_of(user)
    overseen = Alliance.objects.filter(
        pk__in=access.alliances_with(Permission.EQUIPMENT_OVERSEE), is_active=True
    ).order_by("name", "pk")
    kept = Institution.objects.filter(
        pk__in=access.institutions_with(Permission.EQUIPMENT_KEEP)
    ).order_by("name", "pk")
    return [
        *(_alliance(one) for one in overseen),
        *(house(one, on) for one in kept),
    ]


def _alliance(one: Alliance) -> Place:
    return Place(str(one.public_id), one.name, one.pk, None)


def alliance(pk: int) -> Place:
    """An alliance, as the numbers take it."""
    return _alliance(Alliance.objects.get(pk=pk))


def house(one: Institution, on: date) -> Place:
    """An institution, as the numbers take it: within the alliance it joined first."""
    joined = alliances_of(one.pk, on=on)
    return Place(str(one.public_id), one.name, joined[0].pk if joined else None, one.pk)


def may_export(user: Any) -> bool:
    """Whether the user may take the numbers out."""
    return may_look(user) and Permission.DATA_EXPORT in access_of(user).everywhere()
