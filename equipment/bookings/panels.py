"""What bookings show on the page of a device: begin and end a use, who is next, how it was left."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from equipment.devices.models import Device
from equipment.devices.panels import Act, Panel, panel

from . import policies, presenters, selectors
from .choices import Move
from .models import Booking


@panel(order=10)
def use(user: Any, device: Device, at: datetime) -> Panel | None:
    """The booking under way or next, with the button to begin or end it."""
    if not policies.may_look(user):
        return None
    found = selectors.next_of([device.pk], at=at).get(device.pk)
    rows: Any = Booking.objects.visible_to(user)
    row = rows.for_list().filter(pk=found.pk).first() if found else None
    if device.retired_on and found is None:
        return None
    left = selectors.last_conditions([device.pk]).get(device.pk)
    facts = []
    if left is not None:
        words = " · ".join(filter(None, [left.get_condition_display(), left.condition_note]))
        facts.append({"label": _("Left by the last user"), "value": words})
    calendar = reverse("bookings:device", args=[device.public_id])
    address = f"{reverse('bookings:book')}?device={device.public_id}"
    # What has left the register is only given back.
    book = [] if device.retired_on else [Act(_("Book it"), address, "calendar")]
    if row is None:
        text = _("Nobody has booked it next.") if found is None else _("It is booked.")
        acts, rows_ = book, []
    else:
        text = ""
        acts = [*_acts(user, row), *book]
        rows_ = [_row(row)]
    return Panel(
        _("Bookings"),
        text=text,
        facts=facts,
        rows=rows_,
        acts=acts,
        more_url=calendar,
        more_label=_("Calendar"),
    )


def _acts(user: Any, row: Booking) -> list[Act]:
    """Begin or end, for those who may."""
    rights = policies.rights(user, row)
    if Move.CHECK_OUT in rights:
        url = reverse("bookings:check_out", args=[row.public_id])
        return [Act(_("End use"), url, "check", is_primary=True)]
    if Move.CHECK_IN in rights:
        url = reverse("bookings:act", args=[row.public_id, "check_in"])
        values = {"version": row.version}
        return [Act(_("Begin use"), url, "check", is_primary=True, method="post", values=values)]
    return []


def _row(row: Booking) -> dict[str, Any]:
    shown = presenters.row(row)
    return {
        "title": shown.period,
        "url": shown.url,
        "meta": str(row.institution),
        "place": shown.people,
        "pill_tone": shown.tone,
        "pill_label": row.get_status_display(),
    }
