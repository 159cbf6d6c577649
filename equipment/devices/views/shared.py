"""What the pages of devices share."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import policies
from ..models import Device, DeviceType, Stocktake


def visible_device(request: HttpRequest, public_id: UUID) -> Any:
    """The device, if the reader may see it; 404 otherwise."""
    rows = Device.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, public_id=public_id)


def visible_type(request: HttpRequest, public_id: UUID) -> Any:
    """The type, if the reader may look things up; 404 otherwise."""
    return get_object_or_404(DeviceType.objects.visible_to(request.user), public_id=public_id)


def visible_stocktake(request: HttpRequest, public_id: UUID) -> Any:
    """The stock-take, if the reader may see it; 404 otherwise."""
    rows = Stocktake.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, public_id=public_id)


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of devices."""
    pages = [("devices:list", _("All devices")), ("devices:types", _("Device types"))]
    if policies.may_count(request.user):
        pages.append(("devices:stocktakes", _("Stock-takes")))
    return [
        {"label": label, "url": reverse(route), "active": request.path == reverse(route)}
        for route, label in pages
    ]
