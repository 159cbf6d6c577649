"""Departments of an institution."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core.forms import attempt, create, posted

from .. import actions, policies
from ..forms import DepartmentForm
from ..models import Department
from .directory import form_page, visible


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open a department."""
    institution = visible(request, public_id)
    policies.insist(policies.may_edit_departments(request.user, institution))
    form = DepartmentForm(posted(request))
    back_url = institution.get_absolute_url()

    def act() -> str:
        actions.create_department(institution=institution, by=request.user, **form.values)
        return back_url

    scope = f"department:{request.user.pk}"
    if request.method == "POST" and create(form, scope=scope, act=act):
        return redirect(back_url)
    context = {"title": _("New department"), "back_url": back_url}
    return form_page(request, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a department."""
    department = _visible(request, public_id)
    policies.insist(policies.may_edit_departments(request.user, department.institution))
    form = DepartmentForm(posted(request), department=department)
    if request.method == "POST" and attempt(
        form,
        lambda: actions.update_department(department=department, by=request.user, **form.values),
    ):
        return redirect(department.institution)
    context = {"title": department, "back_url": department.institution.get_absolute_url()}
    return form_page(request, form, context)


@require_POST
def set_active(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close a department, or open it again."""
    department = _visible(request, public_id)
    actions.set_department_active(
        department=department, is_active=request.POST.get("is_active") == "1", by=request.user
    )
    return redirect(department.institution)


def _visible(request: HttpRequest, public_id: UUID) -> Department:
    rows = Department.objects.visible_to(request.user).select_related("institution")
    found: Department = get_object_or_404(rows, public_id=public_id)
    return found
