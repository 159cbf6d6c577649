"""Boards: a trainer's mentees, a hospital's matrix, an alliance's matrix, promotion."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.listing import chips, listing, sliced
from alliance.institutions.models import Institution
from alliance.institutions.policies import insist
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner

from .. import actions, matrix, pages, policies, presenters, promotion
from ..filters import EnrolmentFilter
from ..forms import HousesForm, MatrixForm
from ..models import Enrolment
from .shared import own_alliance, tabs

# Doctors on a page of the matrix: what a slow line carries in some seconds.
_DOCTORS = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Trainees: those I teach, and those of the houses whose training I see."""
    insist(policies.may_see_others(request.user) or policies.is_learner(request.user))
    today = timezone.localdate()
    asked = request.GET.copy()
    asked.setdefault("status", "active")
    own = getattr(request.user, "practitioner_id", None)
    rows = Enrolment.objects.visible_to(request.user).exclude(practitioner=own).for_list()
    found = EnrolmentFilter(asked, queryset=rows, request=request)
    page = listing(
        request, found.qs if found.is_valid() else rows.none(), ordering="-started_on", size=30
    )
    context = {
        "rows": pages.board(presenters.paths(page.rows, on=today)),
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "tabs": tabs(request),
        "may_enrol": bool(
            policies.houses_arranged(request.user) or policies.alliances_managed(request.user)
        ),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "programmes/board.html", context, status=status)


@require_safe
def doctors(request: HttpRequest) -> HttpResponse:
    """Doctors by techniques of one hospital."""
    form, house, found = _matrix(request)
    page = sliced(request, found.doctors, size=_DOCTORS)
    context = {
        "form": form,
        "house": house,
        "matrix": matrix.Matrix(page.rows, found.columns, found.cells),
        "listing": page,
        "total": len(found.doctors),
        "chips": chips(request, form),
        "tabs": tabs(request),
        "may_export": actions.may_export(request.user),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "programmes/matrix.html", context, status=status)


@require_safe
def export(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    _form, house, found = _matrix(request)
    file = actions.export_matrix(found=found, institution=house, by=request.user)
    return FileResponse(
        file, as_attachment=True, filename=_("Who can do what") + ".xlsx", content_type=_XLSX
    )


@require_safe
def houses(request: HttpRequest) -> HttpResponse:
    """Institutions by techniques of one alliance."""
    mine = access_of(request.user).alliances_with(Permission.TRAINING_VIEW)
    insist(bool(mine))
    form = HousesForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = matrix.house_matrix(
        alliance_id=min(mine),
        on=timezone.localdate(),
        grade=asked.get("grade", ""),
        tier=asked.get("tier", ""),
        everything=bool(asked.get("everything")),
    )
    context = {
        "form": form,
        "matrix": found,
        "chips": chips(request, form),
        "tabs": tabs(request),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "programmes/houses.html", context, status=status)


@require_safe
def titles(request: HttpRequest) -> HttpResponse:
    """How far the doctors of a hospital are on the way to a higher title."""
    house = _house(request)
    alliance = own_alliance(request)
    rows = Practitioner.objects.visible_to(request.user).filter(institution=house, is_active=True)
    page = listing(request, rows.select_related("department"), ordering="id", size=50)
    found = (
        promotion.promotion(page.rows, alliance_id=alliance.pk, on=timezone.localdate())
        if alliance
        else []
    )
    context = {"rows": found, "house": house, "listing": page, "tabs": tabs(request)}
    return TemplateResponse(request, "programmes/promotion.html", context)


def _matrix(request: HttpRequest) -> tuple[MatrixForm, Institution, matrix.Matrix]:
    house = _house(request)
    form = MatrixForm(request.GET, institution=house)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    department = asked.get("department")
    today = timezone.localdate()
    groups = alliances_of(house.pk, on=today)
    wanted = matrix.Asked(
        search=asked.get("search", ""),
        department_id=department.pk if department else None,
        grade=asked.get("grade", ""),
        standing=asked.get("standing", ""),
        everything=bool(asked.get("everything")),
    )
    found = (
        matrix.matrix(institution=house, alliance_id=groups[0].pk, on=today, asked=wanted)
        if groups
        else matrix.Matrix([], [])
    )
    return form, house, found


def _house(request: HttpRequest) -> Institution:
    """The hospital asked for, among those whose training the user sees; else where one acts."""
    access = access_of(request.user)
    ids = access.institutions_with(Permission.TRAINING_VIEW)
    groups = access.alliances_with(Permission.TRAINING_VIEW)
    rows = Institution.objects.filter(pk__in=ids) | Institution.objects.filter(
        memberships__alliance__in=groups
    )
    asked = request.GET.get("institution", "")
    acting = getattr(getattr(request, "institution", None), "pk", None)
    found: Institution | None = None
    if asked:
        found = rows.filter(public_id=asked).first() if policies.is_uuid(asked) else None
    else:
        found = rows.filter(pk=acting).first() or rows.order_by("pk").first()
    if found is None:
        raise PermissionDenied(_("You see the training of no institution."))
    return found
