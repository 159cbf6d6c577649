"""What the pages of tours share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from .. import policies
from ..models import Stop, Tour


def tour_of(request: HttpRequest, public_id: UUID, *, to_plan: bool = False) -> Tour:
    """The tour of that id: 404 for who does not see it, 403 for who may not plan it."""
    rows = Tour.objects.visible_to(request.user).for_list()
    found: Tour = get_object_or_404(rows, public_id=public_id)
    policies.insist(not to_plan or policies.may_plan(request.user, found))
    return found


def stop_of(request: HttpRequest, public_id: UUID, *, to_plan: bool = False) -> Stop:
    """The stop of that id, in the same way."""
    rows = Stop.objects.visible_to(request.user).for_list()
    found: Stop = get_object_or_404(rows, public_id=public_id)
    policies.insist(not to_plan or policies.may_plan(request.user, found.tour))
    return found


def form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    """A page with one form (`title`, `back_url`); 422 when it came back with errors."""
    status = 422 if form.errors else 200
    context["form"] = form
    return TemplateResponse(request, "tours/form.html", context, status=status)
