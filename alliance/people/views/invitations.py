"""Invitations: who was asked, and asking."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import create
from alliance.core.listing import listing

from .. import actions, pages, policies, selectors
from ..forms import InviteForm
from ..models import Invitation
from .shared import form_page, own_houses

HERE = "people:invitations"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The invitations of the user's houses, the newest first."""
    policies.insist(policies.may_invite(request.user))
    rows = Invitation.objects.visible_to(request.user).select_related("institution", "invited_by")
    page = listing(request, rows, ordering="-created_at")
    states = [(row, pages.invitation_state(row)) for row in page.rows]
    context = {"listing": page, "states": states, "tabs": pages.tabs(request)}
    return TemplateResponse(request, "people/invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Invite a colleague."""
    policies.insist(policies.may_invite(request.user))
    form = InviteForm(
        request.POST or None,
        houses=own_houses(request),
        here=request.institution,  # type: ignore[attr-defined]
        practitioners=selectors.without_account(policies.houses(request.user)),
    )

    def act() -> str:
        actions.invite(by=request.user, **form.values)
        return reverse(HERE)

    if request.method == "POST" and (
        url := create(form, scope=f"invite:{request.user.pk}", act=act)
    ):
        messages.success(request, _("The invitation is on its way."))
        return redirect(url)
    context = {"title": _lazy("Invite a colleague"), "back_url": reverse(HERE)}
    return form_page(request, form, {**context, "act": _lazy("Send the invitation")})


@require_POST
def renew(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send the link again."""
    actions.renew_invitation(invitation=_visible(request, public_id), by=request.user)
    messages.success(request, _("A new link is on its way; the old one no longer works."))
    return redirect(HERE)


@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    actions.withdraw_invitation(invitation=_visible(request, public_id), by=request.user)
    messages.success(request, _("The invitation is taken back."))
    return redirect(HERE)


def _visible(request: HttpRequest, public_id: UUID) -> Invitation:
    rows = Invitation.objects.visible_to(request.user)
    found: Invitation = get_object_or_404(rows, public_id=public_id)
    return found
