"""Pages of devices: the register, all about one, and what its label opens."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.models import Institution
from alliance.institutions.policies import insist

from .. import actions, policies, presenters
from ..filters import DevicePageFilter, Order
from ..forms import DeviceForm, GiveForm, MoveForm, PutBackForm, RetireForm
from ..models import Device
from ..panels import first_only, panels_for
from .shared import tabs, visible_device


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The register: devices that one may see, to begin with those of the house that one keeps."""
    insist(policies.may_look(request.user))
    rows = Device.objects.visible_to(request.user).for_list()
    house = _own_house(request)
    asked = request.GET.copy()
    if house is not None:
        asked.setdefault("owner", str(house.public_id))
    found = DevicePageFilter(asked, queryset=rows, request=request)
    whole = found.is_valid()
    ordering = (whole and found.form.cleaned_data["ordering"]) or Order.NAME.value
    page = listing(request, found.qs if whole else rows.none(), ordering=ordering)
    context = {
        "rows": presenters.rows(page.rows, at=timezone.now()),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "whose": _whose(asked, house),
        "may_register": bool(policies.houses_kept(request.user)),
        "query": asked.urlencode(),
    }
    return TemplateResponse(request, "devices/list.html", context, status=200 if whole else 422)


def _own_house(request: HttpRequest) -> Institution | None:
    """The institution whose devices one keeps: the acting one, else the first; if it has any."""
    kept = policies.houses_kept(request.user)
    acting = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    pk = acting if acting in kept else next(iter(kept), None)
    first = Device.objects.visible_to(request.user).filter(owner=pk).select_related("owner").first()
    return first.owner if first else None


def _whose(asked: QueryDict, house: Institution | None) -> list[dict[str, Any]]:
    """One's own devices, or all that one sees; whatever else was asked for stays."""
    if house is None:
        return []
    choices = [(house.short_name, str(house.public_id)), (_("All I may see"), "")]
    found = []
    for label, owner in choices:
        query = asked.copy()
        query.pop("cursor", None)
        query["owner"] = owner
        is_on = asked.get("owner", "") == owner
        found.append({"label": label, "url": f"?{query.urlencode()}", "active": is_on})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a device."""
    insist(bool(policies.houses_kept(request.user)))
    form = DeviceForm(posted(request), user=request.user)

    def act() -> str:
        values = {name: value for name, value in form.values.items() if name != "version"}
        return actions.register(by=request.user, **values).get_absolute_url()

    if request.method == "POST":
        url = create(form, scope=f"device:{request.user.pk}", act=act)
        if url is not None:
            messages.success(request, _("The device is on the register. Print its label now."))
            return redirect(url)
    else:
        form.begin_at(getattr(request.institution, "pk", None))  # type: ignore[attr-defined]
    status = 422 if form.errors else 200
    return TemplateResponse(request, "devices/form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct what the register says."""
    row = visible_device(request, public_id)
    insist(policies.may_keep(request.user, row.owner_id))
    form = DeviceForm(posted(request), user=request.user, device=row)
    if request.method == "POST" and attempt(
        form, lambda: actions.change(device=row, by=request.user, **form.values)
    ):
        messages.success(request, _("Saved."))
        return redirect(row)
    status = 422 if form.errors else 200
    context = {"form": form, "device": row}
    return TemplateResponse(request, "devices/form.html", context, status=status)


@require_safe
def device(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All about a device: what may be done with it, how it stands, what is known of it."""
    return device_page(request, visible_device(request, public_id))


@require_safe
def scan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the label on a device opens: big buttons first, for somebody who stands before it."""
    row = visible_device(request, public_id)
    now = timezone.now()
    panels = panels_for(request.user, row, now)
    context = {
        "device": row,
        "row": presenters.rows([row], at=now)[0],
        "next_owner": presenters.next_row(request.user, row),
        "panels": panels,
        "acts": first_only([act for panel in panels for act in panel.acts]),
    }
    return TemplateResponse(request, "devices/scan.html", context)


@require_POST
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say where it stands now."""
    return _act(request, public_id, MoveForm, actions.move, _("Saved."))


@require_POST
def retire(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take it off the register."""
    done = _("The device has left the register.")
    return _act(request, public_id, RetireForm, actions.retire, done)


@require_POST
def put_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Undo a retirement that was a mistake."""
    done = _("The device stands on the register again.")
    return _act(request, public_id, PutBackForm, actions.put_back, done)


@require_POST
def give(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand it over to another institution."""
    done = _("The device is on the register there; its keepers are told.")
    return _act(request, public_id, GiveForm, actions.give, done)


def _act(request: HttpRequest, public_id: UUID, kind: Any, action: Any, done: str) -> HttpResponse:
    """Carry out what a form says; its errors come back on the device's page."""
    row = visible_device(request, public_id)
    form = kind(request.POST, device=row, user=request.user)
    if attempt(form, lambda: action(device=row, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(row)
    insist(policies.may_keep(request.user, row.owner_id))
    return device_page(request, row, tried=form)


def device_page(request: HttpRequest, row: Any, *, tried: Any = None) -> HttpResponse:
    """The page of a device; `tried` came back with errors."""
    context = presenters.page(request.user, row, at=timezone.now(), tried=tried)
    context["panels"] = panels_for(request.user, row, timezone.now())
    context["label_url"] = request.build_absolute_uri(presenters.scan_path(row))
    status = 422 if tried is not None else 200
    return TemplateResponse(request, "devices/device.html", context, status=status)
