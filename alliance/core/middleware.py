"""What wraps every request: its id, its numbers, and the answer when the domain refuses."""

import re
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from csp.constants import NONCE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from . import logs, metrics, unreadable
from .context import client_ip, request_id
from .errors import DomainError
from .exceptions import CONTENT_TYPE, problem
from .proxies import client_address

GetResponse = Callable[[HttpRequest], HttpResponse]
_SAFE_ID = re.compile(r"^[A-Za-z0-9._-]{8,40}$")


class RequestIdMiddleware:
    """Gives each request an id (the caller's `X-Request-ID` when sane) and echoes it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-ID", "")
        request_id.set(asked if _SAFE_ID.match(asked) else uuid.uuid4().hex)
        client_ip.set(client_address(request))
        response = self.get_response(request)
        response["X-Request-ID"] = request_id.get()
        return response


class MetricsMiddleware:
    """Counts and logs requests by route name, never by address (addresses hold ids and more)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        metrics.observe(request.method or "", logs.route(request), response.status_code, seconds)
        logs.answered(request, response.status_code, seconds)
        return response


class BackOfficePolicyMiddleware:
    """Lets the back office run its own scripts and styles, and nothing else be looser for it.

    Unfold is built on Alpine, which evaluates expressions, and writes styles into its pages.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(reverse("admin:index")):
            response._csp_replace = {  # type: ignore[attr-defined]  # read by django-csp
                "script-src": [SELF, NONCE, UNSAFE_EVAL],
                "style-src": [SELF, UNSAFE_INLINE],
            }
        return response


class UnreadableMiddleware:
    """Keeps characters that no text can hold from every view, as `unreadable` says."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if unreadable.NUL in request.path:
            raise Http404
        faults = unreadable.faults(request.GET)
        if not faults:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            body = problem("invalid", _("Some fields need correcting."), 400, errors=faults)
            return JsonResponse(body, status=400, content_type=CONTENT_TYPE)
        context = {"message": unreadable.UNREADABLE, "at": escape_leading_slashes(request.path)}
        template = "components/refusal.html" if _is_partial(request) else "errors/400.html"
        return TemplateResponse(request, template, context, status=400).render()

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Mark what cannot be read in a form; bodies of the API are read by its serializers."""
        is_form = request.method == "POST" and not request.path.startswith("/api/")
        if is_form and unreadable.faults(request.POST):
            request.POST = unreadable.marked(request.POST)  # type: ignore[assignment]


class DomainErrorMiddleware:
    """Turns a refused rule into a page (or an htmx fragment) with the sentence and a way out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this when a view raises; anything but a DomainError passes."""
        if not isinstance(error, DomainError):
            return None
        template = "components/refusal.html" if _is_partial(request) else "errors/409.html"
        context = {
            "error": error,
            "message": error.message,
            "code": error.code,
            "reasons": _sentences(error.details.get("reasons", ())),
            "alternatives": error.details.get("alternatives", []),
            "back": request.META.get("HTTP_REFERER", ""),
        }
        return TemplateResponse(request, template, context, status=error.status).render()


def _is_partial(request: HttpRequest) -> bool:
    """Whether the answer takes the place of a part of a page."""
    return bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]


def _sentences(reasons: Iterable[Any]) -> list[str]:
    """Reasons in words: what is meant for other systems (`text`, `next_step`) as people read it."""
    return [
        " ".join(filter(None, (str(one.get("text", "")), str(one.get("next_step", "")))))
        if isinstance(one, Mapping)
        else str(one)
        for one in reasons
    ]
