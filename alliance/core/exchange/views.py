"""Pages of imports and exports."""

from typing import IO, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..decorators import in_background
from ..listing import listing
from ..models import ImportJob
from . import actions, exporting, pages, sheets
from .files import FileRefused
from .forms import UploadForm
from .spec import Table, find

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAGE = 20


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """What can be brought in or taken out, and one's own imports."""
    offers = pages.offers(request.user)
    if not offers:
        raise PermissionDenied
    mine = ImportJob.objects.visible_to(request.user)
    page = listing(request, mine, ordering="-id", size=_PAGE)
    context = {"offers": offers, "jobs": pages.rows(page.rows), "listing": page}
    return render(request, "core/imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, table: str) -> HttpResponse:
    """Take a file for one table."""
    target = _importable(request, table)
    form = (
        UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm.fresh()
    )
    if form.is_bound and form.is_valid():
        try:
            return redirect("core:import-job", _upload(request, target, form).public_id)
        except FileRefused as refusal:
            form.add_error("file", str(refusal.message))
    place = target.place_of(request.user, institution_id=_house(request), on=timezone.localdate())
    return render(request, "core/import_new.html", {"form": form, **pages.columns(target, place)})


def _upload(request: HttpRequest, table: Table, form: UploadForm) -> ImportJob:
    return actions.upload(
        by=request.user,
        table=table,
        file=form.cleaned_data["file"],
        institution_id=_house(request),
        key=form.cleaned_data["key"],
    )


def _house(request: HttpRequest) -> int | None:
    return getattr(request.institution, "pk", None)  # type: ignore[attr-defined]


@require_safe
@never_cache
def job(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How one import stands."""
    return render(request, "core/import_job.html", pages.job(_mine(request, public_id)))


@require_safe
@never_cache
@in_background
def status(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part of that page that asks again by itself while a worker is at it."""
    return render(request, "core/_import_job.html", pages.job(_mine(request, public_id)))


@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Bring the checked rows in."""
    actions.confirm(job=_mine(request, public_id), by=request.user)
    return redirect("core:import-job", public_id)


@require_POST
def check_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Check the same file once more."""
    actions.check_again(job=_mine(request, public_id), by=request.user)
    return redirect("core:import-job", public_id)


@require_POST
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go on where a worker was lost."""
    actions.resume(job=_mine(request, public_id), by=request.user)
    messages.info(request, _("Handed to another worker."))
    return redirect("core:import-job", public_id)


@require_safe
def errors(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The errors of an import as a workbook."""
    found = _mine(request, public_id)
    words = _("Errors")
    return _workbook(sheets.errors_sheet(found.errors), f"{words}-{found.pk}")


@require_safe
def template(request: HttpRequest, table: str) -> FileResponse:
    """An empty workbook with the columns of a table."""
    target = _importable(request, table)
    words = _("template")
    return _workbook(sheets.template(target), f"{target.label}-{words}")


@require_safe
def export(request: HttpRequest, table: str) -> FileResponse:
    """The rows of a table as filtered."""
    target = _known(table)
    file = exporting.export(by=request.user, table=target, request=request)
    return _workbook(file, f"{target.label}-{timezone.localdate():%Y%m%d}")


def _mine(request: HttpRequest, public_id: UUID) -> ImportJob:
    found: ImportJob = get_object_or_404(
        ImportJob.objects.visible_to(request.user), public_id=public_id
    )
    return found


def _known(name: str) -> Table:
    found = find(name)
    if found is None:
        raise Http404
    return found


def _importable(request: HttpRequest, name: str) -> Table:
    found = _known(name)
    if not found.may_import(request.user):
        raise PermissionDenied
    return found


def _workbook(file: IO[bytes], name: Any) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=_XLSX)
