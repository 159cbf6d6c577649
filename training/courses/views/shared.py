"""What the pages of this room have in common."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.forms import create
from alliance.people.models import Practitioner

from .. import policies, presenters
from ..models import Course, Session


class NotALearner(DomainError):
    """The account belongs to nobody who learns (HTTP 403, with the way out)."""

    status = 403


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this room, under its tabs."""
    context["tabs"] = presenters.tabs(request)
    return TemplateResponse(request, f"courses/{template}.html", context, status=status)


def form_page(
    request: HttpRequest, form: Any, title: str, back_url: str, **more: Any
) -> HttpResponse:
    """A page with one form; 422 when it came back with errors."""
    context = {"form": form, "title": title, "back_url": back_url, **more}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "courses/form.html", context, status=status)


def created(
    request: HttpRequest, form: Any, scope: str, act: Callable[[], str], done: str
) -> HttpResponse | None:
    """Carry a form out once; the answer, or None where it was not sent or something is wrong."""
    if request.method != "POST":
        return None
    url = create(form, scope=f"{scope}:{request.user.pk}", act=act)
    if url is None:
        return None
    messages.success(request, done)
    return redirect(url)


def learner(request: HttpRequest) -> Practitioner:
    """Who learns here; an account without a practitioner is told how to get one."""
    person = presenters.learner(request.user)
    if person is None:
        message = _(
            "This account belongs to no practitioner. Ask your administrator to tie it to yours."
        )
        raise NotALearner("no_practitioner", message)
    return person


def course_of(request: HttpRequest, public_id: UUID) -> Course:
    """The course of that id, if the reader may see it; 404 otherwise."""
    policies.insist(policies.may_look(request.user))
    rows = Course.objects.visible_to(request.user).for_list().select_related("alliance")
    found: Course = get_object_or_404(rows, public_id=public_id)
    return found


def kept_course(request: HttpRequest, public_id: UUID) -> Course:
    """The course of that id, for who keeps it; 404 or 403 otherwise."""
    course = course_of(request, public_id)
    policies.insist(policies.may_keep(request.user, course))
    return course


def session_of(request: HttpRequest, public_id: UUID) -> Session:
    """The session of that id, if the reader may see it; 404 otherwise."""
    policies.insist(policies.may_look(request.user))
    rows = Session.objects.visible_to(request.user).for_list()
    found: Session = get_object_or_404(rows, public_id=public_id)
    return found
