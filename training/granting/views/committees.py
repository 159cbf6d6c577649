"""The committee: its term, its members, its meetings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.forms import attempt
from alliance.core.listing import listing
from alliance.institutions.models import Alliance, Institution

from .. import actions, forms, policies, presenters, selectors
from ..models import Application, Committee, Meeting, Member
from .shared import tabs


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Who sits in the committee in office, how it votes, and when it meets."""
    policies.insist(policies.sits_on_committees(request.user))
    return _page(request)


@require_POST
def found(request: HttpRequest) -> HttpResponse:
    """Begin the term of a committee."""
    mine = policies.alliances_to_convene(request.user)
    policies.insist(mine)
    alliance = get_object_or_404(Alliance.objects.visible_to(request.user), pk=mine[0])
    form = forms.CommitteeForm(request.POST)

    def act() -> object:
        return actions.found_committee(alliance=alliance, by=request.user, **form.cleaned_data)

    return _done(request, form, act, _("The committee is in office from that day."))


@require_POST
def end_term(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End its term."""
    committee, form = _committee(request, public_id), forms.TermForm(request.POST)

    def act() -> object:
        return actions.end_term(committee=committee, by=request.user, **form.cleaned_data)

    return _done(request, form, act, _("The end of the term is noted."))


@require_POST
def appoint(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give somebody a seat."""
    committee = _committee(request, public_id)
    form = _member_form(request, committee, request.POST)

    def act() -> object:
        return actions.appoint_member(committee=committee, by=request.user, **form.cleaned_data)

    return _done(request, form, act, _("The member is appointed."))


@require_POST
def end_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a member leave."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    form = forms.SeatForm(request.POST)

    def act() -> object:
        return actions.end_seat(member=member, by=request.user, **form.cleaned_data)

    return _done(request, form, act, _("The end of the seat is noted."))


@require_POST
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Plan a meeting."""
    committee, form = _committee(request, public_id), forms.MeetingForm(request.POST)

    def act() -> object:
        return actions.plan_meeting(committee=committee, by=request.user, **form.cleaned_data)

    return _done(request, form, act, _("The meeting is planned."))


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One meeting: what is on its agenda, and its minutes."""
    rows = Meeting.objects.visible_to(request.user).select_related("committee", "created_by")
    row: Meeting = get_object_or_404(rows, public_id=public_id)
    seen = {"version": row.version, "minutes": row.minutes}
    form = forms.MinutesForm(request.POST or None, initial=seen)
    if request.method == "POST" and attempt(
        form, lambda: actions.write_minutes(meeting=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The minutes are kept."))
        return redirect(row)
    agenda = Application.objects.visible_to(request.user).filter(meeting=row).for_list()
    context = {
        "meeting": row,
        "rows": presenters.rows(agenda.order_by("pk")),
        "form": form,
        "may_convene": policies.may_convene(request.user, row.committee),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "granting/meeting.html", context, status=status)


def _done(request: HttpRequest, form: Any, act: Any, done: str) -> HttpResponse:
    if attempt(form, act):
        messages.success(request, done)
        return redirect("granting:committee")
    return _page(request, form)


def _page(request: HttpRequest, form: Any = None) -> HttpResponse:
    today = timezone.localdate()
    committees = Committee.objects.visible_to(request.user).order_by("-valid_from", "-pk")
    current = committees.in_force(today).select_related("alliance").first()
    seen = {"version": current.version} if current else {}
    made = {
        "committee_form": forms.CommitteeForm(),
        "term_form": forms.TermForm(initial=seen),
        "meeting_form": forms.MeetingForm(),
        **({"member_form": _member_form(request, current)} if current else {}),
    }
    context = {
        "committee": current,
        "earlier": [one for one in committees[:20] if one != current],
        "members": [
            (one, forms.SeatForm(initial={"until": today}, auto_id=f"seat{one.pk}_%s"))
            for one in (selectors.members_of(current, on=today) if current else [])
        ],
        "rules": selectors.voting_rules(current.alliance_id, on=today) if current else None,
        "page": _meetings(request, current) if current else None,
        "may_convene": bool(policies.alliances_to_convene(request.user)),
        "may_set": Permission.POLICY_MANAGE in access_of(request.user).everywhere(),
        "tabs": tabs(request),
        "form_errors": form,
        **{name: form if type(form) is type(one) else one for name, one in made.items()},
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "granting/committee.html", context, status=status)


def _meetings(request: HttpRequest, committee: Committee) -> Any:
    rows = Meeting.objects.visible_to(request.user).filter(committee=committee)
    return listing(request, rows, ordering="-held_on", size=20)


def _committee(request: HttpRequest, public_id: UUID) -> Committee:
    found: Committee = get_object_or_404(
        Committee.objects.visible_to(request.user), public_id=public_id
    )
    return found


def _member_form(request: HttpRequest, committee: Committee, *args: Any) -> forms.MemberForm:
    today = timezone.localdate()
    houses = Institution.objects.visible_to(request.user).filter(
        memberships__alliance=committee.alliance_id, is_active=True
    )
    people = selectors.voters(committee.alliance_id, on=today)
    return forms.MemberForm(*args, people=people, houses=houses.distinct().order_by("name"))
