"""Courses: entered, changed, published and taken back by who keeps them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution

from .. import policies
from ..choices import Mode
from ..models import Course
from .keeping import home_alliance, insist, kept

FIELDS = (
    "title",
    "mode",
    "technique",
    "hours",
    "is_thematic",
    "is_entry",
    "summary",
)


@one_transaction
def create_course(
    *,
    by: Any,
    alliance: Alliance | None = None,
    institution: Institution | None = None,
    **values: Any,
) -> Course:
    """Enter a course as a draft: of a house (in the alliance it joined first), or of an alliance."""
    if institution is not None:
        insist(policies.keeps_house(by, institution.pk))
        alliance = home_alliance(institution.pk, on=timezone.localdate())
    if alliance is None:
        message = _("This institution belongs to no alliance yet; courses are offered in one.")
        raise DomainError("no_alliance", message)
    course = Course(alliance=alliance, institution=institution, **values)
    insist(policies.may_keep(by, course))
    store(course)
    _record("course.created", course, by)
    return course


@one_transaction
def update_course(*, course: Course, by: Any, version: int, **values: Any) -> Course:
    """Change what a course says of itself; what was completed stays as it was counted."""
    course = kept(course, by, version)
    if values.get("mode", course.mode) != course.mode and course.is_published:
        message = _("Take the course back first: how it is taken decides how it is completed.")
        raise DomainError("course_published", message)
    changed = assign(course, values)
    if changed:
        course.version += 1
        store(course)
        _record("course.changed", course, by, changed=sorted(changed))
    return course


@one_transaction
def publish_course(*, course: Course, by: Any, version: int) -> Course:
    """Offer a course to everybody in the alliance."""
    course = kept(course, by, version)
    empty = course.mode == Mode.ONLINE and not course.parts.filter(removed_at=None).exists()
    if empty:
        message = _("Add a document, a video or a link first: an online course needs content.")
        raise DomainError("course_empty", message)
    return _show(course, by, is_published=True)


@one_transaction
def take_back_course(*, course: Course, by: Any, version: int) -> Course:
    """Offer a course no longer; what people have completed still counts."""
    return _show(kept(course, by, version), by, is_published=False)


def _show(course: Course, by: Any, *, is_published: bool) -> Course:
    if course.is_published != is_published:
        course.is_published = is_published
        course.version += 1
        course.save(update_fields=["is_published", "version", "updated_at"])
        _record("course.published" if is_published else "course.taken_back", course, by)
    return course


def _record(act: str, course: Course, by: Any, **data: Any) -> None:
    ledger.record(act, by=by, subject=course, institution_id=course.institution_id, **data)
