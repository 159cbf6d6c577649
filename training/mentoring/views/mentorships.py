"""Mentorships: mine, all of them, one of them, and the chains they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create
from alliance.core.listing import chips, listing

from .. import actions, policies, selectors
from ..choices import MentorshipStatus
from ..filters import MentorshipFilter
from ..forms import MentorshipForm, ReasonForm, VersionForm
from ..models import GuidanceSession, Mentorship
from ..presenters import mentorships as present
from ..presenters import sessions as present_sessions
from .shared import as_uuid, look, tabs

_CHAIN_MOST = 500


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for my word, my mentors, my mentees, and all mentorships I may see."""
    look(request)
    today = timezone.localdate()
    own = request.user.practitioner_id  # type: ignore[union-attr]
    rows = Mentorship.objects.visible_to(request.user).for_list()
    found = MentorshipFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-valid_from")
    mentors = selectors.mentors_of([own], on=today).get(own, []) if own else []
    mentees = selectors.mentees_of(own, on=today)[:20] if own else []
    context = {
        "waiting": present.rows(selectors.waiting_for(request.user), on=today),
        "mentors": present.rows(mentors, on=today),
        "mentees": present.rows(mentees, on=today),
        "rows": present.rows(page.rows, on=today),
        "is_practitioner": own is not None,
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_propose": policies.may_propose(request.user),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "mentoring/mentorships.html", context, status=status)


@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    """Who teaches whom today, from the tertiary hospital down to the township."""
    look(request)
    rows = selectors.running_links(request.user, on=timezone.localdate(), most=_CHAIN_MOST)
    context = {
        "chains": present.chains(rows),
        "count": len(rows),
        "is_cut": len(rows) == _CHAIN_MOST,
        "tabs": tabs(request),
        "may_propose": policies.may_propose(request.user),
    }
    return TemplateResponse(request, "mentoring/chain.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Propose a mentorship."""
    policies.insist(policies.may_propose(request.user))
    people = selectors.teachable(request.user, on=timezone.localdate())
    form = MentorshipForm(request.POST or None, people=people, user=request.user)

    def act() -> str:
        return actions.propose_mentorship(by=request.user, **form.values).get_absolute_url()

    if request.method == "POST":
        url = create(form, scope=f"mentorship:{request.user.pk}", act=act)
        if url is not None:
            messages.success(request, _("The mentorship is proposed; the other side is told."))
            return redirect(url)
    else:
        _begin(request, form, people)
    status = 422 if form.errors else 200
    context = {"form": form}
    return TemplateResponse(request, "mentoring/mentorship_form.html", context, status=status)


def _begin(request: HttpRequest, form: MentorshipForm, people: Any) -> None:
    """Begin with whom the link names, else with oneself as the mentee."""
    asked = {name: request.GET.get(name, "") for name in ("mentor", "mentee")}
    for name, text in asked.items():
        if text:
            form.begin_with(name, get_object_or_404(people, public_id=as_uuid(text)))
    own = people.filter(user=request.user.pk).first()
    if own is not None and not any(asked.values()) and not policies.may_plan(request.user):
        form.begin_with("mentee", own)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One mentorship: goals, who has agreed, what may be done."""
    return _page(request, _visible(request, public_id))


@require_POST
def agree(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One side agrees."""
    form = VersionForm(request.POST)
    done = _("You have agreed.")
    return _act(request, public_id, form, actions.agree_to_mentorship, done)


@require_POST
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One side does not agree."""
    form = ReasonForm(request.POST, prefix="decline")
    done = _("The other side is told why.")
    return _act(request, public_id, form, actions.decline_mentorship, done)


@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """It ends before its time."""
    form = ReasonForm(request.POST, prefix="end")
    return _act(request, public_id, form, actions.end_mentorship, _("The mentorship has ended."))


def _act(
    request: HttpRequest, public_id: UUID, form: Any, action: Callable[..., Any], done: str
) -> HttpResponse:
    """Carry out what a form says; its errors come back on the mentorship's page."""
    row = _visible(request, public_id)
    if attempt(form, lambda: action(mentorship=row, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(row)
    return _page(request, row, form)


def _page(request: HttpRequest, row: Mentorship, form: Any = None) -> HttpResponse:
    today = timezone.localdate()
    acts = policies.mentorship_acts(request.user, row, on=today)
    seen = {"version": row.version}
    forms = {name: ReasonForm(prefix=name, initial=seen) for name in ("decline", "end")}
    if form is not None and form.prefix:
        forms[form.prefix] = form
    sessions = GuidanceSession.objects.visible_to(request.user).counting().filter(mentorship=row)
    context = {
        "row": present.row(row, on=today),
        "mentorship": row,
        "facts": present.facts(row),
        "sides": present.sides(row),
        "steps": present.steps(row.events.select_related("by")),
        "sessions": present_sessions.rows(sessions.for_list().order_by("-starts_at")[:5]),
        "session_key": str(row.public_id),
        "may_guide": row.valid_from <= today
        and row.status in (MentorshipStatus.AGREED, MentorshipStatus.ENDED)
        and policies.may_guide(request.user, row),
        "acts": {act.value: True for act in acts},
        "forms": forms,
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "mentoring/mentorship.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> Mentorship:
    rows = Mentorship.objects.visible_to(request.user).for_list()
    rows = rows.select_related("mentor_agreed_by", "mentee_agreed_by")
    found: Mentorship = get_object_or_404(rows, public_id=public_id)
    return found
