"""Who may refer to whom: the whole matrix, and one sender's row in detail."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core.choices import Permission
from alliance.core.forms import attempt

from .. import actions, policies
from ..forms import MatrixFilterForm, RelationForm
from ..models import Alliance, Institution
from ..pages import matrix as pages


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The matrix, senders down and receivers across, grouped by tier."""
    alliance = _alliance(request)
    form = MatrixFilterForm(request.GET)
    context = pages.matrix(alliance, form, on=timezone.localdate())
    return TemplateResponse(request, "institutions/matrix.html", context)


@require_safe
def sender(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """To whom one member may refer, with notes: for phones and for reasons."""
    alliance, institution = _alliance(request), _institution(request, str(public_id))
    context = pages.matrix_row(alliance, institution, on=timezone.localdate())
    return TemplateResponse(request, "institutions/matrix_row.html", context)


@require_POST
def generate(request: HttpRequest) -> HttpResponse:
    """Make the matrix by rule."""
    result = actions.generate_relations(alliance=_alliance(request), by=request.user)
    messages.success(request, pages.generated(result))
    return redirect("institutions:matrix")


@require_POST
def toggle(request: HttpRequest) -> HttpResponse:
    """Open or close one cell of the matrix; htmx gets the cell, others the page again."""
    alliance = _alliance(request)
    sender, receiver, wanted = _pressed(request)
    pair: dict[str, Any] = {"alliance": alliance, "sender": sender, "receiver": receiver}
    relation = actions.set_relation(by=request.user, is_allowed=wanted, **pair)
    words = _("%(way)s: opened.") if wanted else _("%(way)s: closed.")
    done = words % {"way": f"{sender} → {receiver}"} + " " + _("Press the cell again to undo.")
    if request.htmx:  # type: ignore[attr-defined]
        context = {"cell": pages.cell(sender, receiver, relation), "done": done}
        return TemplateResponse(request, "institutions/_cell.html", context)
    messages.success(request, done)
    return redirect(f"{reverse('institutions:matrix')}?{request.GET.urlencode()}")


@require_POST
def set_cell(request: HttpRequest, public_id: UUID, receiver_id: UUID) -> HttpResponse:
    """Open or close one cell with a note, from the sender's row."""
    alliance, sender = _alliance(request), _institution(request, str(public_id))
    receiver, form = _institution(request, str(receiver_id)), RelationForm(request.POST)
    pair: dict[str, Any] = {"alliance": alliance, "sender": sender, "receiver": receiver}
    if attempt(form, lambda: actions.set_relation(by=request.user, **pair, **form.cleaned_data)):
        return redirect("institutions:matrix-row", public_id=public_id)
    refused = {receiver.pk: form}
    context = pages.matrix_row(alliance, sender, on=timezone.localdate(), refused=refused)
    return TemplateResponse(request, "institutions/matrix_row.html", context, status=422)


@require_POST
def follow(request: HttpRequest, public_id: UUID, receiver_id: UUID) -> HttpResponse:
    """Give one cell back to the rule."""
    actions.follow_rule(
        alliance=_alliance(request),
        sender=_institution(request, str(public_id)),
        receiver=_institution(request, str(receiver_id)),
        by=request.user,
    )
    return redirect("institutions:matrix-row", public_id=public_id)


def _alliance(request: HttpRequest) -> Alliance:
    return policies.own_alliance(request.user, Permission.MATRIX_MANAGE)


def _pressed(request: HttpRequest) -> tuple[Institution, Institution, bool]:
    """The cell whose button was pressed, `sender:receiver:open`."""
    parts = request.POST.get("cell", "").split(":")
    if len(parts) != 3:
        raise Http404
    return _institution(request, parts[0]), _institution(request, parts[1]), parts[2] == "open"


def _institution(request: HttpRequest, text: str) -> Institution:
    try:
        public_id = UUID(text)
    except ValueError:
        raise Http404 from None
    found: Institution = get_object_or_404(
        Institution.objects.visible_to(request.user), public_id=public_id
    )
    return found
