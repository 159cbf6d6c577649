"""What the acts of this room share: locks, files, and places of people."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import models

from alliance.core import uploads, versions
from alliance.institutions.models import Alliance
from alliance.institutions.selectors import alliances_of

from .. import policies
from ..models import Course


def insist(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied


def locked(row: Any, version: int | None = None) -> Any:
    """The row for this transaction alone, as it is now; refused where it has moved on."""
    found = type(row).objects.select_for_update().get(pk=row.pk)
    if version is not None:
        versions.check(found, version)
    return found


def kept(course: Course, by: Any, version: int | None = None) -> Course:
    """The course for this transaction alone, for whoever keeps it."""
    found: Course = locked(course, version)
    insist(policies.may_keep(by, found))
    return found


def home_alliance(institution_id: int, *, on: Any) -> Alliance | None:
    """The alliance through which an institution's people learn: the one joined first."""
    return next(iter(alliances_of(institution_id, on=on)), None)


def checked_file(file: Any, field: str, *, max_bytes: int) -> uploads.CheckedFile:
    """A picture or PDF that may be kept; told at `field` why not."""
    found = uploads.check(file, file.name or "", max_bytes=max_bytes)
    if isinstance(found, uploads.Refusal):
        raise ValidationError({field: found.message})
    return found


def store_file(column: models.fields.files.FieldFile, stem: Any, file: uploads.CheckedFile) -> None:
    """Keep a checked file under an id: names of people stay out of paths."""
    column.save(f"{stem}{file.kind.suffix}", ContentFile(file.content), save=False)
