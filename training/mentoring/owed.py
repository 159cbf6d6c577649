"""Days of rotation and dispatch, counted for many people at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from alliance.institutions.choices import Tier
from alliance.people.models import Practitioner

from . import rules
from .choices import INTERMEDIATE_TITLES, PHYSICIAN_TITLES, PostingKind
from .models import Posting
from .querysets import SERVED, shared_days

GRASSROOTS = (Tier.TOWNSHIP, Tier.VILLAGE)
_HOSPITALS = (Tier.COUNTY, Tier.TERTIARY)
_FAR = date(9999, 12, 31)


def _days(kind: PostingKind, since: date, until: date, **more: Any) -> Coalesce:
    """The days a practitioner served, as an expression on practitioners."""
    served = (
        Posting.objects.served()
        .between(since, until)
        .filter(practitioner=OuterRef("pk"), kind=kind, **more)
        .values("practitioner")
        .annotate(total=Sum("days"))
        .values("total")
    )
    return Coalesce(Subquery(served), Value(0), output_field=IntegerField())


def _present(kind: PostingKind, since: date, until: date, **more: Any) -> Coalesce:
    """The days a practitioner was seen at postings, as an expression on practitioners."""
    seen = (
        Posting.objects.served()
        .filter(practitioner=OuterRef("pk"), kind=kind, **more)
        .filter(days_present__day__gte=since, days_present__day__lt=until)
        .order_by()
        .values("practitioner")
        .annotate(total=Count("days_present"))
        .values("total")
    )
    return Coalesce(Subquery(seen), Value(0), output_field=IntegerField())


def owing_rotation(
    *, alliance_ids: Collection[int], on: date, days: int, years: int
) -> QuerySet[Any]:
    """Grassroots doctors of alliances whose rotations of the last years, as `rotated`, are too short.

    A rotation under way counts as a whole. Who has practised for a shorter time than those years
    still has time.
    """
    since = rules.years_before(on, years)
    counted = Q(
        postings__kind=PostingKind.ROTATION,
        postings__status__in=SERVED,
        postings__valid_from__lte=on,
        postings__valid_until__gt=since,
    )
    # PostgreSQL's LEAST passes over NULL: who has no rotation would have all days there are.
    days_served = Sum(shared_days(since, _FAR, "rotations__"), filter=Q(rotations__isnull=False))
    return (
        Practitioner.objects.staff_of(alliance_ids, on)
        .filter(
            title_code__in=PHYSICIAN_TITLES,
            institution__tier__in=GRASSROOTS,
            practice_started_on__lte=since,
        )
        .alias(rotations=FilteredRelation("postings", condition=counted))
        .annotate(rotated=Coalesce(days_served, 0))
        .filter(rotated__lt=days)
    )


def dispatched(*, alliance_id: int, year: int, on: date) -> QuerySet[Any]:
    """Physicians of intermediate title and above sent from hospitals to the grassroots in a year.

    `dispatched` are the days of their postings up to `on`: indicator 2.1 counts physicians posted
    for six months in the year, and months of a posting hold Sundays and leave. Six months of days
    present, about 125 of them, would take a year and a half to reach 180. `present` are the days
    that somebody was seen there: they say whether a posting was one, which people judge.
    """
    since, until = date(year, 1, 1), min(date(year + 1, 1, 1), on + timedelta(days=1))
    which = {
        "alliance": alliance_id,
        "from_institution__tier__in": _HOSPITALS,
        "to_institution__tier__in": GRASSROOTS,
    }
    return (
        Practitioner.objects.filter(title_code__in=INTERMEDIATE_TITLES)
        .annotate(
            dispatched=_days(PostingKind.DISPATCH, since, until, **which),
            present=_present(PostingKind.DISPATCH, since, until, **which),
        )
        .filter(dispatched__gt=0)
    )
