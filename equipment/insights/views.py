"""Pages of insights: five reports, the refusals behind their numbers, and all as a workbook."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.listing import listing
from equipment.bookings.models import BookingRefusal

from . import actions, asking, paging, policies, presenters, selectors
from .forms import ScopeForm
from .scope import Scope

_REFUSED = "refused"
# What an address may ask for besides the form.
_KEPT = ("code", "house", "wanting")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def use(request: HttpRequest) -> HttpResponse:
    """When shared devices are used, and how much of the time they could be."""
    form, scope = _scope(request)
    rows = selectors.uses(scope)
    opens, closes = selectors.open_hours(scope)
    weekdays = [str(WEEKDAYS_ABBR[day]) for day in range(7)]
    tables = presenters.use_of(rows, a_day=closes - opens)
    more = {
        "sections": paging.all_shown(request, tables),
        "note": presenters.unrecorded(scope),
        "heat": presenters.heat(scope, weekdays),
        "weekdays": weekdays,
        "totals": presenters.totals(rows),
    }
    return _page(request, "insights/use.html", form, scope, more)


@require_safe
def report(request: HttpRequest, name: str) -> HttpResponse:
    """One of the reports that are tables only."""
    form, scope = _scope(request)
    tables = presenters.REPORTS[name][1](scope)
    more = {"sections": paging.all_shown(request, tables)}
    return _page(request, "insights/report.html", form, scope, more)


@require_safe
def refusals(request: HttpRequest) -> HttpResponse:
    """The refused bookings behind a number, newest first."""
    form, scope = _scope(request)
    code = request.GET.get("code")
    rows = _refused(request, scope)
    page = listing(request, rows, ordering="-at")
    told = [(row, [presenters.code_label(one) for one in row.codes]) for row in page.rows]
    more = {"rows": told, "listing": page, "code": code and presenters.code_label(code)}
    return _page(request, "insights/refusals.html", form, scope, more)


@require_safe
def export(request: HttpRequest) -> FileResponse:
    """Everything as a workbook, one sheet a table; or one table alone."""
    _form, scope = _scope(request)
    only = request.GET.get("table", "")
    if only not in {"", _REFUSED, *presenters.TABLES}:
        raise Http404
    file = actions.export(
        scope=scope,
        by=request.user,
        only=only,
        orders=paging.orders(request),
        refused=_refused(request, scope) if only == _REFUSED else None,
    )
    name = f"{_('Use of devices')}-{scope.place.label}-{scope.on:%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


def _refused(request: HttpRequest, scope: Scope) -> QuerySet[BookingRefusal]:
    """The refusals that the address asks for, as far as they may be seen."""
    asked = request.GET
    rows = selectors.wanting(scope) if "wanting" in asked else selectors.refusals(scope)
    if code := asked.get("code"):
        rows = rows.filter(codes__contains=[code])
    if house := asked.get("house"):
        rows = rows.filter(institution__public_id=_known_id(house))
    seen = BookingRefusal.objects.visible_to(request.user).values("pk")
    found: QuerySet[BookingRefusal] = rows.filter(pk__in=seen)
    return found.select_related("institution", "device", "technique")


def _scope(request: HttpRequest) -> tuple[ScopeForm, Scope]:
    """What is asked about; 403 where devices are not one's business, 404 for others' places."""
    at = timezone.now()
    form = ScopeForm(request.GET, places=asking.places(request.user, at=at))
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    return form, asking.scope(form.places, at=at, **given)


def _page(
    request: HttpRequest, template: str, form: ScopeForm, scope: Scope, more: dict[str, Any]
) -> HttpResponse:
    about = scope.values(**scope.typed())
    kept = {name: request.GET[name] for name in _KEPT if name in request.GET}
    kept |= paging.addressed(request)
    asked, ordered = urlencode(about), urlencode(about | kept)
    context = {
        "form": form,
        "scope": scope,
        "kept": kept,
        "tabs": _tabs(request, asked),
        "export_url": f"{reverse('insights:export')}?{ordered}",
        "may_export": policies.may_export(request.user),
    }
    context["table_url"] = context["export_url"] if context["may_export"] else ""
    return TemplateResponse(request, template, context | more)


def _tabs(request: HttpRequest, asked: str) -> list[dict[str, Any]]:
    pages = [
        ("use", _("Use")),
        ("idle", _("Idle")),
        ("demand", _("Demand")),
        ("sharing", _("Sharing")),
        ("costs", _("Costs")),
    ]
    found = [(reverse(f"insights:{name}"), label) for name, label in pages]
    return [
        {"label": label, "url": f"{url}?{asked}", "active": request.path == url}
        for url, label in found
    ]


def _known_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
