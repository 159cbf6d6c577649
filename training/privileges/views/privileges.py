"""Privileges: the list, one's own, one of them with its history, and what is done to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core.forms import attempt
from alliance.core.listing import chips, listing

from .. import actions, policies, presenters
from ..filters import PrivilegeFilter
from ..forms import ReasonForm, SuspendForm
from ..models import Privilege
from .shared import tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The privileges of one's house or alliance, the newest first."""
    policies.insist(policies.may_look(request.user))
    today = timezone.localdate()
    rows = Privilege.objects.visible_to(request.user).for_list().with_suspension(today)
    found = PrivilegeFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering="-valid_from")
    context = {
        "rows": presenters.rows(page.rows, on=today),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "privileges/list.html", context, status=status)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I may do, until when, and what I could do once."""
    policies.insist(policies.may_have_own(request.user))
    today, person = timezone.localdate(), getattr(request.user, "practitioner", None)
    rows = Privilege.objects.visible_to(request.user).filter(practitioner=person)
    found = rows.for_list().with_suspension(today).order_by("-ends_on", "-pk") if person else ()
    told = presenters.rows(found, on=today)
    context = {
        "person": person,
        "current": [row for row in told if row.is_current],
        "past": [row for row in told if not row.is_current],
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "privileges/mine.html", context)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One privilege: how it stands, what it rests on, what happened."""
    return _page(request, _visible(request, public_id))


@require_POST
def suspend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let it not count for a time."""
    form = SuspendForm(request.POST)
    return _act(request, public_id, form, actions.suspend, _("The privilege is suspended."))


@require_POST
def restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let it count again."""
    form = ReasonForm(request.POST)
    return _act(request, public_id, form, actions.restore, _("The privilege counts again."))


@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End it."""
    form = ReasonForm(request.POST)
    return _act(request, public_id, form, actions.withdraw, _("The privilege is withdrawn."))


def _act(
    request: HttpRequest, public_id: UUID, form: ReasonForm, action: Callable[..., Any], done: str
) -> HttpResponse:
    """Carry out what a form says; its errors come back on the privilege's page."""
    privilege = _visible(request, public_id)
    if attempt(form, lambda: action(privilege=privilege, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(privilege)
    return _page(request, privilege, form, name=action.__name__)


def _page(
    request: HttpRequest, privilege: Privilege, form: ReasonForm | None = None, name: str = ""
) -> HttpResponse:
    today, seen = timezone.localdate(), {"version": privilege.version}
    row = presenters.row(privilege, on=today)
    is_own = getattr(request.user, "practitioner_id", None) == privilege.practitioner_id
    forms = {
        "suspend": SuspendForm(initial=seen, auto_id="suspend_%s"),
        "restore": ReasonForm(initial=seen, auto_id="restore_%s"),
        "withdraw": ReasonForm(initial=seen, auto_id="withdraw_%s"),
    }
    context = {
        "row": row,
        "privilege": privilege,
        "facts": presenters.facts(privilege),
        "evidence": presenters.evidence(privilege),
        "application_url": presenters.application_url(privilege),
        "renewal_url": presenters.renewal_url(privilege) if is_own else "",
        "history": presenters.history(privilege.events.select_related("by").order_by("-at", "-pk")),
        "acts": {
            act.value: True for act in policies.acts_on(request.user, privilege, row.standing)
        },
        "forms": forms | ({name: form} if form is not None else {}),
        "failed": name,
    }
    status = 422 if form is not None else 200
    return TemplateResponse(request, "privileges/detail.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> Privilege:
    rows = Privilege.objects.visible_to(request.user).with_suspension(timezone.localdate())
    found: Privilege = get_object_or_404(
        rows.for_list().select_related("certificate"), public_id=public_id
    )
    return found
