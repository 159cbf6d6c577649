"""Guidance: the log of sessions, entering one, one of them, striking one out."""

from __future__ import annotations

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
from training.logbook.models import Case

from .. import actions, policies, selectors
from ..filters import GuidanceFilter
from ..forms import ReasonForm, SessionForm
from ..models import GuidanceSession, Mentorship
from ..presenters import sessions as present
from .shared import as_uuid, look, tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Sessions of guidance, the latest first, and what they add up to."""
    look(request)
    rows = GuidanceSession.objects.visible_to(request.user)
    found = GuidanceFilter(request.GET, queryset=rows, request=request)
    wanted = found.qs if found.is_valid() else rows.none()
    page = listing(request, wanted.for_list(), ordering="-starts_at")
    totals = selectors.guidance_totals(wanted)
    context = {
        "rows": present.rows(page.rows),
        "totals": totals,
        "hours": present.hours(totals["minutes"]),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_record": policies.may_record(request.user),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "mentoring/sessions.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a session that was held."""
    policies.insist(policies.may_record(request.user))
    asked = _mentorship(request)
    form = _form(request, asked)

    def act() -> str:
        values = {**form.values, "mentorship": asked}
        return actions.record_session(by=request.user, **values).get_absolute_url()

    if request.method == "POST":
        url = create(form, scope=f"guidance:{request.user.pk}", act=act)
        if url is not None:
            messages.success(request, _("The session is entered."))
            return redirect(url)
    status = 422 if form.errors else 200
    context = {"form": form, "mentorship": asked}
    return TemplateResponse(request, "mentoring/session_form.html", context, status=status)


def _form(request: HttpRequest, asked: Mentorship | None) -> SessionForm:
    """The form, begun with the mentorship named, else with oneself as the mentor."""
    today = timezone.localdate()
    people = selectors.teachable(request.user, on=today)
    cases = selectors.cases_to_choose(request.user, on=today)
    form = SessionForm(request.POST or None, people=people, cases=cases, user=request.user)
    mine = list(selectors.guidable(request.user, on=today))
    _begin(form, people.filter(user=request.user.pk).first(), mine, asked)
    return form


def _mentorship(request: HttpRequest) -> Mentorship | None:
    """The mentorship that the address names."""
    text = request.GET.get("mentorship", "")
    if not text:
        return None
    rows = Mentorship.objects.visible_to(request.user).for_list()
    found: Mentorship = get_object_or_404(rows, public_id=as_uuid(text))
    return found


def _begin(form: SessionForm, own: Any, mine: list[Mentorship], asked: Mentorship | None) -> None:
    """Begin with the mentorship named, else with oneself as the mentor of one's mentees."""
    chosen = [asked.mentee] if asked else []
    form.offer_people([*chosen, *(one.mentee for one in mine)], chosen=chosen)
    if asked is not None:
        form.begin_with("mentor", asked.mentor)
        form.begin_with("institution", asked.mentee_institution)
        if asked.technique:
            form.begin_with("technique", asked.technique)
    elif own is not None:
        form.begin_with("mentor", own)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One session with its minutes and cases."""
    return _page(request, _visible(request, public_id))


@require_POST
def strike(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Strike out a session entered in error."""
    session = _visible(request, public_id)
    form = ReasonForm(request.POST, prefix="strike")
    if attempt(
        form,
        lambda: actions.strike_session(session=session, by=request.user, **form.cleaned_data),
    ):
        messages.success(request, _("The session is struck out."))
        return redirect(session)
    return _page(request, session, form)


def _page(request: HttpRequest, session: GuidanceSession, form: Any = None) -> HttpResponse:
    cases = Case.objects.visible_to(request.user).filter(guidance=session)
    context = {
        "session": session,
        "facts": present.facts(session),
        # Who may not see the logbook entry learns only that there is one.
        "cases": cases.select_related("technique", "operator").order_by("performed_on", "pk"),
        "case_count": session.cases.count(),
        "may_strike": session.struck_at is None
        and policies.may_record_session(request.user, session),
        "form": form or ReasonForm(prefix="strike", initial={"version": session.version}),
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "mentoring/session.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> GuidanceSession:
    rows = GuidanceSession.objects.visible_to(request.user).for_list()
    rows = rows.select_related("mentor", "institution", "technique", "recorded_by", "struck_by")
    found: GuidanceSession = get_object_or_404(rows, public_id=public_id)
    return found
