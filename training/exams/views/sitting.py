"""Sitting an exam: begun, saved as one goes, handed in, and what came of it."""

import uuid
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core import versions

from .. import actions, pages, rules
from ..choices import Ending
from ..models import Attempt
from . import exams

_LONGEST_PAGE = 32


@require_POST
def start(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin an exam, or go on with the attempt that is under way."""
    exam = exams.visible(request, public_id)
    return redirect(actions.start_attempt(exam=exam, by=request.user))


@require_safe
def sit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The paper with what was answered so far; after the end, its result."""
    attempt = _own(request, public_id)
    if attempt.submitted_at is not None:
        return redirect("exams:attempt", attempt.public_id)
    return _page(request, attempt)


@require_POST
def autosave(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """Keep what was answered so far; 409 tells the page that the attempt has ended."""
    attempt = actions.save_answers(attempt=_own(request, public_id), **_sent(request))
    if attempt.submitted_at is not None:
        return JsonResponse({"detail": _("Time is over.")}, status=409)
    assert attempt.saved_at is not None  # noqa: S101 - just saved
    return JsonResponse({"version": attempt.version, "saved_at": attempt.saved_at.isoformat()})


@require_POST
def hand_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand the paper in; with questions left open, ask once whether that is meant."""
    attempt = _own(request, public_id)
    was_open, sent, act = attempt.submitted_at is None, _sent(request), request.POST.get("act")
    left = rules.unanswered(attempt.paper, sent["answers"])
    if was_open and (act == "save" or (left and act != "sure")):
        attempt = actions.save_answers(attempt=attempt, **sent)
        if attempt.submitted_at is None:
            return _page(request, attempt, left=left if act != "save" else [])
    attempt = actions.hand_in(attempt=attempt, **sent)
    if was_open and attempt.ending == Ending.TIME_OUT:
        context = pages.corrected(attempt)
        return TemplateResponse(request, "exams/time_over.html", context, status=409)
    return redirect("exams:attempt", attempt.public_id)


@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """See what came of an attempt whose time is over."""
    attempt = actions.close_attempt(attempt=_own(request, public_id), by=request.user)
    return redirect("exams:attempt", attempt.public_id)


@require_safe
def result(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What one answered, what is right, and why; only after the end."""
    attempt = _own(request, public_id)
    if attempt.submitted_at is None:
        return redirect(attempt)
    return TemplateResponse(request, "exams/attempt.html", pages.corrected(attempt))


def _own(request: HttpRequest, public_id: UUID) -> Attempt:
    rows = Attempt.objects.visible_to(request.user).select_related("exam", "result")
    found: Attempt = get_object_or_404(rows, public_id=public_id)
    return found


def _page(request: HttpRequest, attempt: Attempt, left: Any = ()) -> HttpResponse:
    """The paper under a name of its own, by which this copy of the page saves."""
    context = pages.sitting(attempt, page=uuid.uuid4().hex, left=list(left))
    context["back_url"] = reverse("exams:exam", args=[attempt.exam.public_id])
    status = 422 if left else 200
    response = TemplateResponse(request, "exams/sit.html", context, status=status)
    # A copy out of the browser's cache would show answers of before.
    add_never_cache_headers(response)
    return response


def _sent(request: HttpRequest) -> dict[str, Any]:
    """What a form of the paper holds: answers by question, the copy's name and version."""
    answers = {
        name[1:]: [int(value) for value in values if value.isdecimal() and len(value) == 1]
        for name, values in request.POST.lists()
        if name.startswith("q") and name[1:].isdecimal()
    }
    return {
        "answers": answers,
        "page": request.GET.get("page", "")[:_LONGEST_PAGE],
        "version": versions.parse(request.POST.get("version")),
        "by": request.user,
    }
