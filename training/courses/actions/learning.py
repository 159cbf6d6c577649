"""Taking an online course: each part opened, worked through and done, with the place kept."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.templatetags.times import time_of_day
from alliance.core.transactions import one_transaction
from alliance.people.models import Practitioner

from .. import policies, rules
from ..choices import Mode
from ..models import CoursePart, HoursEntry, PartProgress
from .completing import settle
from .keeping import insist


@one_transaction
def open_part(*, part: CoursePart, practitioner: Practitioner, by: Any) -> PartProgress:
    """Note when somebody first opened a part; opening it again changes nothing."""
    insist(policies.is_own(by, practitioner))
    progress, _new = PartProgress.objects.get_or_create(
        part=part, practitioner=practitioner, defaults={"opened_at": timezone.now()}
    )
    return progress


@one_transaction
def keep_place(*, part: CoursePart, practitioner: Practitioner, by: Any, position: int) -> int:
    """Remember where somebody stopped (seconds of a video); return the place that is kept."""
    progress = open_part(part=part, practitioner=practitioner, by=by)
    progress.position = max(0, min(position, part.minutes * 60 * 4))
    progress.save(update_fields=["position", "updated_at"])
    return progress.position


@one_transaction
def finish_part(*, part: CoursePart, practitioner: Practitioner, by: Any) -> HoursEntry | None:
    """Mark a part as done, and the course with its last part; returns the hours it brought.

    DomainError where hardly any time has passed since it was opened.
    """
    progress = open_part(part=part, practitioner=practitioner, by=by)
    if progress.done_at is None:
        _insist_on_time(part, progress)
        progress.done_at = timezone.now()
        progress.save(update_fields=["done_at", "updated_at"])
    if part.course.mode != Mode.ONLINE:
        return None
    return settle(course=part.course, practitioner=practitioner, by=by)


def _insist_on_time(part: CoursePart, progress: PartProgress) -> None:
    now = timezone.now()
    share = policy(
        "course.part_share_percent",
        on=timezone.localdate(now),
        alliance_id=part.course.alliance_id,
    )
    earliest = rules.may_be_done_at(progress.opened_at, minutes=part.minutes, share_percent=share)
    if now < earliest:
        message = _("This part takes about %(minutes)s minutes. Work through it; done from %(at)s.")
        raise DomainError(
            "too_early", message % {"minutes": part.minutes, "at": time_of_day(earliest)}
        )
