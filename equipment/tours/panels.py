"""What tours show on the page of a device."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from equipment.devices.models import Device
from equipment.devices.panels import Panel, panel

from . import presenters
from .models import Tour

_SHOWN = 3


@panel(order=45)
def tours(user: Any, device: Device, at: datetime) -> Panel | None:
    """The tours on which a device is or will be, so that nobody looks for it at home."""
    rows = Tour.objects.visible_to(user).ending_after(at)
    # One join: the line of this device, of which a tour has one at most.
    live = rows.filter(lines__device=device, lines__is_live=True).for_list()
    found = [presenters.tour_row(tour) for tour in live.order_by("starts_at", "pk")[:_SHOWN]]
    if not found:
        return None
    return Panel(title=_("Tours of devices"), rows=found, is_quiet=True)
