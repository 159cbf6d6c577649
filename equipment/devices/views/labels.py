"""Labels to print: one, or a sheet of them as the list is filtered."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from alliance.core.listing import listing
from alliance.institutions.policies import insist

from .. import policies, presenters
from ..filters import DeviceFilter
from ..models import Device

# Three columns of eight on a sheet of A4; two sheets a page.
_SHEET = 48


@require_safe
def label(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The label of one device."""
    row = get_object_or_404(_labelled(request), public_id=public_id)
    context = {"labels": _labels(request, [row]), "device": row}
    return TemplateResponse(request, "devices/labels.html", context)


@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """Labels of the devices that a list's filters leave."""
    insist(policies.may_count(request.user))
    found = DeviceFilter(request.GET, queryset=_labelled(request), request=request)
    rows = found.qs if found.is_valid() else Device.objects.none()
    page = listing(request, rows, ordering="asset_number", size=_SHEET)
    context = {"labels": _labels(request, page.rows), "listing": page}
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "devices/labels.html", context, status=status)


def _labelled(request: HttpRequest) -> Any:
    """Devices on the register whose numbers are for the reader's eyes."""
    rows = Device.objects.visible_to(request.user).known_to(request.user)
    return rows.filter(retired_on=None).for_list()


def _labels(request: HttpRequest, rows: list[Any]) -> list[dict[str, Any]]:
    return [
        {"device": row, "url": request.build_absolute_uri(presenters.scan_path(row))}
        for row in rows
    ]
