"""Skills contests and their results."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core import versions
from alliance.core.choices import Permission
from alliance.core.forms import attempt, posted
from alliance.core.listing import listing
from alliance.institutions.policies import own_alliance

from .. import actions, policies, presenters
from ..filters import ContestFilter
from ..forms import ContestForm, ReasonForm, ResultForm
from ..models import Contest, ContestResult
from .shared import created, form_page, show


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Contests of one's alliances, the latest first."""
    policies.insist(policies.may_look(request.user))
    rows = Contest.objects.visible_to(request.user).select_related("institution", "technique")
    found = ContestFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-held_on")
    context = {
        "listing": page,
        "filter": found,
        "may_keep": bool(policies.alliances_kept(request.user)),
    }
    return show(request, "contests", context, status=200 if found.is_valid() else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a contest."""
    alliance = own_alliance(request.user, Permission.PROGRAMME_MANAGE)
    form = ContestForm(posted(request), user=request.user)

    def act() -> str:
        contest = actions.create_contest(alliance=alliance, by=request.user, **form.values)
        return contest.get_absolute_url()

    done = created(request, form, "contest", act, _("The contest is entered. Add its results."))
    return done or form_page(request, form, _("New contest"), reverse("courses:contests"))


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One contest and what was reached in it."""
    return _page(request, _seen(request, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put right what a contest says of itself."""
    contest = _kept(request, public_id)
    form = ContestForm(posted(request), user=request.user, contest=contest)

    def act() -> object:
        values = {**form.values, "version": form.values.get("version") or 0}
        return actions.update_contest(contest=contest, by=request.user, **values)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("The contest is changed."))
        return redirect(contest)
    return form_page(request, form, contest.name, contest.get_absolute_url())


@require_POST
def call_off(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Call a contest off, or take back one that was entered by mistake."""
    contest = _kept(request, public_id)
    form = ReasonForm(request.POST)
    version = versions.parse(request.POST.get("version"))

    def act() -> object:
        return actions.call_off_contest(
            contest=contest,
            by=request.user,
            version=version,
            reason=form.cleaned_data["reason"],
        )

    if not attempt(form, act):
        return _page(request, contest, cancel_form=form)
    messages.success(request, _("The contest is called off."))
    return redirect(contest)


@require_POST
def add_result(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Enter what somebody reached."""
    contest = _kept(request, public_id)
    form = ResultForm(request.POST, user=request.user)

    def act() -> object:
        return actions.record_result(contest=contest, by=request.user, **form.values)

    if not attempt(form, act):
        return _page(request, contest, form)
    messages.success(request, _("The result is entered."))
    return redirect(contest)


@require_POST
def remove_result(request: HttpRequest, public_id: UUID, result_id: int) -> HttpResponse:
    """Take a result out that was entered by mistake."""
    contest = _kept(request, public_id)
    rows = ContestResult.objects.visible_to(request.user).filter(contest=contest)
    result = get_object_or_404(rows.select_related("contest", "practitioner"), pk=result_id)
    actions.remove_result(result=result, by=request.user)
    messages.success(request, _("The result is taken out, with its hours."))
    return redirect(contest)


def _page(
    request: HttpRequest, contest: Contest, form: Any = None, cancel_form: Any = None
) -> HttpResponse:
    results = ContestResult.objects.visible_to(request.user).filter(contest=contest)
    may_keep = contest.cancelled_at is None and policies.may_keep_contests(
        request.user, contest.alliance_id
    )
    context = {
        "contest": contest,
        "hours": presenters.hours(contest.hours),
        "results": results.select_related("practitioner__institution"),
        "form": form or ResultForm(user=request.user),
        "cancel_form": cancel_form or ReasonForm(),
        "may_keep": may_keep,
        "may_enter": may_keep and contest.held_on <= timezone.localdate(),
    }
    return show(request, "contest", context, status=422 if form or cancel_form else 200)


def _seen(request: HttpRequest, public_id: UUID) -> Contest:
    policies.insist(policies.may_look(request.user))
    rows = Contest.objects.visible_to(request.user).select_related("institution", "technique")
    found: Contest = get_object_or_404(rows, public_id=public_id)
    return found


def _kept(request: HttpRequest, public_id: UUID) -> Contest:
    contest = _seen(request, public_id)
    policies.insist(policies.may_keep_contests(request.user, contest.alliance_id))
    return contest
