"""What this room shows on the page of a device, and the big button of its label."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.templatetags.times import when
from equipment.devices.marks import used_among, used_words
from equipment.devices.models import Device
from equipment.devices.panels import Act, Panel, first_only, panel

from . import policies, presenters, selectors
from .choices import ENDED_BY_HAND
from .models import MaintenancePlan, Outage, WorkOrder

_SHOWN = 5


@panel(order=15)
def state(user: Any, device: Device, at: datetime) -> Panel | None:
    """Whether it can be used now, why not, what is being done; and the way to report a fault."""
    if not policies.may_look(user) or device.retired_on is not None:
        return None
    now = selectors.why_out([device.pk], since=at, until=at).get(device.pk, [])
    coming = [
        out
        for out in selectors.why_out([device.pk], since=at, until=at + timedelta(days=30)).get(
            device.pk, []
        )
        if out.since > at
    ]
    orders = WorkOrder.objects.visible_to(user).open().filter(device=device).for_list()
    found = list(orders[: _SHOWN + 1])
    all_orders = f"{reverse('service:orders')}?open=true&device={device.public_id}"
    label, tone = _state(device, at, is_out=bool(now))
    return Panel(
        title=_("In service"),
        label=label,
        tone=tone,
        rows=[
            *(presenters.out_row(out) for out in now),
            *(presenters.out_row(out, soon=True) for out in coming[:_SHOWN]),
            *(presenters.order_row(order, of_device=True) for order in found[:_SHOWN]),
        ],
        acts=first_only(
            [*_repairs(user, now, found), *_acts(user, device), *_endings(user, device, at)]
        ),
        more_url=all_orders if len(found) > _SHOWN else "",
        more_label=_("All"),
    )


def _state(device: Device, at: datetime, *, is_out: bool) -> tuple[str, str]:
    """Out of use, in use until when, or neither: in a word and a tone."""
    if is_out:
        return _("Out of use"), "bad"
    until = used_among([device.pk], at).get(device.pk)
    if until is not None:
        return used_words(until), "active"
    return _("Can be used"), "good"


def _repairs(user: Any, now: Sequence[Any], orders: Sequence[WorkOrder]) -> Any:
    """Before a device that is down its keepers go on with the repair."""
    mine = [order for order in orders if policies.may_keep(user, order.institution_id)]
    if now and mine:
        words = _("Go on with the repair %(number)s") % {"number": mine[0].number}
        yield Act(words, mine[0].get_absolute_url(), "settings", is_primary=True)


def _acts(user: Any, device: Device) -> Any:
    key = device.public_id
    yield Act(_("Report a fault"), reverse("service:report", args=[key]), icon="alert")
    if policies.may_keep(user, device.owner_id):
        yield Act(_("Announce an outage"), reverse("service:outage_new", args=[key]), icon="pause")
    if policies.houses_entering(user):
        yield Act(
            _("Enter an adverse event"),
            reverse("service:event_new", args=[key]),
            icon="alert-circle",
        )


def _endings(user: Any, device: Device, at: datetime) -> Any:
    """The ways to end what its keepers announced, the next first."""
    if not policies.may_keep(user, device.owner_id):
        return
    rows = Outage.objects.visible_to(user).filter(device=device, reason__in=ENDED_BY_HAND)
    for row in rows.to_end(at).order_by("starts_at")[:_SHOWN]:
        words = {"act": presenters.end_label(row, at=at), "since": when(row.starts_at)}
        url = reverse("service:outage_end", args=[row.public_id])
        label = _("%(act)s: outage from %(since)s") % words
        begun = row.starts_at <= at
        icon = "check" if begun else "x"
        yield Act(label, url, icon=icon, is_primary=begun, method="post")


@panel(order=30)
def plans(user: Any, device: Device, at: datetime) -> Panel | None:
    """Its checks and when they are due, for those at its owner's and who oversees."""
    rows = MaintenancePlan.objects.visible_to(user).filter(device=device, ended_at=None)
    found = list(rows.for_list().order_by("due_on"))
    keeps = policies.may_keep(user, device.owner_id)
    if device.retired_on is not None or not (found or keeps):
        return None
    today = timezone.localdate(at)
    new = f"{reverse('service:plan_new')}?device={device.public_id}"
    return Panel(
        title=_("Calibration and maintenance"),
        text="" if found else _("Nothing is planned for this device."),
        rows=[presenters.plan_row(plan, on=today) for plan in found],
        more_url=new if keeps else "",
        more_label=_("Plan a check"),
        is_quiet=True,
    )
