"""What an edition asks of institutions and operators; in a draft, asked and taken out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import attempt, posted

from .. import actions, pages, policies
from ..choices import EditionStatus
from ..forms import RequirementForm
from .editions import draft, visible


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every requirement of an edition; a draft's take more."""
    edition = draft(request, public_id) if request.method == "POST" else visible(request, public_id)
    form = RequirementForm(posted(request), user=request.user)

    def act() -> None:
        actions.set_requirement(edition=edition, by=request.user, **form.cleaned_data)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The requirement is in the draft."))
        return redirect("catalogue:requirements", edition.public_id)
    maintains = policies.may_maintain(request.user, edition.alliance_id)
    context: dict[str, Any] = {
        "edition": edition,
        "lines": pages.requirements(edition),
        "form": form,
        "may_edit": maintains and edition.status == EditionStatus.DRAFT,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "catalogue/requirements.html", context, status=status)


@require_POST
def remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Ask something no longer, in a draft."""
    edition = draft(request, public_id)
    requirement = get_object_or_404(edition.requirements, pk=pk)
    actions.remove_requirement(requirement=requirement, by=request.user)
    messages.success(request, _("The requirement is out of the draft."))
    return redirect("catalogue:requirements", edition.public_id)
