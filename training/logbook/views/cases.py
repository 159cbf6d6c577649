"""One case: entering it, reading it, confirming it, putting it right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.catalogue.models import Technique
from alliance.core.forms import attempt, create, posted
from alliance.patients.actions import note_read
from alliance.patients.models import Patient
from alliance.people.models import Practitioner

from .. import actions, desk, policies, presenters
from ..choices import Act
from ..forms import CaseForm, ChangeForm, ConfirmForm, ReasonForm
from ..models import Case
from ..related import related_to
from .lists import confirming
from .shared import acting, visible_case


def _choices(request: HttpRequest) -> dict[str, Any]:
    """Which rows the form may name."""
    today = timezone.localdate()
    return {
        "techniques": Technique.objects.filter(is_active=True),
        "people": Practitioner.objects.visible_to(request.user),
        "patients": Patient.objects.visible_to(request.user).current(),
        "houses": desk.houses_of(request.user, acting(request), on=today),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter one operation; the form begins with what the last one said, or with the draft."""
    policies.insist(policies.may_record(request.user))
    user: Any = request.user
    form = CaseForm(posted(request), **_choices(request))
    form.begin_with(desk.beginning(user, acting(request), on=timezone.localdate()))
    if request.method == "POST":
        url = create(form, scope=f"case:{user.pk}", act=lambda: _record(request, form))
        if url is not None:
            messages.success(request, _("The case is in the logbook and waits for confirmation."))
            return redirect(url)
    draft = None if form.is_bound else desk.draft_of(user)
    form.go_on_with(draft.content if draft else _asked(request, form))
    context = {"form": form, "draft": draft}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "logbook/new.html", context, status=status)


# What a path, or a use of devices, may say of a case before it is entered.
_NAMED = (
    "technique", "role", "supervisor", "performed_on", "started_at", "institution",
    "referral_number",
)  # fmt: skip


def _asked(request: HttpRequest, form: CaseForm) -> dict[str, str]:
    """What the address names before anything was sent: a path asks for this operation and role."""
    names = () if form.is_bound else _NAMED
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _record(request: HttpRequest, form: CaseForm) -> str:
    case = actions.record_case(by=request.user, **form.values)
    actions.drop_draft(by=request.user)
    is_mine = policies.practitioner_of(request.user) == case.operator_id
    return reverse("logbook:mine") if is_mine else case.get_absolute_url()


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what is half typed."""
    names = (*CaseForm.FIRST, *CaseForm.MORE)
    typed = {name: request.POST[name][:2000] for name in names if request.POST.get(name)}
    kept = actions.keep_draft(by=request.user, content=typed)
    return JsonResponse({"saved_at": kept.updated_at.isoformat()})


@require_POST
def drop_draft(request: HttpRequest) -> HttpResponse:
    """Begin with an empty form again."""
    policies.insist(policies.may_record(request.user))
    actions.drop_draft(by=request.user)
    return redirect("logbook:new")


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One case: what it says, what was done with it, what may be done now."""
    return _page(request, visible_case(request, public_id))


def _page(request: HttpRequest, case: Case, **forms: Any) -> HttpResponse:
    versions = list(case.versions.select_related("by").order_by("number"))
    context = {
        "case": case,
        "steps": presenters.history(case, actions.content_of(case), versions),
        "ratings": presenters.ratings(case),
        "related": related_to(case, request.user),
        "acts": {act.value: True for act in policies.acts_on(request.user, case)},
        "onward": request.POST.get("next") == "waiting",
        **confirming(request, case),
        **forms,
    }
    if case.patient is not None and context["row"].who == case.patient.masked_name:
        house = acting(request)
        note_read(patient=case.patient, by=request.user, institution=house, via="logbook")
    status = 422 if any(form.errors for form in forms.values()) else 200
    return TemplateResponse(request, "logbook/case.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct an entry, or amend a confirmed one."""
    case = visible_case(request, public_id)
    act = Act.CORRECT if case.confirmed_at is None else Act.AMEND
    policies.insist(policies.may(request.user, act, case))
    form = ChangeForm(posted(request), case=case, **_choices(request))
    if request.method == "POST" and attempt(
        form, lambda: actions.change_case(case=case, by=request.user, **form.values)
    ):
        messages.success(request, _("Saved. What it said before stays readable below."))
        return redirect(case)
    context = {"form": form, "case": case}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "logbook/change.html", context, status=status)


@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Vouch for a case, then go on with the next one."""
    case = visible_case(request, public_id)
    form = ConfirmForm(request.POST, scales=desk.scales_for(case))
    if form.is_valid():
        try:
            actions.confirm_case(
                case=case, by=request.user, version=form.cleaned_data["version"], **form.rated()
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Confirmed."))
            return _onward(request, case)
    return _page(request, case, confirm_form=form)


@require_POST
def reject(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send a case back."""
    case = visible_case(request, public_id)
    form = ReasonForm(request.POST)
    if attempt(form, lambda: actions.reject_case(case=case, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Sent back; the operator is told why."))
        return _onward(request, case)
    return _page(request, case, reason_form=form)


@require_POST
def void(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a case no longer stand."""
    case = visible_case(request, public_id)
    form = ReasonForm(request.POST)
    if attempt(form, lambda: actions.void_case(case=case, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The case is void and no longer counts."))
        return redirect(case)
    return _page(request, case, reason_form=form)


def _onward(request: HttpRequest, case: Case) -> HttpResponse:
    """The next case where somebody works through a list, else this one."""
    if request.POST.get("next") == "waiting":
        return redirect("logbook:waiting")
    return redirect(case)
