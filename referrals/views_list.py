"""The list of referrals, its saved views and its export; a patient's referrals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core import keyset
from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission
from alliance.core.exchange import exporting
from alliance.core.models import SavedView
from alliance.patients.models import Patient

from . import worklists
from .actions import saved_views
from .export import ReferralTable
from .filters import ReferralListFilter, Stage, at_stage
from .models import Referral
from .presenters import listing
from .presenters.rows import Reader, rows_of

PAGE = 25
# On a patient's page; more are in the list.
MOST_OF_A_PATIENT = 20
_COUNTED = (Stage.OPEN, Stage.OURS, Stage.DRAFT)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def acting(request: HttpRequest) -> int | None:
    """The institution on whose behalf the page is read; None for overseers."""
    house = request.institution  # type: ignore[attr-defined]
    return house.pk if house else None


def reader_of(request: HttpRequest) -> Reader:
    """Who reads the page, and for whom."""
    return Reader(request.user, acting(request))


@require_safe
def referral_list(request: HttpRequest) -> HttpResponse:
    """Everything one may see, the newest first, filtered, a page at a time."""
    if Permission.REFERRAL_VIEW not in access_of(request.user).everywhere():
        raise PermissionDenied(str(Permission.REFERRAL_VIEW.label))
    filters = ReferralListFilter(request.GET, request=request)
    context = _page(request, filters) | _around(request, filters)
    return TemplateResponse(
        request, "referrals/list.html", context, status=200 if filters.is_valid() else 422
    )


def _page(request: HttpRequest, filters: ReferralListFilter) -> dict[str, Any]:
    if not filters.is_valid():
        return {"rows": [], "page": None}
    branches = Referral.objects.branches_for(request.user, acting(request))
    page = keyset.paginate(
        filters.narrowed(branches),
        into=worklists.lean(Referral.objects.for_list()),
        ordering="-created_at",
        cursor=request.GET.get("cursor"),
        size=PAGE,
    )
    rows = rows_of(page.rows, reader_of(request), now=timezone.now())
    return {
        "rows": rows,
        "is_vague": filters.is_vague,
        "previous_url": listing.link(request.GET, cursor=page.previous) if page.previous else "",
        "next_url": listing.link(request.GET, cursor=page.next) if page.next else "",
    }


def _around(request: HttpRequest, filters: ReferralListFilter) -> dict[str, Any]:
    chips = listing.chips(filters, request.GET)
    stage = request.GET.get("stage")
    mine = SavedView.objects.visible_to(request.user).filter(view=saved_views.VIEW)
    return {
        "filter": filters,
        "chips": chips,
        "clear_url": listing.link(_only_stage(request)) if chips else "",
        "tabs": listing.tabs(request.GET, _counts(request)),
        "views": listing.saved(mine.order_by("name"), request.GET),
        "query": listing.query_of(request.GET),
        "is_filtered": bool(chips or stage or request.GET.get("search")),
        "may_file": _may(request, Permission.REFERRAL_SEND),
        "may_export": _may(request, Permission.DATA_EXPORT),
    }


def _only_stage(request: HttpRequest) -> Any:
    kept = request.GET.copy()
    for name in list(kept):
        if name != "stage":
            del kept[name]
    return kept


def _counts(request: HttpRequest) -> dict[str, str]:
    """How many rows stand behind the tabs, whatever else is filtered, up to a bound."""
    house = acting(request)
    if house is None:
        return {}
    branches = Referral.objects.branches_for(request.user, house)
    return worklists.bounded_counts(
        {
            stage.value: [at_stage(branch, stage, request.user) for branch in branches]
            for stage in _COUNTED
        }
    )


def _may(request: HttpRequest, permission: Permission) -> bool:
    """Whether the reader may do this here, or for an alliance they oversee."""
    if has_permission(request.user, permission, institution_id=acting(request)):
        return True
    return bool(access_of(request.user).alliances_with(permission))


@require_safe
def export(request: HttpRequest) -> FileResponse:
    """The list as filtered, as an Excel file with masked names; the ledger says who took it."""
    if not _may(request, Permission.DATA_EXPORT):
        raise PermissionDenied(str(Permission.DATA_EXPORT.label))
    file = exporting.export(by=request.user, table=ReferralTable(), request=request)
    name = f"{_('Referrals')}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters that are on under a name."""
    query = listing.query_of(QueryDict(request.POST.get("query", "")))
    try:
        saved_views.keep_view(by=request.user, name=request.POST.get("name", ""), query=query)
        messages.success(request, _("The view is kept."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(listing.link(QueryDict(query)))


@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved view."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    saved_views.drop_view(view=view)
    messages.success(request, _("The view is deleted."))
    return redirect("referrals:list")


@require_safe
def for_patient(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A patient's referrals, the newest first: a part of the patient's page, or a page."""
    patient = get_object_or_404(Patient.objects.visible_to(request.user), public_id=public_id)
    legs = worklists.lean(Referral.objects.visible_to(request.user).filter(patient=patient))
    rows = rows_of(
        legs.order_by("-created_at")[:MOST_OF_A_PATIENT], reader_of(request), now=timezone.now()
    )
    template = "referrals/_patient.html" if request.htmx else "referrals/patient.html"  # type: ignore[attr-defined]
    return TemplateResponse(request, template, {"rows": rows, "patient": patient})
