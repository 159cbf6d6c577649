"""What the pages of service share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.core.forms import create
from equipment.devices.models import Device

from .. import policies


def visible(model: Any, request: HttpRequest, public_id: UUID) -> Any:
    """A row of this room, if the reader may see it; 404 otherwise."""
    rows = model.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, public_id=public_id)


def device_of(request: HttpRequest, public_id: UUID) -> Any:
    """The device, if the reader may see it; 404 otherwise."""
    rows = Device.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, public_id=public_id)


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of this room that concern the reader."""
    pages = [("service:orders", _("Repairs")), ("service:recalls", _("Recalls"))]
    if policies.may_look_after(request.user):
        pages = [
            ("service:board", pgettext("service", "Today")),
            pages[0],
            ("service:plans", _("Calibration and maintenance")),
            ("service:outages", _("Outages")),
            pages[1],
            ("service:events", _("Adverse events")),
            ("service:figures", _("Availability and cost")),
        ]
    return [
        {"label": label, "url": reverse(route), "active": request.path == reverse(route)}
        for route, label in pages
    ]


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    submit: str,
    back: str,
    note: str = "",
    hint: str = "",
) -> HttpResponse:
    """A page that is one form."""
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "back": back,
        "note": note,
        "hint": hint,
        "has_file": form.is_multipart(),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "service/form.html", context, status=status)


def made(request: HttpRequest, form: Any, *, scope: str, act: Callable[[], str], told: str) -> Any:
    """Redirect to what a valid form made, once; None where the form has to be shown."""
    if request.method != "POST":
        return None
    url = create(form, scope=f"{scope}:{request.user.pk}", act=act)
    if url is None:
        return None
    messages.success(request, told)
    return redirect(url)
