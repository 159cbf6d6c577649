"""Photographs of faults and papers of calibrations: checked by their content, then kept."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from alliance.core import uploads

from ..models import ServiceFile

MOST_BYTES = 20 * 1024 * 1024


def checked(file: Any, field: str) -> uploads.CheckedFile | None:
    """A picture or PDF that may be kept, None for none; told at `field` why not."""
    if not file:
        return None
    found = uploads.check(file, file.name or "", max_bytes=MOST_BYTES)
    if isinstance(found, uploads.Refusal):
        raise ValidationError({field: found.message})
    return found


def keep(file: uploads.CheckedFile | None, *, by: Any, **owner: Any) -> None:
    """Keep a checked file with its order or record, under an id: names stay out of paths."""
    if file is None:
        return
    row = ServiceFile(
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        uploaded_by=by,
        **owner,
    )
    row.file.save(f"{row.public_id}{file.kind.suffix}", ContentFile(file.content), save=False)
    row.save()
