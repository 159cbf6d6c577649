"""Emergencies beyond a privilege: recorded at once, reported on in time, reviewed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.models import Institution

from .. import actions, policies, presenters
from ..filters import OverrideFilter
from ..forms import OverrideForm, ReportForm, ReviewForm
from ..models import Override
from .shared import tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Emergencies that concern the user, the newest first."""
    policies.insist(policies.may_see_overrides(request.user))
    rows = Override.objects.visible_to(request.user).for_list()
    found = OverrideFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-at")
    context = {
        "listing": page,
        "now": timezone.now(),
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_record": bool(policies.overrides_at(request.user)),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "privileges/overrides.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Record an emergency."""
    ids = policies.overrides_at(request.user)
    policies.insist(bool(ids))
    houses = Institution.objects.visible_to(request.user).filter(pk__in=ids).order_by("name")
    acting = getattr(request, "institution", None)
    form = OverrideForm(
        posted(request),
        user=request.user,
        houses=houses,
        initial={"institution": acting.pk if acting and acting.pk in ids else ids[0]},
    )

    def act() -> str:
        return actions.record_override(by=request.user, **form.values).get_absolute_url()

    if request.method == "POST" and (url := create(form, scope=_scope(request), act=act)):
        messages.success(request, _("The emergency is recorded. The report is still owed."))
        return redirect(url)
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "privileges/override_new.html", {"form": form}, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One emergency with its report and review."""
    return _page(request, _visible(request, public_id))


@require_POST
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Report on it."""
    form = ReportForm(request.POST)
    return _act(request, public_id, form, actions.report_override, _("The report is handed in."))


@require_POST
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Review the report."""
    form = ReviewForm(request.POST)
    return _act(request, public_id, form, actions.review_override, _("The review is kept."))


def _act(
    request: HttpRequest, public_id: UUID, form: forms.Form, action: Callable[..., Any], done: str
) -> HttpResponse:
    override = _visible(request, public_id)
    if attempt(form, lambda: action(override=override, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(override)
    return _page(request, override, form)


def _page(request: HttpRequest, override: Override, form: forms.Form | None = None) -> HttpResponse:
    acts = policies.acts_on_override(request.user, override)
    seen = {"version": override.version}
    kind = ReportForm if policies.OverrideAct.REPORT in acts else ReviewForm
    context = {
        "override": override,
        "facts": presenters.override_facts(override),
        "acts": {act.value: True for act in acts},
        "form": form if form is not None else kind(initial=seen),
        "now": timezone.now(),
    }
    status = 422 if form is not None else 200
    return TemplateResponse(request, "privileges/override.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> Override:
    rows = Override.objects.visible_to(request.user).for_list()
    found: Override = get_object_or_404(
        rows.select_related("recorded_by", "reported_by", "reviewed_by"), public_id=public_id
    )
    return found


def _scope(request: HttpRequest) -> str:
    return f"override:{request.user.pk}"
