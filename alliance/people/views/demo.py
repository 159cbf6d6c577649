"""One-click entry into the demonstration. Its address exists in demo mode only."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from alliance.core.context import client_ip

from .. import actions, selectors, sessions


@login_not_required
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Enter as one of the invented people."""
    people = selectors.demo_people()
    user = get_object_or_404(people, username=request.POST.get("username", ""))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    sign_in = actions.note_sign_in(
        user=user,
        session_key=request.session.session_key or "",
        ip=client_ip.get(),
        agent=request.headers.get("User-Agent", ""),
    )
    request.session[sessions.SIGN_IN] = sign_in.pk
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else "home")
