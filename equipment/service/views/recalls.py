"""Recalls: the list, issuing one, and dealing with each device."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core import versions
from alliance.core.forms import attempt, posted
from alliance.core.listing import listing
from alliance.institutions.models import Alliance, Institution
from alliance.institutions.policies import insist
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of

from .. import actions, policies, presenters
from ..forms import HandleForm, RecallForm
from ..models import Recall, RecalledDevice
from .shared import made, tabs

_SHOWN = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Recalls that concern one's houses, the newest first."""
    insist(policies.may_look(request.user))
    rows = Recall.objects.visible_to(request.user).select_related("institution", "alliance")
    page = listing(request, rows, ordering="-created_at")
    context = {
        "recalls": page.rows,
        "listing": page,
        "tabs": tabs(request),
        "may_issue": _may_issue(request.user),
    }
    return TemplateResponse(request, "service/recalls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Pass a maker's recall on, once one has seen which devices it concerns."""
    alliance, house = _aim(request)
    form = RecallForm(posted(request), user=request.user)
    aim: dict[str, Any] = {"alliance": alliance, "institution": house, "by": request.user}
    meant = _meant(form, aim) if request.method == "POST" else None

    def act() -> str:
        return actions.issue_recall(values=form.values, **aim).get_absolute_url()

    if meant is not None and request.POST.get("seen") == _mark(meant):
        scope = f"recall:{alliance.pk}"
        if answer := made(request, form, scope=scope, act=act, told=_told(meant)):
            return answer
    context = {"form": form, "house": house or alliance, **_shown(meant)}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "service/recall_new.html", context, status=status)


def _meant(form: RecallForm, aim: dict[str, Any]) -> list[Device] | None:
    """The devices that a recall would concern; None where something is wrong with it."""
    meant: list[Device] = []

    def look() -> None:
        found: Any = actions.recall_would_find(values=form.values, **aim)
        meant.extend(found.visible_to(aim["by"]).for_list().order_by("owner", "name", "pk"))

    return meant if attempt(form, look) else None


def _shown(meant: list[Device] | None) -> dict[str, Any]:
    if meant is None:
        return {"looked": False}
    return {
        "looked": True, "meant": meant[:_SHOWN], "count": len(meant), "seen": _mark(meant),
    }  # fmt: skip


def _mark(meant: list[Device]) -> str:
    """Stands for exactly these devices: what is issued is what was seen before."""
    return sha256(",".join(str(one.pk) for one in meant).encode()).hexdigest()


def _told(meant: list[Device]) -> str:
    if meant:
        return _("Issued. The keepers of the devices found have been told.")
    return _("Issued. No device fits today; those registered later are looked at every night.")


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One recall, and what became of each device one may see."""
    return _page(request, _visible(request, public_id))


@require_POST
def handle(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Say what became of one device."""
    recall = _visible(request, public_id)
    rows = RecalledDevice.objects.visible_to(request.user).filter(recall=recall)
    row = get_object_or_404(rows, pk=pk)
    form = HandleForm(request.POST, prefix=str(pk))

    def act() -> None:
        actions.handle_recalled(recalled=row, by=request.user, **form.cleaned_data)

    if attempt(form, act):
        messages.success(request, _("On record."))
        return redirect(recall)
    return _page(request, recall, tried=form)


@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End a recall."""
    recall = _visible(request, public_id)
    seen = versions.parse(request.POST.get("version"))
    actions.close_recall(recall=recall, version=seen, by=request.user)
    messages.success(request, _("The recall is closed."))
    return redirect(recall)


def _page(request: HttpRequest, recall: Recall, *, tried: Any = None) -> HttpResponse:
    kept = set(policies.houses_kept(request.user))
    found = RecalledDevice.objects.visible_to(request.user).filter(recall=recall)
    shows_handled = "handled" in request.GET
    asked = found.filter(handled_at__isnull=not shows_handled).for_list()
    page = listing(request, asked, ordering="id", size=_SHOWN)
    rows = [
        {
            "row": row,
            "form": _handling(row, tried)
            if row.handled_at is None and row.device.owner_id in kept and recall.closed_at is None
            else None,
            "tried": tried is not None and tried.prefix == str(row.pk),
        }
        for row in page.rows
    ]
    total, waiting = found.count(), found.filter(handled_at=None).count()
    context = {
        "recall": recall,
        "rows": rows,
        "listing": page,
        "concerned": bool(total),
        "tabs": [
            _tab(_("Wait"), "?", waiting, active=not shows_handled),
            _tab(_("Dealt with"), "?handled=1", total - waiting, active=shows_handled),
        ],
        "facts": presenters.recall_facts(recall),
        "may_close": recall.closed_at is None and policies.may_close_recall(request.user, recall),
    }
    status = 422 if tried is not None else 200
    return TemplateResponse(request, "service/recall.html", context, status=status)


def _tab(label: str, url: str, count: int, *, active: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "badge": str(count), "active": active}


def _handling(row: RecalledDevice, tried: Any) -> Any:
    same = tried is not None and tried.prefix == str(row.pk)
    return tried if same else HandleForm(prefix=str(row.pk))


def _visible(request: HttpRequest, public_id: UUID) -> Recall:
    rows = Recall.objects.visible_to(request.user).select_related("type", "alliance", "institution")
    found: Recall = get_object_or_404(rows, public_id=public_id)
    return found


def _may_issue(user: Any) -> bool:
    return bool(policies.alliances_recalling(user) or policies.houses_kept(user))


def _aim(request: HttpRequest) -> tuple[Alliance, Institution | None]:
    """For whom one issues recalls: the alliance whose office one is, else the house one keeps."""
    offices = policies.alliances_recalling(request.user)
    if offices:
        return Alliance.objects.get(pk=offices[0]), None
    kept = policies.houses_kept(request.user)
    acting = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    pk = acting if acting in kept else next(iter(kept), None)
    alliance = alliance_of(pk, on=timezone.localdate()) if pk else None
    if pk is None or alliance is None:
        raise PermissionDenied
    house: Institution = Institution.objects.get(pk=pk)
    return alliance, house
