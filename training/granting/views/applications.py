"""One application: what is asked, the evidence, the votes, the decision."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core import versions
from alliance.core.forms import attempt
from alliance.core.listing import chips, listing

from .. import actions, forms, policies, presenters, selectors
from ..choices import Status
from ..filters import ApplicationFilter
from ..models import Application, Meeting
from .shared import tabs, visible


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Applications one follows, the newest first; those that wait for one's vote on top."""
    policies.insist(policies.may_follow(request.user))
    rows = Application.objects.visible_to(request.user).for_list()
    found = ApplicationFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-created_at")
    mine = rows.unvoted_by(request.user, timezone.localdate()).order_by("created_at", "pk")
    context = {
        "rows": presenters.rows(page.rows),
        "waiting": presenters.rows(mine[:20]) if not request.GET else [],
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "granting/applications.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One application."""
    return _page(request, visible(request, public_id))


@require_POST
def take_up(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put it before the committee."""
    application = visible(request, public_id)
    form = forms.TakeUpForm(request.POST, meetings=_meetings(request, application))
    return _act(request, application, form, actions.take_up, _("It is before the committee."))


@require_POST
def vote(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Vote on it."""
    application, form = visible(request, public_id), forms.VoteForm(request.POST)
    return _act(request, application, form, actions.cast_vote, _("Your vote is noted."))


@require_POST
def declare(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Stand back from it."""
    application, form = visible(request, public_id), forms.InterestForm(request.POST)
    done = _("You are excused from this application.")
    return _act(request, application, form, actions.declare_interest, done)


@require_POST
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record what the votes say, and grant the privilege if they do."""
    application = visible(request, public_id)
    form = _decision_form(_outcome(application), request.POST)

    def act(
        *, application: Application, reason: str, by: Any, version: int, **terms: Any
    ) -> object:
        return actions.decide(
            application=application,
            reason=reason,
            terms=actions.Terms(**terms),
            by=by,
            version=version,
        )

    return _act(request, application, form, act, _("The decision is recorded."))


@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take it back."""
    application, form = visible(request, public_id), forms.WithdrawForm(request.POST)
    return _act(request, application, form, actions.withdraw, _("The application is withdrawn."))


def _act(
    request: HttpRequest, application: Application, form: Any, action: Any, done: str
) -> HttpResponse:
    """Carry out what a form says; its errors come back on the application's page."""
    versions.parse(request.POST.get("version"))
    if attempt(form, lambda: action(application=application, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(application)
    return _page(request, application, form)


def _page(request: HttpRequest, application: Application, form: Any = None) -> HttpResponse:
    today = timezone.localdate()
    seats = presenters.committee_seats(application, today=today)
    own = selectors.seat_of(request.user, seats)
    acts = policies.acts_on(request.user, application, may_vote=bool(own and own.may_vote))
    decision = getattr(application, "decision", None)
    tally = selectors.tally(application, seats, on=today) if seats and not decision else None
    context = {
        "application": application,
        "facts": presenters.facts(application),
        "tone": presenters.TONES[application.status],
        "sections": presenters.sections(presenters.frozen(application)),
        "decision": decision,
        "decided": presenters.decided(decision) if decision else [],
        "seats": [presenters.seat_row(seat) for seat in seats],
        "sees_votes": policies.sees_votes(request.user, application),
        "verdict": presenters.verdict(tally) if tally else None,
        "own": presenters.seat_row(own) if own else None,
        "has_voted": bool(own and own.vote),
        "history": presenters.history(application),
        "curve_url": presenters.curve_url(application),
        "acts": {act.value: True for act in acts},
        "may_decide_now": bool(tally and tally.outcome),
        "tabs": tabs(request),
        **_forms(request, application, own, tally.outcome if tally else None, form),
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "granting/application.html", context, status=status)


def _forms(
    request: HttpRequest, application: Application, own: Any, outcome: Any, form: Any
) -> dict[str, Any]:
    """Each form of the page, the one that was sent with its errors."""
    seen = {"version": application.version}
    cast = own.vote if own else None
    told = {**seen, "ballot": cast.ballot, "reason": cast.reason} if cast else seen
    meeting = {**seen, "meeting": application.meeting_id}
    made: dict[str, django_forms.Form] = {
        "take_up_form": forms.TakeUpForm(initial=meeting, meetings=_meetings(request, application)),
        "vote_form": forms.VoteForm(initial=told),
        "interest_form": forms.InterestForm(initial=seen),
        "decision_form": _decision_form(outcome, initial=seen),
        "withdraw_form": forms.WithdrawForm(initial=seen),
    }
    return {name: form if type(form) is type(one) else one for name, one in made.items()}


def _outcome(application: Application) -> str | None:
    today = timezone.localdate()
    seats = presenters.committee_seats(application, today=today)
    return selectors.tally(application, seats, on=today).outcome


def _decision_form(outcome: str | None, *args: Any, **kwargs: Any) -> forms.RefusalForm:
    """A refusal needs its reason only; a privilege has a level and a period too."""
    kind = forms.RefusalForm if outcome == Status.REFUSED else forms.DecisionForm
    return kind(*args, **kwargs)


def _meetings(request: HttpRequest, application: Application) -> Any:
    """The meetings that are still to come."""
    rows = Meeting.objects.visible_to(request.user).coming(timezone.localdate())
    return rows.filter(committee__alliance=application.alliance_id)
