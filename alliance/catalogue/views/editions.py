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
from alliance.institutions.policies import own_alliance
from alliance.institutions.selectors import alliance_seen_by

from .. import actions, pages, policies, selectors
from ..choices import EditionStatus
from ..forms import DraftForm, PublishForm
from ..models import CatalogueEdition


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Editions of one's alliance, drafts on top for those who maintain them."""
    today = timezone.localdate()
    house = getattr(request.institution, "pk", None)  # type: ignore[attr-defined]
    alliance = alliance_seen_by(request.user, institution_id=house, on=today)
    rows = CatalogueEdition.objects.visible_to(request.user).filter(alliance=alliance)
    in_force = selectors.edition_in_force(alliance_id=alliance.pk, on=today) if alliance else None
    context = {
        "alliance": alliance,
        "drafts": rows.filter(status=EditionStatus.DRAFT).order_by("-created_at"),
        "listing": listing(request, rows.published(), ordering="-created_at", size=20),
        "in_force": in_force,
        "today": today,
        "may_draft": alliance is not None and policies.may_maintain(request.user, alliance.pk),
    }
    return TemplateResponse(request, "catalogue/editions.html", context)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One edition: its techniques; in a draft, any technique can be searched and graded."""
    context = pages.edition(request, visible(request, public_id))
    return TemplateResponse(request, "catalogue/edition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a new edition as a copy of the newest published one."""
    alliance = own_alliance(request.user, Permission.CATALOGUE_MANAGE)
    form = DraftForm(posted(request))

    def act() -> str:
        edition = actions.draft_edition(alliance=alliance, by=request.user, **form.values)
        return edition.get_absolute_url()

    if request.method == "POST" and (url := create(form, scope=f"edition:{alliance.pk}", act=act)):
        return redirect(url)
    return _form(request, form, {"title": _("New edition")})


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change name and note of a draft."""
    edition = draft(request, public_id)
    form = DraftForm(posted(request), initial={"name": edition.name, "note": edition.note})
    if request.method == "POST" and attempt(
        form, lambda: actions.rename_draft(edition=edition, by=request.user, **form.values)
    ):
        return redirect(edition)
    return _form(request, form, {"title": edition.name, "edition": edition})


@require_POST
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    edition = visible(request, public_id)
    actions.discard_draft(edition=edition, by=request.user)
    messages.success(request, _("%(name)s is thrown away.") % {"name": edition.name})
    return redirect("catalogue:editions")


@require_safe
def compare(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What an edition changes against the one before it."""
    edition = visible(request, public_id)
    previous = selectors.predecessor(edition)
    context = pages.comparison(edition, previous, request.GET.get("kind", ""))
    context["may_publish"] = _may_publish(request, edition)
    return TemplateResponse(request, "catalogue/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The last look before a draft counts, and its date."""
    edition = draft(request, public_id)
    form = PublishForm(posted(request))
    if request.method == "POST" and attempt(
        form,
        lambda: actions.publish(edition=edition, by=request.user, **form.cleaned_data),
    ):
        messages.success(request, _("%(name)s is published.") % {"name": edition.name})
        return redirect(edition)
    context = pages.comparison(edition, selectors.predecessor(edition), "")
    return _form(request, form, context, "catalogue/publish.html")


def visible(request: HttpRequest, public_id: UUID) -> CatalogueEdition:
    """The edition of that id, if the user may see it; 404 otherwise."""
    rows = CatalogueEdition.objects.visible_to(request.user).select_related("alliance")
    found: CatalogueEdition = get_object_or_404(rows, public_id=public_id)
    return found


def draft(request: HttpRequest, public_id: UUID) -> CatalogueEdition:
    """The draft of that id, if the user may change it; 404, 403 or 409 otherwise."""
    edition = visible(request, public_id)
    policies.insist_on_draft(request.user, edition)
    return edition


def _may_publish(request: HttpRequest, edition: CatalogueEdition) -> bool:
    is_draft = edition.status == EditionStatus.DRAFT
    return is_draft and policies.may_maintain(request.user, edition.alliance_id)


def _form(
    request: HttpRequest, form: Any, context: dict[str, Any], template: str = "catalogue/form.html"
) -> HttpResponse:
    status = 422 if form.errors else 200
    return TemplateResponse(request, template, {**context, "form": form}, status=status)
