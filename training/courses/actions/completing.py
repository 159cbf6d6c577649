"""Hours that the platform itself has seen: credited once, taken back where it was wrong."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from alliance.core import ledger
from alliance.people.models import Practitioner

from ..choices import EntryStatus, HoursKind
from ..models import Course, HoursEntry, PartProgress
from ..signals import hours_counted
from .keeping import home_alliance


def credit(
    *, practitioner: Practitioner, kind: HoursKind, on: date, hours: Decimal, by: Any, **values: Any
) -> HoursEntry:
    """Count hours for something that was seen to happen.

    The caller holds the lock of what happened, so nobody else credits the same.
    """
    source = {name: values[name] for name in ("course", "session", "contest") if values.get(name)}
    known: HoursEntry | None = (
        HoursEntry.objects.exclude(status=EntryStatus.REFUSED)
        .filter(practitioner=practitioner, kind=kind, **source)
        .first()
    )
    if known is not None:
        return known
    entry = HoursEntry.objects.create(
        practitioner=practitioner,
        institution_id=practitioner.institution_id,
        alliance=home_alliance(practitioner.institution_id, on=on),
        kind=kind,
        on=on,
        hours=hours,
        status=EntryStatus.CONFIRMED,
        decided_at=timezone.now(),
        decided_by=by,
        **values,
    )
    hours_counted.send(sender=HoursEntry, practitioner_ids=[practitioner.pk])
    return entry


def take_back(*, practitioner: Practitioner, by: Any, reason: str, **source: Any) -> None:
    """What was credited for this does not count; the entry stays with the reason."""
    HoursEntry.objects.counting().filter(practitioner=practitioner, **source).update(
        status=EntryStatus.REFUSED, refusal=reason, decided_at=timezone.now(), decided_by=by
    )


def settle(*, course: Course, practitioner: Practitioner, by: Any) -> HoursEntry | None:
    """Credit an online course once every part of it is done; None while something is left.

    One at a time for each person, so that two last parts done at once still complete it.
    """
    Practitioner.objects.select_for_update(no_key=True).get(pk=practitioner.pk)
    mine = PartProgress.objects.filter(practitioner=practitioner, part__course=course)
    done = {row.part_id: row.done_at for row in mine if row.done_at}
    parts = set(course.parts.filter(removed_at=None).values_list("pk", flat=True))
    if not parts or not parts <= done.keys():
        return None
    last = max(done[pk] for pk in parts)
    entry = credit(
        practitioner=practitioner,
        kind=HoursKind.COURSE,
        on=timezone.localdate(last),
        hours=course.hours,
        by=by,
        course=course,
        title=course.title,
        is_thematic=course.is_thematic,
    )
    ledger.record(
        "course.completed",
        by=by,
        subject=course,
        institution_id=practitioner.institution_id,
        practitioner=str(practitioner.public_id),
    )
    return entry
