"""Accepting an invitation: the only page by which a stranger becomes a user."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from alliance.core.forms import attempt

from .. import actions, pages, selectors
from ..forms import JoinForm
from ..models import Invitation
from .shared import form_page


@login_not_required
@never_cache
@sensitive_post_parameters("password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Open an account with the link; somebody who has one takes up one more role."""
    invitation = selectors.invitation_of(token)
    if invitation is None:
        raise Http404
    if request.user.is_authenticated:
        return _accept_as(request, token, invitation)
    start = {"name": invitation.name, "username": invitation.email.partition("@")[0]}
    form = JoinForm(request.POST or None, initial=start)
    if request.method == "POST" and attempt(
        form, lambda: actions.accept_invitation(token=token, **form.cleaned_data)
    ):
        messages.success(request, _("Your account is ready. Sign in with the password you chose."))
        return redirect("account_login")
    return form_page(request, form, _context(invitation), "people/join.html")


def _accept_as(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    user: Any = request.user
    if request.method == "POST":
        actions.accept_invitation_as(token=token, by=user)
        messages.success(
            request, _("You now work for %(place)s too.") % {"place": invitation.institution}
        )
        return redirect("home")
    fits = user.email.lower() == invitation.email
    return form_page(
        request, JoinForm(), {**_context(invitation), "fits": fits}, "people/join_as.html"
    )


def _context(invitation: Invitation) -> dict[str, Any]:
    state = pages.invitation_state(invitation)
    is_open = state["tone"] == "active"
    known = selectors.has_account(invitation.email)
    return {"invitation": invitation, "state": state, "is_open": is_open, "known": known}
