"""This room's own panel on a device: found, while its institution counts."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from . import policies
from .models import Device, Stocktake, StocktakeLine
from .panels import Act, Panel, panel


@panel(order=10)
def stocktake(user: Any, device: Device, at: datetime) -> Panel | None:
    """The open stock-take of the institution, with one button for this device."""
    if not policies.may_keep(user, device.owner_id):
        return None
    mine = Stocktake.objects.visible_to(user).open().filter(institution=device.owner_id)
    row = mine.first()
    if row is None:
        return None
    lines = StocktakeLine.objects.visible_to(user).filter(stocktake=row, device=device)
    found = lines.exclude(found_at=None).exists()
    act = Act(
        label=_("Found: note it in the stock-take"),
        url=reverse("devices:stocktake-scan", args=[row.public_id]),
        icon="check",
        is_primary=True,
        method="post",
        values={"number": str(device.public_id)},
    )
    return Panel(
        title=_("Stock-take"),
        text=row.name,
        label=_("found in the stock-take") if found else _("not found yet"),
        tone="good" if found else "warn",
        acts=[] if found else [act],
        more_url=row.get_absolute_url(),
        more_label=_("Go on counting"),
    )
