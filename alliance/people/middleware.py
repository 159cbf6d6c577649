"""Sign-in rules on every request: idle log-out, second factor, whose behalf one acts on."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from alliance.core.policy import policy

from . import selectors

GetResponse = Callable[[HttpRequest], HttpResponse]
_SEEN = "seen_at"
_LIMIT = "idle_minutes"
# Touch the session at most this often, so that reading costs no write.
_TOUCH_SECONDS = 60


class IdleLogoutMiddleware:
    """Ends a session that was idle longer than policy allows, and knows the acting institution."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.get(_SEEN) and _idle(request):
            logout(request)
        elif request.session.session_key and _seconds_idle(request) > _TOUCH_SECONDS:
            request.session[_SEEN] = timezone.now().timestamp()
            request.session[_LIMIT] = policy("security.idle_minutes", on=timezone.localdate())
        request.institution = SimpleLazyObject(lambda: selectors.acting_institution(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _seconds_idle(request: HttpRequest) -> float:
    return timezone.now().timestamp() - float(request.session.get(_SEEN, 0))


def _idle(request: HttpRequest) -> bool:
    return _seconds_idle(request) > 60 * int(request.session.get(_LIMIT, 15))


class SecondFactorMiddleware:
    """Sends people whose role decides about others to set up a second factor first."""

    allowed = ("/accounts/", "/static/", "/health/", "/i18n/", "/metrics", "/oauth/", "/api/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if (
            not settings.DEMO_MODE
            and user.is_authenticated
            and not request.path.startswith(self.allowed)
            and selectors.lacks_second_factor(user)
        ):
            return redirect("mfa_activate_totp")
        return self.get_response(request)


class LanguageMiddleware:
    """Signed-in people read their own language unless a cookie says otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language  # type: ignore[attr-defined]
        return self.get_response(request)
