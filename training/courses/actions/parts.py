"""Parts of courses: documents, videos and links."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.policy import policies as policy_values
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction

from .. import videos
from ..choices import PartKind
from ..models import Course, CoursePart, PartProgress
from .completing import settle
from .keeping import checked_file, kept, store_file


@one_transaction
def add_part(
    *,
    course: Course,
    by: Any,
    kind: str,
    title: str,
    minutes: int,
    file: Any = None,
    url: str = "",
    order: int | None = None,
) -> CoursePart:
    """Add a document, a video or a link to a course; at its end unless told otherwise."""
    course = kept(course, by)
    part = CoursePart(course=course, kind=kind, title=title, minutes=minutes)
    part.order = order or 1 + course.parts.filter(removed_at=None).count()
    _fill(part, file, url)
    store(part)
    _record("course.part_added", part, by)
    return part


@one_transaction
def update_part(*, part: CoursePart, by: Any, **values: Any) -> CoursePart:
    """Correct what a part is called, how long it takes and where it stands."""
    kept(part.course, by)
    if assign(part, values):
        store(part)
        _record("course.part_changed", part, by)
    return part


@one_transaction
def remove_part(*, part: CoursePart, by: Any) -> CoursePart:
    """Take a part out of its course; who has done all the others has then done the course."""
    course = kept(part.course, by)
    if part.removed_at is None:
        part.removed_at = timezone.now()
        part.save(update_fields=["removed_at", "updated_at"])
        _record("course.part_removed", part, by)
        for practitioner in _learners(course):
            settle(course=course, practitioner=practitioner, by=by)
    return part


def _learners(course: Course) -> Iterator[Any]:
    """Who has begun the course."""
    rows = PartProgress.objects.filter(part__course=course).select_related("practitioner")
    for row in rows.order_by("practitioner").distinct("practitioner"):
        yield row.practitioner


def _fill(part: CoursePart, file: Any, url: str) -> None:
    """Put the content in its place; one of the two, as the kind asks."""
    if part.kind == PartKind.LINK:
        if not url:
            raise ValidationError({"url": _("Enter the address, such as https://….")})
        part.url = url
        return
    if not file:
        raise ValidationError({"file": _("Choose a file.")})
    limits = policy_values(
        alliance_id=part.course.alliance_id, on=timezone.localdate(), prefix="course."
    )
    if part.kind == PartKind.VIDEO:
        fault = videos.fault(file, max_bytes=limits["course.video_bytes_most"])
        if fault:
            raise ValidationError({"file": fault})
        part.file_name, part.content_type = videos.safe_name(file.name), videos.MEDIA_TYPE
        part.file.save(f"{part.public_id}{videos.SUFFIX}", file, save=False)
        return
    found = checked_file(file, "file", max_bytes=limits["course.file_bytes_most"])
    part.file_name, part.content_type = found.name, found.content_type
    store_file(part.file, part.public_id, found)


def _record(act: str, part: CoursePart, by: Any) -> None:
    house = part.course.institution_id
    ledger.record(act, by=by, subject=part.course, institution_id=house, part=part.title)
