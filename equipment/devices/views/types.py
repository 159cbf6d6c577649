"""Pages of device types: the list, one with its techniques, and their forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.policies import insist

from .. import actions, policies, presenters
from ..filters import TypeFilter
from ..forms import NeedForm, TypeForm
from ..models import DeviceType, TypeTechnique
from .shared import tabs, visible_type


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Types of device, by name."""
    insist(policies.may_look(request.user))
    rows = DeviceType.objects.visible_to(request.user)
    found = TypeFilter(request.GET, queryset=rows, request=request)
    whole = found.is_valid()
    page = listing(request, found.qs if whole else rows.none(), ordering="name")
    context = {
        "rows": presenters.type_rows(page.rows, request.user),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_maintain": policies.may_maintain_types(request.user),
    }
    return TemplateResponse(request, "devices/types.html", context, status=200 if whole else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a type."""
    insist(policies.may_maintain_types(request.user))
    form = TypeForm(posted(request))

    def act() -> str:
        values = form.values | {"version": None}
        return actions.save_type(by=request.user, **values).get_absolute_url()

    if request.method == "POST":
        url = create(form, scope=f"device-type:{request.user.pk}", act=act)
        if url is not None:
            messages.success(request, _("Saved. Now say which techniques need it."))
            return redirect(url)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a type."""
    row = visible_type(request, public_id)
    insist(policies.may_maintain_types(request.user))
    form = TypeForm(posted(request), initial=presenters.as_form(row, TypeForm))
    if request.method == "POST" and attempt(
        form, lambda: actions.save_type(by=request.user, type_=row, **form.values)
    ):
        messages.success(request, _("Saved."))
        return redirect(row)
    return _form(request, form, row)


def _form(request: HttpRequest, form: TypeForm, row: Any = None) -> HttpResponse:
    context = {"form": form, "type": row}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "devices/type_form.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One type: what is usual for it, which techniques need it, how many there are."""
    insist(policies.may_look(request.user))
    return _page(request, visible_type(request, public_id))


@require_POST
def need(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say that a technique needs it."""
    row = visible_type(request, public_id)
    insist(policies.may_maintain_types(request.user))
    form = NeedForm(request.POST, user=request.user)
    if attempt(
        form, lambda: actions.need_technique(type_=row, by=request.user, **form.cleaned_data)
    ):
        return redirect(row)
    return _page(request, row, tried=form)


@require_POST
def drop(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """Say that a technique does without it."""
    row = visible_type(request, public_id)
    links = TypeTechnique.objects.visible_to(request.user).filter(type=row)
    link = get_object_or_404(links.select_related("technique"), technique__code=code)
    actions.drop_technique(type_=row, technique=link.technique, by=request.user)
    return redirect(row)


def _page(request: HttpRequest, row: Any, *, tried: Any = None) -> HttpResponse:
    may = policies.may_maintain_types(request.user)
    links = TypeTechnique.objects.visible_to(request.user).filter(type=row)
    context = {
        "type": row,
        "facts": presenters.type_facts(row, request.user),
        "links": links.select_related("technique").order_by("-need", "technique__code"),
        "form": (tried or NeedForm(user=request.user)) if may else None,
        "may_maintain": may,
    }
    status = 200 if tried is None else 422
    return TemplateResponse(request, "devices/type.html", context, status=status)
