"""What bookings show on the page of a device: begin and end a use, who is next, how it was left."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.templatetags.times import time_of_day, when
from equipment.devices.marks import out_among
from equipment.devices.models import Device
from equipment.devices.panels import Act, Panel, panel

from . import consequences, policies, presenters, selectors
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
    is_gone = device.retired_on is not None and device.retired_on <= timezone.localdate(at)
    is_out = bool(out_among([device.pk], at))
    acts = []
    if row is None:
        text, rows_ = _nobody(found, is_gone=is_gone), []
    else:
        text, rows_ = _early(user, row, at), [_row(row)]
        acts = _acts(user, row, at, is_out=is_out)
    if not is_gone and policies.books_any(user):
        acts.append(_book(device, is_primary=not (acts or is_out)))
    return Panel(
        _("Bookings"),
        text=text,
        facts=facts,
        rows=rows_,
        acts=acts,
        more_url=calendar,
        more_label=_("Calendar"),
    )


def _book(device: Device, *, is_primary: bool) -> Act:
    url = f"{reverse('bookings:book')}?device={device.public_id}"
    return Act(_("Book it"), url, "calendar", is_primary=is_primary)


def _nobody(found: Booking | None, *, is_gone: bool) -> str:
    """What is said where no booking is shown."""
    if is_gone:
        return _("It has left the register and is not booked any more.")
    return _("Nobody has booked it next.") if found is None else _("It is booked.")


def _early(user: Any, row: Booking, at: datetime) -> str:
    """From when the use may begin, to whoever may begin it, unless the device fell out for it."""
    if row.affected_at or Move.CHECK_IN not in policies.rights(user, row):
        return ""
    begins = consequences.begins_from(row, at)
    words = _("Use may begin from %(when)s on.") % {"when": when(begins)}
    return words if at < begins else ""


def _acts(user: Any, row: Booking, at: datetime, *, is_out: bool) -> list[Act]:
    """Begin or end, for those who may and when they may; with whose booking it is."""
    rights = policies.rights(user, row)
    if Move.CHECK_OUT in rights:
        url = reverse("bookings:check_out", args=[row.public_id])
        words = _("End use: %(name)s") % {"name": row.operator.name}
        return [Act(words, url, "check", is_primary=True)]
    is_time = not is_out and consequences.begins_from(row, at) <= at < row.ends_at
    if Move.CHECK_IN in rights and is_time:
        url = reverse("bookings:act", args=[row.public_id, "check_in"])
        values = {"version": row.version}
        told = {"name": row.operator.name, "time": time_of_day(row.starts_at)}
        words = _("Begin use: %(name)s, %(time)s") % told
        return [Act(words, url, "check", is_primary=True, method="post", values=values)]
    return []


def _row(row: Booking) -> dict[str, Any]:
    shown = presenters.row(row)
    return {
        "title": shown.period,
        "url": shown.url,
        "meta": str(row.institution),
        "place": shown.people,
        "pill_tone": "bad" if row.affected_at else shown.tone,
        "pill_label": _("Device not available") if row.affected_at else row.get_status_display(),
    }
