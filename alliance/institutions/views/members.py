"""Members of the office's alliance: who, in which role, with which help, since when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core.choices import Permission
from alliance.core.forms import attempt, create, posted
from alliance.core.listing import listing

from .. import actions, policies
from ..forms import ChangeMemberForm, JoinForm, LeaveForm
from ..models import Institution, Membership
from ..pages import members as pages
from .directory import form_page

HERE = "institutions:members"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The members on a day, the highest tier first, and those to come."""
    alliance = policies.own_alliance(request.user, Permission.ALLIANCE_MANAGE)
    rows = Membership.objects.visible_to(request.user).filter(alliance=alliance)
    state = pages.state_of(request.GET.get("show"))
    shown = pages.memberships(rows, state, on=timezone.localdate())
    context = {
        "alliance": alliance,
        "listing": listing(request, shown, ordering="rank"),
        "tabs": pages.tabs(state),
        "state": state,
    }
    return TemplateResponse(request, "institutions/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Take an institution in."""
    alliance = policies.own_alliance(request.user, Permission.ALLIANCE_MANAGE)
    form = JoinForm(posted(request), rows=Institution.objects.visible_to(request.user))

    def act() -> str:
        actions.join_alliance(alliance=alliance, by=request.user, **form.values)
        return reverse(HERE)

    if request.method == "POST" and create(form, scope=f"join:{request.user.pk}", act=act):
        messages.success(request, _("The institution is a member. Now generate its relations."))
        return redirect(HERE)
    return form_page(request, form, {"title": _("Take in a member"), "back_url": reverse(HERE)})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another role or form of help from a date on."""
    membership = _own(request, pk)
    form = ChangeMemberForm(posted(request), membership=membership)
    if request.method == "POST" and attempt(
        form,
        lambda: actions.change_membership(
            membership=membership, by=request.user, **form.cleaned_data
        ),
    ):
        return redirect(HERE)
    return form_page(request, form, {"title": membership.institution, "back_url": reverse(HERE)})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership."""
    membership = _own(request, pk)
    form = LeaveForm(posted(request))
    if request.method == "POST" and attempt(
        form,
        lambda: actions.leave_alliance(membership=membership, by=request.user, **form.cleaned_data),
    ):
        return redirect(HERE)
    title = _("%(name)s leaves the alliance") % {"name": membership.institution}
    context = {"title": title, "back_url": reverse(HERE), "danger": _("End the membership")}
    return form_page(request, form, context)


def _own(request: HttpRequest, pk: int) -> Membership:
    alliance = policies.own_alliance(request.user, Permission.ALLIANCE_MANAGE)
    rows = Membership.objects.visible_to(request.user).select_related("institution", "alliance")
    found: Membership = get_object_or_404(rows, alliance=alliance, pk=pk)
    return found
