"""Pages for machines: alive, ready, metrics."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError

from . import metrics
from .exceptions import CONTENT_TYPE, problem


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "live"})


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Database and broker answer, so traffic may come."""
    checks = {"database": _database(), "broker": _broker()}
    healthy = all(checks.values())
    return JsonResponse(
        {"status": "ready" if healthy else "unready", **checks}, status=200 if healthy else 503
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        cache.ping()  # type: ignore[attr-defined]
    except (RedisError, OSError):
        return False
    return True


@login_not_required
@require_safe
@never_cache
def prometheus(request: HttpRequest) -> HttpResponse:
    """Metrics in Prometheus text format, for who knows METRICS_TOKEN; without one there are none."""
    token = settings.METRICS_TOKEN
    if not (token or settings.METRICS_OPEN):
        raise Http404
    said = request.headers.get("Authorization", "")
    if settings.METRICS_OPEN or constant_time_compare(said, f"Bearer {token}"):
        return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
    return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person is known and may not."""
    return render(request, "errors/403.html", status=403)


@login_not_required
def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token, most often from a page that is too old."""
    return render(request, "errors/expired.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing that this person may know of; other systems get a problem."""
    if request.path.startswith("/api/"):
        body = problem("not_found", _("There is no such thing here."), 404)
        return JsonResponse(body, status=404, content_type=CONTENT_TYPE)
    return render(request, "errors/404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the page needs no database; other systems get a problem."""
    if request.path.startswith("/api/"):
        text = _("Something went wrong on our side.")
        body = problem("server_error", text, 500)
        return JsonResponse(body, status=500, content_type=CONTENT_TYPE)
    return HttpResponse(get_template("errors/500.html").render(), status=500)
