"""Papers that travel with a referral: added while drafting or later, opened, taken away."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from alliance.patients import actions as patients

from . import actions
from .downloads import download
from .models import Attachment, Referral
from .pages_new import files_answer


@require_POST
def attach(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add files to a draft or an open referral; each that is refused says why."""
    visible = Referral.objects.visible_to(request.user)
    leg = get_object_or_404(visible, public_id=public_id)
    return attached(request, leg)


def attached(request: HttpRequest, leg: Referral) -> HttpResponse:
    """Keep the files that were sent with the request and answer with the list of papers."""
    faults = []
    for file in request.FILES.getlist("file"):
        try:
            actions.attach(referral=leg, file=file, name=file.name or "", by=request.user)
        except ValidationError as error:
            faults.append({"name": file.name, "sentence": " ".join(error.messages)})
    return files_answer(request, leg, faults)


@require_safe
def attachment(request: HttpRequest, public_id: UUID, attachment_id: UUID) -> FileResponse:
    """The file itself, as a download, for the two institutions; the reading is recorded."""
    paper = _paper(request, public_id, attachment_id)
    if paper.referral.patient is not None:
        patients.note_read(
            patient=paper.referral.patient,
            by=request.user,
            institution=request.institution,  # type: ignore[attr-defined]
            via="attachment",
        )
    return download(paper)


@require_POST
def remove(request: HttpRequest, public_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Take a file out of sight; the trace stays."""
    paper = _paper(request, public_id, attachment_id)
    actions.remove_attachment(attachment=paper, by=request.user)
    return files_answer(request, paper.referral, [])


def _paper(request: HttpRequest, public_id: UUID, attachment_id: UUID) -> Attachment:
    visible = Attachment.objects.visible_to(request.user).select_related("referral__patient")
    return get_object_or_404(visible, referral__public_id=public_id, public_id=attachment_id)
