"""Pages of stock-takes: the list, one with what is missing, and scanning."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create, posted
from alliance.core.listing import listing
from alliance.core.versions import parse
from alliance.institutions.policies import insist

from .. import actions, policies, presenters
from ..forms import ScanForm, StocktakeForm
from ..models import Stocktake, StocktakeLine
from .shared import tabs, visible_stocktake


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Stock-takes that one may see, the newest first."""
    insist(policies.may_count(request.user))
    rows = Stocktake.objects.visible_to(request.user).for_list()
    page = listing(request, rows, ordering="-created_at")
    context = {
        "rows": presenters.stocktake_rows(page.rows),
        "listing": page,
        "tabs": tabs(request),
        "may_begin": bool(policies.houses_kept(request.user)),
    }
    return TemplateResponse(request, "devices/stocktakes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a stock-take."""
    insist(bool(policies.houses_kept(request.user)))
    form = StocktakeForm(posted(request), user=request.user)
    today = timezone.localdate()

    def act() -> str:
        return actions.begin(on=today, by=request.user, **form.values).get_absolute_url()

    if request.method == "POST":
        url = create(form, scope=f"stocktake:{request.user.pk}", act=act)
        if url is not None:
            return redirect(url)
    else:
        form.begin_at(getattr(request.institution, "pk", None), today)  # type: ignore[attr-defined]
    status = 422 if form.errors else 200
    return TemplateResponse(request, "devices/stocktake_form.html", {"form": form}, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One stock-take: scan, how far it is, what is missing, what was found last."""
    return _page(request, visible_stocktake(request, public_id))


@require_POST
def scan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note that a device was found."""
    row = visible_stocktake(request, public_id)
    insist(policies.may_keep(request.user, row.institution_id))
    form = ScanForm(request.POST)
    found: list[Any] = []

    def act() -> None:
        values = {"at": timezone.now(), "by": request.user, **form.cleaned_data}
        found.append(actions.scan(stocktake=row, **values))

    if attempt(form, act):
        presenters.tell_scan(request, found[0])
        return redirect(row)
    return _page(request, row, tried=form)


@require_POST
def take_back(request: HttpRequest, public_id: UUID, line_id: int) -> HttpResponse:
    """Undo a scan."""
    row = visible_stocktake(request, public_id)
    lines = StocktakeLine.objects.visible_to(request.user).filter(stocktake=row)
    line = get_object_or_404(lines.select_related("stocktake"), pk=line_id)
    actions.take_back(line=line, by=request.user)
    return redirect(row)


@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End it; what was not found is missing."""
    row = visible_stocktake(request, public_id)
    seen = parse(request.POST.get("version"))
    actions.close(stocktake=row, at=timezone.now(), by=request.user, version=seen)
    messages.success(request, _("The stock-take is closed."))
    return redirect(row)


def _page(request: HttpRequest, row: Any, *, tried: Any = None) -> HttpResponse:
    lines = StocktakeLine.objects.visible_to(request.user).filter(stocktake=row).for_list()
    keeps = policies.may_keep(request.user, row.institution_id)
    context = presenters.stocktake_page(row, lines, on=timezone.localdate()) | {
        "missing": listing(request, lines.missing(), ordering="id", size=50),
        "may_scan": keeps and row.closed_at is None,
        "form": tried or ScanForm(),
    }
    status = 200 if tried is None else 422
    return TemplateResponse(request, "devices/stocktake.html", context, status=status)
