"""Who may look at devices, keep them, and maintain their types."""

from typing import Any

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission

from .models import Device


def may_look(user: Any) -> bool:
    """Whether devices concern the user at all."""
    return Permission.EQUIPMENT_VIEW in access_of(user).everywhere()


def houses_kept(user: Any) -> list[int]:
    """Ids of the institutions whose devices the user keeps."""
    return access_of(user).institutions_with(Permission.EQUIPMENT_KEEP)


def may_keep(user: Any, institution_id: int) -> bool:
    """Whether the user keeps the devices of an institution."""
    return has_permission(user, Permission.EQUIPMENT_KEEP, institution_id=institution_id)


def may_count(user: Any) -> bool:
    """Whether stock-takes and labels concern the user: keepers, and who oversees."""
    access = access_of(user)
    overseen = access.alliances_with(Permission.EQUIPMENT_OVERSEE)
    return bool(houses_kept(user) or overseen)


def may_maintain_types(user: Any) -> bool:
    """Whether the user maintains the types of device: an alliance office."""
    return bool(access_of(user).alliances_with(Permission.EQUIPMENT_STANDARD))


def knows(user: Any, device: Device) -> bool:
    """Whether price, numbers, papers and notes of a device are for the user's eyes.

    They are for those at its owner's and for who oversees; fellow members see what they may book.
    """
    return Device.objects.known_to(user).filter(pk=device.pk).exists()


def may_note_condition(user: Any, device: Device) -> bool:
    """Whether the user may say how a device is after its use: its keepers, and who may book it."""
    if may_keep(user, device.owner_id):
        return True
    books = Permission.EQUIPMENT_BOOK in access_of(user).everywhere()
    return books and Device.objects.visible_to(user).filter(pk=device.pk).exists()
