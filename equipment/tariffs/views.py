"""The price list: what sharing costs whom, set and ended by the office."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.choices import Permission
from alliance.core.forms import attempt, create, posted
from alliance.core.listing import listing
from alliance.institutions.policies import insist, own_alliance
from equipment.devices.selectors import shared_devices

from . import actions, policies
from .forms import EndForm, PriceForm
from .models import Price


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The prices that count or will, the latest first; older ones on request."""
    insist(policies.may_look(request.user))
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set a price from a day on."""
    alliance = own_alliance(request.user, Permission.EQUIPMENT_STANDARD)
    today = timezone.localdate()
    devices = shared_devices(alliance.pk, today).select_related("type")
    form = PriceForm(posted(request), devices=devices)

    def act() -> str:
        row = actions.set_price(alliance=alliance, on=today, by=request.user, **form.values)
        return row.get_absolute_url()

    scope = f"price:{alliance.pk}:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        messages.success(request, _("Saved."))
        return redirect(url)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "tariffs/new.html", {"form": form}, status=status)


@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a price count no longer from a day on."""
    rows = Price.objects.visible_to(request.user)
    row: Price = get_object_or_404(rows, public_id=public_id)
    form = EndForm(request.POST, prefix=str(public_id))

    def act() -> None:
        today = timezone.localdate()
        actions.end_price(price=row, on=today, by=request.user, **form.cleaned_data)

    if attempt(form, act):
        messages.success(request, _("Saved."))
        return redirect("tariffs:prices")
    return _page(request, tried=form)


def _page(request: HttpRequest, *, tried: Any = None) -> HttpResponse:
    today = timezone.localdate()
    rows = Price.objects.visible_to(request.user)
    asked = rows if "all" in request.GET else rows.lasting(today)
    page = listing(request, asked.for_list(), ordering="-valid_from")
    mine = policies.alliances_to_price(request.user)
    context = {
        "rows": [_row(one, mine, tried) for one in page.rows],
        "listing": page,
        "today": today,
        "may_price": bool(mine),
        "shows_all": "all" in request.GET,
    }
    return TemplateResponse(
        request, "tariffs/prices.html", context, status=422 if tried is not None else 200
    )


def _row(price: Price, mine: list[int], tried: Any) -> dict[str, Any]:
    """A price, with the form that ends it for who may."""
    today = timezone.localdate()
    lasts = price.valid_until is None or price.valid_until > today
    form = None
    if price.alliance_id in mine and lasts:
        prefix = str(price.public_id)
        fresh = EndForm(initial={"version": price.version}, prefix=prefix)
        form = tried if tried is not None and tried.prefix == prefix else fresh
    return {"price": price, "form": form, "tried": form is tried and tried is not None}
