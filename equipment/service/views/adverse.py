"""Adverse events with devices: entering, reporting within the clock, the inquiry."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, posted
from alliance.core.listing import listing
from alliance.core.templatetags.times import duration
from alliance.institutions.models import Institution
from alliance.institutions.policies import insist, may_change_policy

from .. import actions, policies, presenters, rules, selectors
from ..forms import AmendForm, CloseForm, EventForm, ReportForm
from ..models import AdverseEvent
from .shared import device_of, form_page, made, tabs, visible

_FORMS: dict[str, type[Form]] = {"amend": AmendForm, "report": ReportForm, "close": CloseForm}
_ACTS: dict[str, Callable[..., AdverseEvent]] = {
    "amend": actions.amend_event,
    "report": actions.report_event,
    "close": actions.close_event,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Adverse events of one's houses, and of alliances one oversees, the newest first."""
    insist(policies.may_look_after(request.user))
    rows = AdverseEvent.objects.visible_to(request.user).for_list()
    page = listing(request, rows, ordering="-created_at")
    context = {
        "rows": [presenters.event_row(event) for event in page.rows],
        "listing": page,
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "service/events.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say what a device did to people."""
    device = device_of(request, public_id)
    house = _house(request)
    now = timezone.localtime()
    clocks = selectors.clocks(house.pk, on=now.date())
    begin = {"happened_at": now, "known_at": now}
    form = EventForm(posted(request), initial=begin, clocks=clocks)

    def act() -> str:
        event = actions.enter_event(
            device=device, institution=house, by=request.user, **form.values
        )
        return event.get_absolute_url()

    told = _("Entered. Report it to the national system before its time is over.")
    if answer := made(request, form, scope=f"event:{device.pk}", act=act, told=told):
        return answer
    return form_page(
        request,
        form,
        title=_("Enter an adverse event"),
        note=f"{device.name} · {house.short_name}",
        submit=_("Enter the event"),
        back=device.get_absolute_url(),
    )


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One event: its clock, what is known, what comes next."""
    return _page(request, visible(AdverseEvent, request, public_id))


@require_POST
def act(request: HttpRequest, public_id: UUID, act: str) -> HttpResponse:
    """Amend, report or close."""
    event = visible(AdverseEvent, request, public_id)
    form = _FORMS[act](request.POST, prefix=act)

    def carry_out() -> None:
        _ACTS[act](event=event, by=request.user, **form.cleaned_data)

    if attempt(form, carry_out):
        messages.success(request, _("Saved."))
        return redirect(event)
    return _page(request, visible(AdverseEvent, request, public_id), tried=form)


def _page(request: HttpRequest, event: AdverseEvent, *, tried: Any = None) -> HttpResponse:
    clock = selectors.clock_of(event)
    context = {
        "event": event,
        "row": presenters.event_row(event),
        "facts": presenters.event_facts(event),
        "clock": clock,
        "policy_url": _policy_url(request, event),
        "time": duration(timedelta(hours=clock.value)),
        "acts": list(_open(request.user, event, tried)),
    }
    status = 422 if tried is not None else 200
    return TemplateResponse(request, "service/event.html", context, status=status)


def _policy_url(request: HttpRequest, event: AdverseEvent) -> str:
    """Where the time to report is set, for who sets it."""
    key = rules.clock_of(event.harm)
    may = may_change_policy(request.user, key, event.alliance_id)
    return reverse("institutions:policy-detail", args=[key]) if may else ""


def _open(user: Any, event: AdverseEvent, tried: Any) -> Any:
    """What may be done, the next first."""
    if event.closed_at is not None or not policies.answers_for(user, event):
        return
    labels = {
        "report": _("Note the report"),
        "close": _("Close the inquiry"),
        "amend": _("Amend what happened"),
    }
    if event.reported_at is None:
        del labels["close"]
    else:
        del labels["report"]
    initial = {
        "harm": event.harm,
        "description": event.description,
        "measures": event.measures,
        "version": event.version,
        "reported_at": timezone.localtime(),
    }
    for name, label in labels.items():
        mine = tried is not None and tried.prefix == name
        form = tried if mine else _FORMS[name](prefix=name, initial=initial)
        yield {"name": name, "label": label, "form": form, "tried": mine}


def _house(request: HttpRequest) -> Institution:
    """The institution where it happened: the acting one, else the first where one works."""
    mine = policies.houses_entering(request.user)
    acting = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    pk = acting if acting in mine else next(iter(mine), None)
    if pk is None:
        raise PermissionDenied
    house: Institution = Institution.objects.get(pk=pk)
    return house
