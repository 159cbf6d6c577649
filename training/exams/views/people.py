"""How far people are: one practitioner, and the retrainings that are owed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core.forms import attempt, create
from alliance.core.listing import listing
from alliance.people.models import Practitioner

from .. import actions, pages, policies
from ..forms import DoneForm, FurtherForm
from ..models import Exam, Retraining

_FOUND = 20
_LONGEST = 50


@require_safe
def learner(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Exams, stations and retrainings of one practitioner."""
    return _learner(request, _person(request, public_id))


@require_POST
def further(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give somebody a further attempt at an exam."""
    policies.insist(policies.may_assess(request.user))
    person = _person(request, public_id)
    form = FurtherForm(request.POST, exams=Exam.objects.visible_to(request.user).online())

    def act() -> str:
        actions.give_attempt(practitioner=person, by=request.user, **form.values)
        return request.path.removesuffix("further/")

    if url := create(form, scope=f"further:{request.user.pk}", act=act):
        messages.success(request, _("%(name)s may try once more.") % {"name": person.name})
        return redirect(url)
    return _learner(request, person, form)


@require_safe
def retrainings(request: HttpRequest) -> HttpResponse:
    """Retrainings that are owed, those due first on top; `?all=1` also shows what is done."""
    policies.insist(policies.may_look(request.user))
    today, everything = timezone.localdate(), request.GET.get("all") == "1"
    rows = Retraining.objects.visible_to(request.user).for_list()
    context = {
        "listing": listing(request, rows if everything else rows.owed(today), ordering="due_on"),
        "all": everything,
        "today": today,
        "tabs": pages.tabs(request),
    }
    return TemplateResponse(request, "exams/retrainings.html", context)


@require_safe
def retraining(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One retraining: why it is owed, by when, and that it is done."""
    return _retraining(request, _owed(request, public_id))


@require_POST
def retraining_done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Confirm a retraining."""
    row = _owed(request, public_id)
    form = DoneForm(request.POST)

    def act() -> None:
        actions.finish_retraining(retraining=row, by=request.user, **form.cleaned_data)

    if attempt(form, act):
        messages.success(request, _("The retraining is confirmed."))
        return redirect(row)
    return _retraining(request, row, form)


@require_safe
def trainees(request: HttpRequest) -> JsonResponse:
    """A few practitioners for a search box, with where they work."""
    policies.insist(policies.may_assess(request.user))
    text = request.GET.get("search", "")[:_LONGEST].strip()
    rows = pages.named(pages.trainees(request.user), text).select_related("institution")
    found = [
        {"id": str(one.public_id), "name": one.name, "hint": str(one.institution)}
        for one in rows.order_by("name", "pk")[:_FOUND]
    ]
    return JsonResponse({"results": found})


def _person(request: HttpRequest, public_id: UUID) -> Practitioner:
    """The practitioner of that id, if the user watches over their learning; 404 otherwise."""
    rows = pages.watched_over(request.user).select_related("institution")
    found: Practitioner = get_object_or_404(rows, public_id=public_id)
    return found


def _learner(request: HttpRequest, person: Practitioner, form: Any = None) -> HttpResponse:
    context = pages.learner(request, person)
    exams = Exam.objects.visible_to(request.user).filter(pk__in=context["used_up"])
    context["form"] = form or FurtherForm(exams=exams)
    return TemplateResponse(
        request, "exams/learner.html", context, status=422 if form is not None else 200
    )


def _retraining(request: HttpRequest, row: Retraining, form: Any = None) -> HttpResponse:
    context = pages.retraining(request, row)
    initial = {"done_on": timezone.localdate(), "version": row.version}
    context["form"] = form or DoneForm(initial=initial)
    return TemplateResponse(
        request, "exams/retraining.html", context, status=422 if form is not None else 200
    )


def _owed(request: HttpRequest, public_id: UUID) -> Retraining:
    found: Retraining = get_object_or_404(
        Retraining.objects.visible_to(request.user).for_list(), public_id=public_id
    )
    return found
