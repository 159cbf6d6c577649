"""Files of a device: added, opened, taken away."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.core.forms import attempt
from alliance.institutions.policies import insist

from .. import actions, policies
from ..forms import FileForm
from ..models import DeviceFile
from .devices import device_page
from .shared import visible_device


@require_POST
def attach(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep a file with the device."""
    row = visible_device(request, public_id)
    insist(policies.may_keep(request.user, row.owner_id))
    form = FileForm(request.POST, request.FILES)

    def act() -> None:
        file = form.cleaned_data["file"]
        actions.attach(device=row, file=file, name=file.name, by=request.user)

    if attempt(form, act):
        messages.success(request, _("The file is kept."))
        return redirect(row)
    return device_page(request, row, tried=form)


@require_safe
def file(request: HttpRequest, public_id: UUID, file_id: UUID) -> FileResponse:
    """The file itself, as a download: never sniffed, run or framed."""
    kept = _kept(request, public_id, file_id)
    response = FileResponse(
        kept.file.open("rb"),
        as_attachment=True,
        filename=kept.name,
        content_type=kept.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def remove(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """Take a file out of sight; the trace stays."""
    kept = _kept(request, public_id, file_id)
    actions.remove_file(file=kept, by=request.user)
    return redirect(kept.device)


def _kept(request: HttpRequest, public_id: UUID, file_id: UUID) -> DeviceFile:
    rows = DeviceFile.objects.visible_to(request.user).select_related("device")
    return get_object_or_404(rows, device__public_id=public_id, public_id=file_id)
