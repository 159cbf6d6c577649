"""My path, one enrolment, enrolling, signing, leaving."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.catalogue.models import Technique
from alliance.core import versions
from alliance.core.forms import attempt, create, posted
from alliance.institutions.policies import insist
from alliance.people.models import Practitioner

from .. import actions, pages, policies
from ..forms import EnrolForm, MentorForm, ReasonForm, SignForm
from ..models import Enrolment, Programme, StageRequirement
from .shared import tabs


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Where I am, what is missing, what to do next, who helps me."""
    insist(policies.is_learner(request.user))
    context = pages.my_path(request.user, on=timezone.localdate()) | {"tabs": tabs(request)}
    return TemplateResponse(request, "programmes/mine.html", context)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The cards that the home page fetches: my path, my trainees."""
    insist(policies.may_see_others(request.user) or policies.is_learner(request.user))
    context = pages.home(request.user, on=timezone.localdate())
    return TemplateResponse(request, "programmes/_home.html", context)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One enrolment: every stage and requirement, what happened, what may be done."""
    return _page(request, _visible(request, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol a doctor; for oneself everything but the programme is filled in."""
    arranges = bool(
        policies.houses_arranged(request.user) or policies.alliances_managed(request.user)
    )
    insist(arranges or policies.is_learner(request.user))
    form = _enrol_form(request, arranges)

    def act() -> str:
        return actions.enrol(by=request.user, **form.values).get_absolute_url()

    if request.method == "POST" and (url := create(form, scope="enrolment", act=act)):
        messages.success(request, _("The enrolment is noted."))
        return redirect(url)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "programmes/enrol.html", {"form": form}, status=status)


@require_POST
def mentor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Name who teaches somebody."""
    row = _visible(request, public_id)
    form = MentorForm(request.POST)
    form.fields["mentor"].rows = _people(request)  # type: ignore[attr-defined]
    return _act(request, row, form, actions.name_mentor, _("The mentor is noted."))


@require_POST
def sign(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Sign that a requirement is met."""
    row = _visible(request, public_id)
    need = get_object_or_404(
        StageRequirement.objects.visible_to(request.user),
        pk=pk,
        stage__version=row.programme_version_id,
    )

    def act(**values: Any) -> Any:
        return actions.sign_off(requirement=need, **values)

    return _act(request, row, SignForm(request.POST), act, _("It is signed off."))


@require_POST
def advance(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note which stages are passed by now."""
    row = _visible(request, public_id)
    actions.advance(enrolment=row, by=request.user)
    messages.success(request, _("The path is up to date."))
    return redirect(row)


@require_POST
def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End an enrolment."""
    row = _visible(request, public_id)
    return _act(
        request, row, ReasonForm(request.POST), actions.leave, _("The enrolment has ended.")
    )


@require_POST
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an enrolment up again."""
    row = _visible(request, public_id)
    seen = versions.parse(request.POST.get("version"))
    actions.resume(enrolment=row, by=request.user, version=seen)
    messages.success(request, _("The enrolment goes on."))
    return redirect(row)


def _enrol_form(request: HttpRequest, arranges: bool) -> Any:
    programmes = Programme.objects.visible_to(request.user).filter(is_offered=True)
    form: Any = EnrolForm(posted(request), initial={"started_on": timezone.localdate()})
    chosen = programmes.filter(name=request.GET.get("programme", "")).first()
    form.initial["programme"] = chosen.pk if chosen else None
    form.fields["programme"].queryset = programmes.order_by("kind", "name")
    form.fields["technique"].rows = Technique.objects.visible_to(request.user)
    form.fields["mentor"].rows = _people(request)
    form.fields["practitioner"].rows = _people(request)
    own = getattr(request.user, "practitioner", None)
    if own is not None and not form.is_bound:
        form.initial["practitioner"] = form.fields["practitioner"].show(own)
    if not arranges:
        form.fields["practitioner"].rows = _people(request).filter(user=request.user.pk)
    return form


def _people(request: HttpRequest) -> Any:
    return Practitioner.objects.visible_to(request.user).filter(is_active=True)


def _act(request: HttpRequest, row: Enrolment, form: Any, action: Any, done: str) -> HttpResponse:
    """Carry out what a form says; its errors come back on the enrolment's page."""
    if attempt(form, lambda: action(enrolment=row, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(row)
    return _page(request, row, form)


def _page(request: HttpRequest, row: Enrolment, form: Any = None) -> HttpResponse:
    context = pages.enrolment(request.user, row, form=form, on=timezone.localdate())
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "programmes/enrolment.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.user).for_list()
    found: Enrolment = get_object_or_404(rows, public_id=public_id)
    return found
