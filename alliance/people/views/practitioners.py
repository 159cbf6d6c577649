"""Practitioners of an institution: found by anybody who may look things up, kept by its manager."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core import versions
from alliance.core.forms import attempt, create
from alliance.core.listing import chips, listing
from alliance.institutions.models import Institution

from .. import actions, pages, policies
from ..filters import StaffFilter
from ..forms import PractitionerForm
from ..models import Practitioner
from .shared import form_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The practitioners of one institution: the one asked for, else the one acted for."""
    institution = _institution(request)
    rows = Practitioner.objects.visible_to(request.user).for_list()
    if institution is not None:
        rows = rows.filter(institution=institution)
    found = StaffFilter(request.GET, queryset=rows, request=request)
    context = {
        "institution": institution,
        "listing": listing(request, found.qs, ordering="name"),
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": pages.tabs(request),
        "may_edit": institution and policies.may_keep_staff(request.user, institution.pk),
    }
    return TemplateResponse(request, "people/practitioners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a practitioner of the institution acted for."""
    institution = request.institution  # type: ignore[attr-defined]
    policies.insist(bool(institution) and policies.may_keep_staff(request.user, institution.pk))
    form = PractitionerForm(request.POST or None, institution=institution)

    def act() -> str:
        actions.create_practitioner(institution=institution, by=request.user, **form.values)
        return reverse("people:practitioners")

    if request.method == "POST":
        url = create(form, scope=f"practitioner:{request.user.pk}", act=act)
        if url is not None:
            messages.success(request, _("The practitioner is entered."))
            return redirect(url)
    return form_page(request, form, {"title": _lazy("New practitioner"), "back_url": _list_url()})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a practitioner's particulars."""
    practitioner = _visible(request, public_id)
    policies.insist(policies.may_keep_staff(request.user, practitioner.institution_id))
    form = PractitionerForm(
        request.POST or None, institution=practitioner.institution, practitioner=practitioner
    )
    if request.method == "POST" and attempt(
        form,
        lambda: actions.update_practitioner(
            practitioner=practitioner, by=request.user, **form.values
        ),
    ):
        return redirect(_list_url())
    context = {"title": practitioner.name, "back_url": _list_url(), "practitioner": practitioner}
    return form_page(request, form, context, "people/practitioner.html")


@require_POST
def set_active(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a practitioner go, or take them back."""
    actions.set_practitioner_active(
        practitioner=_visible(request, public_id),
        is_active=request.POST.get("is_active") == "1",
        version=versions.parse(request.POST.get("version")),
        by=request.user,
    )
    return redirect(_list_url())


def _list_url() -> str:
    return reverse("people:practitioners")


def _institution(request: HttpRequest) -> Institution | None:
    """The institution named in the query string, else the one acted for; None: all of them."""
    asked = request.GET.get("institution")
    if not asked:
        return request.institution or None  # type: ignore[attr-defined]
    rows = Institution.objects.visible_to(request.user)
    found: Institution = get_object_or_404(rows, **_by_public_id(asked))
    return found


def _by_public_id(text: str) -> dict[str, UUID | None]:
    """A filter that finds nothing for what is no id."""
    try:
        return {"public_id": UUID(text)}
    except ValueError:
        return {"pk": None}


def _visible(request: HttpRequest, public_id: UUID) -> Practitioner:
    rows = Practitioner.objects.visible_to(request.user).select_related("institution")
    found: Practitioner = get_object_or_404(rows, public_id=public_id)
    return found
