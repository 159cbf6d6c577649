"""The keeper's day: what is broken, due, recalled or under inquiry, and what to do first."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.institutions.policies import insist

from .. import policies, presenters
from ..filters import SOON
from ..models import AdverseEvent, MaintenancePlan, Outage, RecalledDevice, WorkOrder
from .shared import tabs

_SHOWN = 8


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What waits today, the most urgent first; for a house, or all that one oversees."""
    if not policies.may_look_after(request.user):
        insist(policies.may_look(request.user))
        return redirect("service:orders")
    sections = [one for one in _sections(request.user) if one["rows"]]
    context = {"sections": sections, "tabs": tabs(request), "today": timezone.localdate()}
    return TemplateResponse(request, "service/board.html", context)


def _sections(user: Any) -> list[dict[str, Any]]:
    """Each kind of work with its first rows; one query a kind."""
    return [*_broken(user), *_due(user, timezone.localdate()), _down(user)]


def _broken(user: Any) -> Iterator[dict[str, Any]]:
    """What has happened and wants an answer."""
    events = AdverseEvent.objects.visible_to(user).filter(closed_at=None).for_list()
    orders = WorkOrder.objects.visible_to(user).open().for_list()
    recalled = RecalledDevice.objects.visible_to(user).waiting().for_list()
    yield _section(
        _("Adverse events"),
        "service:events",
        events.order_by("reported_at", "report_due_at"),
        presenters.event_row,
    )
    yield _section(
        _("Faults and repairs"),
        "service:orders",
        orders.order_by("created_at", "pk"),
        presenters.order_row,
    )
    yield _section(
        _("Recalled devices"), "service:recalls", recalled.order_by("pk"), presenters.recalled_row
    )


def _due(user: Any, today: date) -> Iterator[dict[str, Any]]:
    """Checks overdue, and those that fall due soon."""
    plans = MaintenancePlan.objects.visible_to(user).current().for_list().order_by("due_on", "pk")
    late, soon = plans.overdue(today), plans.due(today, today + timedelta(days=SOON))
    for title, found, standing in (
        (_("Checks overdue"), late, "overdue"),
        (_("Checks due within 30 days"), soon, "soon"),
    ):
        show = partial(presenters.plan_row, on=today)
        yield _section(title, "service:plans", found, show, query=f"?standing={standing}")


def _down(user: Any) -> dict[str, Any]:
    """Devices that are down though nobody repairs them."""
    now = timezone.now()
    down = Outage.objects.visible_to(user).for_list().filter(device__retired_on=None, order=None)
    going_on = down.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)
    return _section(
        _("Down for another reason"),
        "service:outages",
        going_on.order_by("starts_at"),
        presenters.outage_row,
    )


def _section(
    title: str, route: str, found: Any, show: Callable[[Any], Any], *, query: str = ""
) -> dict[str, Any]:
    rows = list(found[: _SHOWN + 1])
    return {
        "title": title,
        "url": f"{reverse(route)}{query}",
        "rows": [show(row) for row in rows[:_SHOWN]],
        "count": f"{_SHOWN}+" if len(rows) > _SHOWN else str(len(rows)),
    }
