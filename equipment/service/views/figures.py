"""How available devices were, for how long they were down, and what keeping them cost."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.institutions.policies import insist
from equipment.devices.models import Device

from .. import figures, policies, presenters
from ..forms import PeriodForm
from ..querysets import of_houses
from .shared import tabs

_BARS = 10
_DEVICES = 200


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """By institution where one sees several, else by device; the least available first."""
    insist(policies.may_look_after(request.user))
    form = PeriodForm(request.GET or None)
    context = {"form": form, "tabs": tabs(request), **_counted(request.user, form)}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "service/figures.html", context, status=status)


def _counted(user: Any, form: PeriodForm) -> dict[str, Any]:
    """What the period says: as a whole, as bars, and row by row."""
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    until = timezone.now()
    since = until - timedelta(days=int(asked.get("days") or PeriodForm.DAYS))
    mine = Device.objects.visible_to(user).filter(of_houses(user, "owner"))
    if house := asked.get("institution"):
        mine = mine.filter(owner__public_id=house)
    found = figures.of_devices(mine, since=since, until=until)
    houses = figures.of_houses(found)
    by_house = len(houses) > 1
    worst = sorted(found, key=lambda one: one.down, reverse=True)
    shown = houses if by_house else worst[:_DEVICES]
    return {
        "by_house": by_house,
        "hidden": 0 if by_house else max(len(found) - _DEVICES, 0),
        "most": _DEVICES,
        "rows": [presenters.figures_row(one, days=asked.get("days")) for one in shown],
        "total": presenters.figures_total(found),
        "bars": presenters.figures_bars(shown)[:_BARS],
        "headers": [_("Institution") if by_house else _("Device"), _("Hours down")],
    }
