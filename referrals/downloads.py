"""Handing out attachments, on pages and in the API alike."""

from django.http import FileResponse

from .models import Attachment


def download(attachment: Attachment) -> FileResponse:
    """A stored file as itself and nothing else: never sniffed, run or framed."""
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
