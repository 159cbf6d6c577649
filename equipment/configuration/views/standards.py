"""Editions: the list, one edition, a draft's life until it is published."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.choices import Permission
from alliance.core.forms import attempt, create, posted
from alliance.core.listing import listing
from alliance.institutions.choices import TIER_RANK
from alliance.institutions.policies import insist, own_alliance

from .. import actions, policies, selectors
from ..choices import EditionStatus
from ..forms import DraftForm, ItemForm, PublishForm
from ..models import Standard, StandardItem


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Editions that one may see, the newest first."""
    insist(policies.may_look(request.user))
    today = timezone.localdate()
    rows = Standard.objects.visible_to(request.user)
    counting = rows.in_force(alliance_ids=rows.values("alliance"), on=today)
    context = {
        "listing": listing(request, rows, ordering="-created_at", size=20),
        "counting": set(counting.values_list("pk", flat=True)),
        "today": today,
        "may_draft": bool(policies.alliances_to_maintain(request.user)),
    }
    return TemplateResponse(request, "configuration/standards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a new edition as a copy of the newest published one."""
    alliance = own_alliance(request.user, Permission.EQUIPMENT_STANDARD)
    form = DraftForm(posted(request))

    def act() -> str:
        row = actions.draft(alliance=alliance, by=request.user, **form.values)
        return row.get_absolute_url()

    scope = f"configuration:{alliance.pk}:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        return redirect(url)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "configuration/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One edition; in a draft, lines are set and taken out."""
    row = _visible(request, public_id)
    form = ItemForm(posted(request))

    def act() -> None:
        actions.set_item(standard=row, by=request.user, **form.cleaned_data)

    if request.method == "POST":
        policies.insist_on_draft(request.user, row)
        if attempt(form, act):
            messages.success(request, _("Saved."))
            return redirect(row)
    return _page(request, row, form=form)


@require_POST
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a draft count from a day on."""
    row = _visible(request, public_id)
    form = PublishForm(request.POST, prefix="publish")

    def act() -> None:
        actions.publish(standard=row, on=timezone.localdate(), by=request.user, **form.cleaned_data)

    if attempt(form, act):
        messages.success(request, _("%(name)s is published.") % {"name": row.name})
        return redirect(row)
    return _page(request, row, publishing=form)


@require_POST
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    row = _visible(request, public_id)
    actions.discard(standard=row, by=request.user)
    messages.success(request, _("%(name)s is thrown away.") % {"name": row.name})
    return redirect("configuration:standards")


@require_POST
def remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take a line out of a draft."""
    row = _visible(request, public_id)
    items = StandardItem.objects.visible_to(request.user).filter(standard=row)
    item = get_object_or_404(items.for_list(), pk=pk)
    actions.remove_item(item=item, by=request.user)
    return redirect(row)


def _page(
    request: HttpRequest, row: Standard, *, form: Any = None, publishing: Any = None
) -> HttpResponse:
    may_edit = row.status == EditionStatus.DRAFT and policies.may_maintain(
        request.user, row.alliance_id
    )
    items = StandardItem.objects.visible_to(request.user).filter(standard=row).for_list()
    today = timezone.localdate()
    counting = selectors.standard_in_force(alliance_id=row.alliance_id, on=today)
    context = {
        "standard": row,
        "items": sorted(items, key=lambda one: (TIER_RANK[one.tier], one.type.name)),
        "form": (form or ItemForm()) if may_edit else None,
        "publishing": (publishing or PublishForm(prefix="publish")) if may_edit else None,
        "may_edit": may_edit,
        "counts": counting == row,
        "today": today,
    }
    failed = any(one is not None and one.errors for one in (form, publishing))
    status = 422 if failed else 200
    return TemplateResponse(request, "configuration/standard.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> Standard:
    rows = Standard.objects.visible_to(request.user).select_related("alliance")
    found: Standard = get_object_or_404(rows, public_id=public_id)
    return found
