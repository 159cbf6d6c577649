"""Words of devices."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# What the source of a starter value says where nobody has looked it up; whoever does takes it out.
UNVERIFIED = "未核实"


class TypeKind(TextChoices):
    """What is booked: a device, a room, or a vehicle that carries devices."""

    DEVICE = "device", _("Device")
    ROOM = "room", pgettext_lazy("equipment", "Room")
    VEHICLE = "vehicle", pgettext_lazy("equipment", "Vehicle")


class Condition(TextChoices):
    """How good a device still is, as its keeper sees it."""

    GOOD = "good", pgettext_lazy("device", "Good")
    LIMITED = "limited", pgettext_lazy("device", "Usable with limits")
    POOR = "poor", pgettext_lazy("device", "Poor")


class Need(TextChoices):
    """How much a technique depends on a type of device."""

    REQUIRED = "required", pgettext_lazy("device", "Required")
    HELPFUL = "helpful", pgettext_lazy("device", "Helpful")


class Retirement(TextChoices):
    """Why a device left the register."""

    WORN = "worn", pgettext_lazy("device", "Worn out")
    BROKEN = "broken", pgettext_lazy("device", "Beyond repair")
    RECALLED = "recalled", pgettext_lazy("device", "Recalled by the maker")
    GIVEN = "given", pgettext_lazy("device", "Given to another institution")
    LOST = "lost", pgettext_lazy("device", "Lost")
    ERROR = "error", pgettext_lazy("device", "Entered in error")
