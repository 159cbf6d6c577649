"""Findings: the list, one finding, and what people do about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core import versions
from alliance.core.listing import chips, listing

from .. import actions, policies, presenters, selectors
from ..choices import Standing
from ..filters import FindingFilter
from ..forms import OwnerForm, WaiverForm
from ..models import Finding
from .shared import tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is wrong, the gravest first; open findings unless another standing is asked for."""
    policies.insist(policies.may_look(request.user))
    asked = request.GET.copy()
    asked.setdefault("standing", Standing.OPEN)
    rows = Finding.objects.visible_to(request.user).for_list()
    found = FindingFilter(asked, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-weight")
    context = {
        "rows": presenters.rows(page.rows, on=timezone.localdate()),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "qc/findings.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One finding: what, since when, whose, and what may be done."""
    return _page(request, _visible(request, public_id))


@require_POST
def assign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a finding an owner."""
    finding = _visible(request, public_id)
    form = OwnerForm(request.POST, owners=selectors.owners_for(finding))
    return _act(request, finding, form, actions.assign_finding, _("The owner is noted."))


@require_POST
def waive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a finding stay until a date."""
    finding = _visible(request, public_id)
    form = WaiverForm(request.POST)
    return _act(request, finding, form, actions.waive_finding, _("The finding is waived."))


@require_POST
def end_waiver(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Count a waived finding as open again."""
    finding = _visible(request, public_id)
    version = versions.parse(request.POST.get("version"))
    actions.end_waiver(finding=finding, by=request.user, version=version)
    messages.success(request, _("The finding is open again."))
    return redirect(finding)


def _act(request: HttpRequest, finding: Finding, form: Any, action: Any, done: str) -> HttpResponse:
    """Carry out what a form says; its errors come back on the finding's page."""
    if form.is_valid():
        try:
            action(finding=finding, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, done)
            return redirect(finding)
    return _page(request, finding, form)


def _page(request: HttpRequest, finding: Finding, form: Any = None) -> HttpResponse:
    today = timezone.localdate()
    row = presenters.row(finding, on=today)
    acts = policies.acts_on(request.user, finding, is_waived=row.standing == Standing.WAIVED)
    seen = {"version": finding.version}
    owner = OwnerForm(
        initial={**seen, "owner": finding.owner_id}, owners=selectors.owners_for(finding)
    )
    context = {
        "row": row,
        "finding": finding,
        "facts": presenters.facts(finding),
        "link": presenters.link(finding),
        "history": presenters.rows(
            selectors.history_of(finding).select_related("institution", "owner")[:20], on=today
        ),
        "acts": {act.value: True for act in acts},
        "owner_form": form if isinstance(form, OwnerForm) else owner,
        "waiver_form": form if isinstance(form, WaiverForm) else WaiverForm(initial=seen),
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "qc/finding.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> Finding:
    rows = Finding.objects.visible_to(request.user).for_list().select_related("waived_by")
    found: Finding = get_object_or_404(rows, public_id=public_id)
    return found
