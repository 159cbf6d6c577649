"""One's own account: particulars, sessions, and whose behalf one acts on."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import attempt

from .. import actions, pages, selectors, sessions
from ..forms import ProfileForm
from ..models import SignIn
from .shared import form_page


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, telephone, language; password and second factor; sessions."""
    user: Any = request.user
    start = {"name": user.name, "phone": user.phone, "language": user.language}
    form = ProfileForm(request.POST or None, initial=start)
    if request.method == "POST" and attempt(
        form, lambda: actions.update_profile(by=user, **form.cleaned_data)
    ):
        messages.success(request, _("Saved."))
        response = redirect("people:profile")
        # The language of the account counts again where another was chosen in this browser.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    return form_page(request, form, pages.security(request), "people/profile.html")


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's sessions on another device."""
    rows = SignIn.objects.visible_to(request.user).open()
    actions.end_session(sign_in=get_object_or_404(rows, pk=pk), by=request.user)
    messages.success(request, _("That session has ended."))
    return redirect("people:profile")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    user: Any = request.user
    actions.end_other_sessions(by=user, keep=request.session.get(sessions.SIGN_IN))
    update_session_auth_hash(request, user)
    actions.note_new_key(
        sign_in_id=request.session.get(sessions.SIGN_IN),
        session_key=request.session.session_key or "",
    )
    messages.success(request, _("All other sessions have ended."))
    return redirect("people:profile")


@require_http_methods(["GET", "HEAD", "POST"])
def switch_institution(request: HttpRequest) -> HttpResponse:
    """Choose for which of one's institutions to act."""
    rows = selectors.institutions_of(request.user)
    if request.method != "POST":
        context = {"institutions": rows}
        return TemplateResponse(request, "people/switch.html", context)
    chosen = get_object_or_404(rows, public_id=_id_of(request.POST.get("institution", "")))
    request.session[selectors.ACTING] = chosen.pk
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else "home")


def _id_of(text: str) -> UUID | None:
    """What is no id is nobody's."""
    try:
        return UUID(text)
    except ValueError:
        return None
