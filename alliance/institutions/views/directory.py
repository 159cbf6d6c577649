"""The directory: find an institution, see what it is and who refers to it, keep it up to date."""

from typing import Any
from uuid import UUID

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing

from .. import actions, policies, selectors
from ..filters import InstitutionFilter
from ..forms import InstitutionForm
from ..models import Alliance, Institution
from ..pages import directory as pages


class DirectoryFilter(InstitutionFilter):
    """The filters of the API that people use, in words."""

    alliance = django_filters.ModelChoiceFilter(
        queryset=lambda request: Alliance.objects.visible_to(request.user).order_by("name"),
        to_field_name="public_id",
        method="member_of_alliance",
        label=_("Alliance"),
        empty_label=_("All alliances"),
    )
    division_code = parent = may_receive_from = None  # type: ignore[assignment]
    is_external = is_active = None  # type: ignore[assignment]

    def member_of_alliance(self, rows: Any, name: str, alliance: Alliance) -> Any:
        """Members of an alliance today."""
        return self.member_of(rows, name, alliance.public_id)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All institutions, by pinyin."""
    rows = Institution.objects.visible_to(request.user).prefetch_related(
        selectors.with_memberships(timezone.localdate())
    )
    found = DirectoryFilter(request.GET, queryset=rows, request=request)
    context = {
        "listing": listing(request, found.qs, ordering="pinyin"),
        "filter": found,
        "chips": chips(request, found.form),
        "may_create": policies.may_create_institution(request.user),
    }
    return TemplateResponse(request, "institutions/list.html", context)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One institution: what it offers, when it is open, who refers to it."""
    institution = visible(request, public_id)
    context = pages.institution(institution, user=request.user, on=timezone.localdate())
    return TemplateResponse(request, "institutions/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an institution."""
    policies.insist(policies.may_create_institution(request.user))
    form = InstitutionForm(posted(request), rows=Institution.objects.visible_to(request.user))

    def act() -> str:
        return actions.create_institution(by=request.user, **form.values).get_absolute_url()

    scope = f"institution:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        return redirect(url)
    return form_page(request, form, {"title": _("New institution")})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change what the user may change of an institution."""
    institution = visible(request, public_id)
    allowed = policies.editable_fields(request.user, institution)
    policies.insist(allowed is None or bool(allowed))
    form = InstitutionForm(
        posted(request),
        institution=institution,
        allowed=allowed,
        rows=Institution.objects.visible_to(request.user),
    )

    def act() -> None:
        actions.update_institution(institution=institution, by=request.user, **form.values)

    if request.method == "POST" and attempt(form, act):
        return redirect(institution)
    return form_page(
        request, form, {"title": institution.name, "back_url": institution.get_absolute_url()}
    )


def visible(request: HttpRequest, public_id: UUID) -> Institution:
    """The institution of that id, if the user may look things up; 404 otherwise."""
    rows = Institution.objects.visible_to(request.user).select_related("parent")
    found: Institution = get_object_or_404(rows, public_id=public_id)
    return found


def form_page(
    request: HttpRequest, form: Any, context: dict[str, Any], template: str = ""
) -> HttpResponse:
    """A page with one form; 422 when it came back with errors."""
    return TemplateResponse(
        request,
        template or "institutions/form.html",
        {**context, "form": form},
        status=422 if form.errors else 200,
    )
