"""Who may look at devices, keep them, and maintain their types."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.core.policy import policy
from alliance.institutions.selectors import alliances_of

from . import rules
from .choices import Retirement
from .models import Device, DeviceRetirement


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


NOT_PUT_BACK = {
    "standing": _("This device stands on the register."),
    "given": _("It was given away: the institution that has it now gives it back."),
    "late": _("It left the register too long ago. Register it anew."),
}


def put_back_refusal(device: Device, retired: DeviceRetirement | None, *, on: date) -> str:
    """Why the retirement of a device cannot be undone today, as a code; empty where it can be.

    One that left before retirements had rows of their own counts from the day it left.
    """
    if device.retired_on is None:
        return "standing"
    alliance = next(iter(alliances_of(device.owner_id, on=on)), None)
    return rules.put_back_refusal(
        entered_on=timezone.localdate(retired.at) if retired else device.retired_on,
        was_given=device.retirement == Retirement.GIVEN,
        days=policy("devices.put_back_days", on=on, alliance_id=alliance.pk if alliance else None),
        on=on,
    )


def may_note_condition(user: Any, device: Device) -> bool:
    """Whether the user may say how a device is after its use: its keepers, and who may book it."""
    if may_keep(user, device.owner_id):
        return True
    books = Permission.EQUIPMENT_BOOK in access_of(user).everywhere()
    return books and Device.objects.visible_to(user).filter(pk=device.pk).exists()
