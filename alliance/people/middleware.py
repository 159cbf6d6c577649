"""Sign-in rules on every request: idle log-out, duties, language, whose behalf one acts on."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from . import selectors, sessions

GetResponse = Callable[[HttpRequest], HttpResponse]


class IdleLogoutMiddleware:
    """Ends a session that was idle longer than policy allows, and knows the acting institution."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if sessions.is_idle(request.session):
            minutes = request.session[sessions.IDLE_MINUTES]
            logout(request)
            request.session[sessions.WAS_IDLE] = minutes
        request.institution = SimpleLazyObject(lambda: selectors.acting_institution(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Somebody did something; a page's own timer is nobody."""
        idle = sessions.seconds_idle(request.session)
        in_background = getattr(view, "in_background", False)
        if idle is not None and idle > sessions.TOUCH_SECONDS and not in_background:
            sessions.touch(request.session)


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page; parts of a page send the whole page there."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """A fragment swapped into a page must not be the sign-in form.

        Who sent a form goes back to the page where it stood, on which what they typed is filled in
        again: an address that only takes what is sent has nothing to show.
        """
        if request.headers.get("HX-Request") != "true":
            if request.method == "POST" and (page := _page_of_form(request)):
                return redirect_to_login(page, self.get_login_url(view_func))
            return super().handle_no_permission(request, view_func)
        response = HttpResponse(status=401)
        if not getattr(view_func, "in_background", False):
            page = request.headers.get("HX-Current-URL", "/")
            response["HX-Redirect"] = redirect_to_login(page, self.get_login_url(view_func)).url
        return response


def _page_of_form(request: HttpRequest) -> str:
    """The page of ours from which a form was sent, as the browser names it; else nothing."""
    named = urlsplit(request.headers.get("Referer", ""))
    is_ours = named.netloc == request.get_host()
    return urlunsplit(("", "", named.path, named.query, "")) if is_ours else ""


class DutiesMiddleware:
    """What a person must do before anything else: replace a password, set up a second factor."""

    allowed = ("/accounts/", "/static/", "/health/", "/i18n/", "/metrics")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not request.path.startswith(self.allowed) and user.is_authenticated:
            if _password_is_due(request):
                return redirect("account_change_password")
            if not settings.DEMO_MODE and _second_factor_is_due(request):
                return redirect("mfa_activate_totp")
        return self.get_response(request)


def _password_is_due(request: HttpRequest) -> bool:
    """Chosen by somebody else, or too old; the invented people of a demonstration keep theirs."""
    user: Any = request.user
    if user.must_change_password:
        return True
    return not settings.DEMO_MODE and sessions.password_is_due(request.session, user)


def _second_factor_is_due(request: HttpRequest) -> bool:
    """Asked of the database until the answer is no; the session remembers that."""
    user: Any = request.user
    if request.session.get(sessions.SECOND_FACTOR) or not selectors.needs_second_factor(user):
        return False
    if selectors.has_second_factor(user):
        request.session[sessions.SECOND_FACTOR] = True
        return False
    return True


class LanguageMiddleware:
    """Signed-in people read their own language unless a cookie says otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        return self.get_response(request)
