"""One's own applications: what may be applied for, the evidence, and opening one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core.forms import create, posted
from alliance.core.listing import listing

from .. import actions, evidence, forms, offers, policies, presenters, selectors, wishes
from ..evidence import Asked
from ..models import Application
from .shared import tabs


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My applications, and what I may apply for next."""
    policies.insist(policies.may_apply(request.user))
    person: Any = getattr(request.user, "practitioner", None)
    today = timezone.localdate()
    rows = Application.objects.visible_to(request.user).own(request.user).for_list()
    page = listing(request, rows, ordering="-created_at", size=20)
    context = {
        "person": person,
        "rows": presenters.rows(page.rows),
        "listing": page,
        "offers": offers.offers_for(request.user, person, on=today) if person else [],
        "form": _wish_form(request, person) if person else None,
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "granting/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The evidence for what is wished, met or missing; the application, when nothing is."""
    wish = _wish(request)
    if isinstance(wish, HttpResponse):
        return wish  # another page: the one that asks, or the application that is under way
    form = forms.OpenForm(posted(request))

    def act() -> str:
        found = actions.open_application(asked=wish, by=request.user, **form.values)
        return found.get_absolute_url()

    scope = f"granting.open:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        messages.success(request, _("Your application is submitted."))
        return redirect(url)
    found = evidence.assemble(wish, on=timezone.localdate())
    context = {
        "asked": wish,
        "may_open": found.may_open,
        "missing": len(found.missing),
        "sections": presenters.sections(found.requirements),
        "form": form,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "granting/apply.html", context, status=status)


def _wish(request: HttpRequest) -> Asked | HttpResponse:
    """What is to be looked at; or the page to see instead, such as an application under way."""
    wish = _asked(request)
    if isinstance(wish, HttpResponse) or request.method == "POST":
        return wish
    under_way = selectors.open_application(
        practitioner_id=wish.practitioner.pk,
        technique_id=wish.technique.pk,
        institution_id=wish.institution.pk,
    )
    return wish if under_way is None else redirect(under_way)


def _asked(request: HttpRequest) -> Asked | HttpResponse:
    """What the address asks for; where it does not say it well, the page that asks."""
    person = wishes.applicant(request.user)
    if "privilege" in request.GET:
        return wishes.again(
            request.user,
            privilege=_uuid(request.GET["privilege"]),
            kind=request.GET.get("kind", ""),
        )
    form = _wish_form(request, person, request.GET)
    if form.is_valid():
        technique, house = form.cleaned_data["technique"], form.cleaned_data["institution"]
        return wishes.first(
            request.user,
            technique=technique.code,
            institution=house.public_id,
            on=timezone.localdate(),
        )
    context = {"form": form, "tabs": tabs(request)}
    return TemplateResponse(request, "granting/wish.html", context, status=422)


def _wish_form(request: HttpRequest, person: Any, *args: Any) -> forms.WishForm:
    today = timezone.localdate()
    return forms.WishForm(
        *args,
        techniques=wishes.techniques(request.user),
        institutions=wishes.houses(request.user, person, on=today),
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
