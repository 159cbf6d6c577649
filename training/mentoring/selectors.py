"""What others may ask about mentors and postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet, Sum

from .choices import PostingKind
from .models import Mentorship, Posting


def mentors_of(practitioner_ids: Collection[int], *, on: date) -> dict[int, list[Mentorship]]:
    """The mentorships that run on a date by mentee, with mentor and technique; one query."""
    found: dict[int, list[Mentorship]] = defaultdict(list)
    rows = Mentorship.objects.running(on).filter(mentee__in=practitioner_ids)
    for row in rows.for_list().order_by("valid_from", "pk"):
        found[row.mentee_id].append(row)
    return dict(found)


def mentees_of(mentor_id: int, *, on: date) -> QuerySet[Mentorship]:
    """The mentorships in which somebody is the mentor on a date, with mentee and technique."""
    rows = Mentorship.objects.running(on).filter(mentor=mentor_id)
    return rows.for_list().order_by("valid_until", "pk")


def has_mentor(practitioner_id: int, *, technique_id: int | None = None, on: date) -> bool:
    """Whether somebody is taught on a date, in that technique where one is named."""
    rows = Mentorship.objects.running(on).filter(mentee=practitioner_id)
    if technique_id is not None:
        rows = rows.filter(technique=technique_id)
    return rows.exists()


def posting_days(
    practitioner_ids: Collection[int], *, kind: PostingKind | str, since: date, until: date
) -> dict[int, int]:
    """Days of dispatch or rotation that each served within [since, until); one query.

    Who served none is not in the answer. A posting under way counts up to `until`, so ask with the
    day after today for what was served so far.
    """
    rows = (
        Posting.objects.served()
        .between(since, until)
        .filter(practitioner__in=practitioner_ids, kind=kind)
        .values("practitioner_id")
        .annotate(total=Sum("days"))
    )
    return dict(rows.values_list("practitioner_id", "total"))
