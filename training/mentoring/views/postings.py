"""Postings: the list, planning one, one of them, and what people do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create
from alliance.core.listing import chips, listing

from .. import actions, policies, selectors
from ..choices import Party
from ..filters import PostingFilter
from ..forms import AssessmentForm, DayForm, DaysForm, EvaluationForm, PostingForm, ReasonForm
from ..models import Posting
from ..presenters import postings as present
from .shared import as_uuid, look, tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who is posted where, the latest first; one's own on top."""
    look(request)
    today = timezone.localdate()
    rows = Posting.objects.visible_to(request.user).for_list()
    found = PostingFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-valid_from")
    context = {
        "rows": present.rows(page.rows, on=today),
        "mine": present.rows(selectors.own_postings(request.user, on=today), on=today),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_plan": policies.may_plan(request.user),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "mentoring/postings.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan a posting of one of one's staff."""
    policies.insist(policies.may_plan(request.user))
    people = selectors.postable(request.user, on=timezone.localdate())
    form = PostingForm(request.POST or None, people=people, user=request.user)

    def act() -> str:
        return actions.plan_posting(by=request.user, **form.values).get_absolute_url()

    if request.method == "POST":
        url = create(form, scope=f"posting:{request.user.pk}", act=act)
        if url is not None:
            messages.success(request, _("The posting is planned; everybody concerned is told."))
            return redirect(url)
    elif asked := request.GET.get("practitioner"):
        form.begin_with(get_object_or_404(people, public_id=as_uuid(asked)))
    status = 422 if form.errors else 200
    return TemplateResponse(request, "mentoring/posting_form.html", {"form": form}, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One posting: plan, calendar, what both sides say, what may be done."""
    return _page(request, _visible(request, public_id))


@require_POST
def start(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person has arrived."""
    form = DayForm(request.POST, prefix="start")
    return _act(request, public_id, form, actions.start_posting, _("The posting has begun."))


@require_POST
def finish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person has left."""
    form = DayForm(request.POST, prefix="finish")
    return _act(request, public_id, form, actions.finish_posting, _("The posting has ended."))


@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Nothing comes of a plan."""
    form = ReasonForm(request.POST, prefix="cancel")
    return _act(request, public_id, form, actions.cancel_posting, _("The posting is cancelled."))


@require_POST
def mark_present(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One tap: I am here today."""
    posting = _visible(request, public_id)
    actions.mark_present(posting=posting, by=request.user)
    messages.success(request, _("You are entered as present today."))
    return redirect(posting)


@require_POST
def set_days(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The days of a month, as the receiving institution says."""
    form = DaysForm(request.POST)

    def act(*, day: Any, **values: Any) -> Any:
        return actions.set_days(**values)

    return _act(request, public_id, form, act, _("The days are entered."))


@require_POST
def evaluate(request: HttpRequest, public_id: UUID, party: str) -> HttpResponse:
    """One side's word on a posting."""
    form = EvaluationForm(request.POST, prefix=party)

    def act(**values: Any) -> Any:
        return actions.evaluate_posting(party=party, **values)

    return _act(request, public_id, form, act, _("Thank you, the evaluation is kept."))


@require_POST
def assess(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sending institution's assessment."""
    form = AssessmentForm(request.POST, prefix="assess")
    return _act(request, public_id, form, actions.assess_posting, _("The assessment is kept."))


def _act(
    request: HttpRequest, public_id: UUID, form: Any, action: Callable[..., Any], done: str
) -> HttpResponse:
    """Carry out what a form says; its errors come back on the posting's page."""
    posting = _visible(request, public_id)
    if attempt(form, lambda: action(posting=posting, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(posting)
    return _page(request, posting, form)


def _page(request: HttpRequest, posting: Posting, form: Any = None) -> HttpResponse:
    today = timezone.localdate()
    there = set(posting.days_present.values_list("day", flat=True))
    asked = _month(request.GET.get("month", "")) or min(today, posting.valid_until)
    acts = policies.posting_acts(request.user, posting, on=today)
    context = {
        "row": present.row(posting, on=today),
        "posting": posting,
        "facts": present.facts(posting, days_present=len(there), on=today),
        "month": present.month(posting, asked, there, on=today),
        "voices": present.voices(posting),
        "steps": present.steps(posting.events.select_related("by")),
        "acts": {act.value: True for act in acts},
        "is_here_today": today in there,
        "forms": _forms(posting, today, form),
        "failed": form.prefix or "days" if form is not None else "",
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "mentoring/posting.html", context, status=status)


def _month(text: str) -> date | None:
    """The month an address names, such as 2026-03; None where it names none."""
    try:
        return parse_date(f"{text}-01")
    except ValueError:
        return None


def _forms(posting: Posting, today: Any, failed: Any) -> dict[str, Any]:
    """Every form of the page, the one that came back with errors in its place."""
    seen = {"version": posting.version}
    ends = min(posting.valid_until, today)
    found: dict[str, Any] = {
        "start": DayForm(prefix="start", initial={**seen, "day": posting.valid_from}),
        "finish": DayForm(prefix="finish", initial={**seen, "day": ends}),
        "cancel": ReasonForm(prefix="cancel", initial=seen),
        "assess": AssessmentForm(
            prefix="assess",
            initial={**seen, "assessment": posting.assessment, "text": posting.assessment_text},
        ),
        **{party.value: EvaluationForm(prefix=party.value) for party in Party},
    }
    if failed is not None:
        found[failed.prefix or "days"] = failed
    return found


def _visible(request: HttpRequest, public_id: UUID) -> Posting:
    rows = Posting.objects.visible_to(request.user).for_list().prefetch_related("evaluations__by")
    found: Posting = get_object_or_404(rows, public_id=public_id)
    return found
