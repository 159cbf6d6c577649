"""Who maintains the price list."""

from typing import Any

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission


def may_look(user: Any) -> bool:
    """Whether prices concern the user at all."""
    return Permission.EQUIPMENT_VIEW in access_of(user).everywhere()


def may_price(user: Any, alliance_id: int) -> bool:
    """Whether the user sets the prices of an alliance."""
    return has_permission(user, Permission.EQUIPMENT_STANDARD, alliance_id=alliance_id)


def alliances_to_price(user: Any) -> list[int]:
    """Ids of the alliances whose prices the user sets."""
    return access_of(user).alliances_with(Permission.EQUIPMENT_STANDARD)
