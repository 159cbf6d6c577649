"""Faults and work orders: reporting one, the list, one order and its moves, its photographs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, posted
from alliance.core.listing import chips, listing
from alliance.institutions.policies import insist

from .. import actions, policies, presenters, selectors
from ..choices import Move
from ..filters import OrderFilter
from ..forms import FORMS, FaultForm
from ..models import ServiceFile, WorkOrder, WorkOrderEvent
from .shared import device_of, made, tabs, visible


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Work orders that one may see, the newest first."""
    insist(policies.may_look(request.user))
    rows = WorkOrder.objects.visible_to(request.user).for_list()
    found = OrderFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-created_at")
    context = {
        "rows": [presenters.order_row(order) for order in page.rows],
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "service/orders.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say what is wrong with a device: what its label's big button opens."""
    device = device_of(request, public_id)
    form = FaultForm(posted(request), request.FILES or None, initial=presenters.known_fault(device))

    def act() -> str:
        order = actions.report_fault(device=device, by=request.user, **form.values)
        return order.get_absolute_url()

    told = _("Thank you. The keepers have been told.")
    scope = f"fault:{device.pk}"
    if answer := made(request, form, scope=scope, act=act, told=told):
        return answer
    known = WorkOrder.objects.visible_to(request.user).open().filter(device=device).for_list()
    context = {
        "device": device,
        "form": form,
        "known": [presenters.order_row(order, of_device=True) for order in known],
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "service/report.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One work order: what is wrong, what happened, what comes next."""
    return _page(request, visible(WorkOrder, request, public_id))


@require_POST
def move(request: HttpRequest, public_id: UUID, move: Move) -> HttpResponse:
    """Make one move."""
    order = visible(WorkOrder, request, public_id)
    people = selectors.technicians_of(order.institution_id, on=timezone.localdate())
    form = FORMS[move](request.POST, request.FILES, prefix=move.value, technicians=people)

    def act() -> None:
        data = dict(form.cleaned_data)
        version, reason = data.pop("version"), data.pop("reason", "")
        actions.move(
            order=order, move=move, by=request.user, reason=reason, version=version, data=data
        )

    if attempt(form, act):
        messages.success(request, _("Done: %(move)s.") % {"move": move.label})
        return redirect(order)
    return _page(request, visible(WorkOrder, request, public_id), tried=form)


@require_safe
def file(request: HttpRequest, public_id: UUID) -> FileResponse:
    """A photograph or paper as itself and nothing else: never sniffed, run or framed."""
    row: Any = get_object_or_404(ServiceFile.objects.visible_to(request.user), public_id=public_id)
    response = FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: HttpRequest, order: WorkOrder, *, tried: Any = None) -> HttpResponse:
    people = selectors.technicians_of(order.institution_id, on=timezone.localdate())
    events = WorkOrderEvent.objects.visible_to(request.user).filter(order=order)
    is_down = order.outages.filter(ends_at=None).exists()
    acts = presenters.order_acts(
        request.user, order, technicians=people, is_down=is_down, tried=tried
    )
    context = {
        "order": order,
        "row": presenters.order_row(order),
        "facts": presenters.order_facts(order),
        "events": presenters.timeline(events.select_related("by").order_by("pk")),
        "files": [presenters.file_row(one) for one in order.files.all()],
        "is_down": is_down,
        "acts": acts,
    }
    status = 422 if tried is not None and tried.errors else 200
    return TemplateResponse(request, "service/order.html", context, status=status)
