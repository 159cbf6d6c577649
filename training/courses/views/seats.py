"""Seats: booked and given up, checked in by phone, marked by who holds the session."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import attempt

from .. import actions, policies, presenters
from ..choices import SeatStatus
from ..forms import ParticipantForm
from ..models import Seat, Session
from .sessions import session_page
from .shared import learner, session_of, show


@require_POST
def book(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Book a seat for oneself, or join the waiting list."""
    session, person = session_of(request, public_id), learner(request)
    seat = actions.take_seat(session=session, practitioner=person, by=request.user)
    if seat.status == SeatStatus.WAITING:
        messages.info(request, _("All seats are taken. You are told as soon as one is yours."))
    else:
        messages.success(request, _("The seat is yours."))
    return redirect(session)


@require_POST
def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give one's own seat up."""
    session, person = session_of(request, public_id), learner(request)
    actions.leave_seat(session=session, practitioner=person, by=request.user)
    messages.success(request, _("The seat is given up."))
    return redirect(session)


@require_POST
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Book a seat for somebody one trains."""
    session = session_of(request, public_id)
    form = ParticipantForm(request.POST, user=request.user)

    def act() -> object:
        person = form.cleaned_data["practitioner"]
        return actions.take_seat(session=session, practitioner=person, by=request.user)

    if not attempt(form, act):
        return session_page(request, session, participant_form=form)
    messages.success(request, _("They are booked, or on the waiting list, and told so."))
    return redirect(session)


@require_POST
def mark(request: HttpRequest, public_id: UUID, seat_id: int) -> HttpResponse:
    """Say whether somebody was there."""
    session = session_of(request, public_id)
    policies.insist(policies.may_keep(request.user, session.course))
    seats = Seat.objects.visible_to(request.user).filter(session=session)
    seat = get_object_or_404(seats.select_related("practitioner"), pk=seat_id)
    actions.mark_attendance(
        session=session,
        practitioner=seat.practitioner,
        was_there=request.POST.get("was_there") == "1",
        by=request.user,
    )
    return redirect(session)


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Where the code on the screen leads: one button that says “I am here”."""
    policies.insist(policies.may_look(request.user))
    rows = Session.objects.visible_to(request.user).for_list()
    session = get_object_or_404(rows, token=token)
    person = learner(request)
    if request.method == "POST":
        actions.check_in(token=token, practitioner=person, by=request.user)
        return redirect("courses:check_in", token)
    (row,) = presenters.session_rows([session], request.user)
    facts = presenters.session_facts(row)
    return show(request, "check_in", {"session": session, "row": row, "facts": facts})
