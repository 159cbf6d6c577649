"""What others may ask about mentors and postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.policy import policies
from alliance.institutions.models import Membership
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner
from training.logbook.models import Case

from . import owed
from .choices import MentorshipStatus, PostingKind, PostingStatus
from .models import GuidanceSession, Mentorship, Posting

# Cases and mentorships this young may still be what a session of guidance was about.
_LATELY = 60
_DAY = timedelta(days=1)


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

    Days of the posting, not those on which somebody was seen there: norms speak of months of
    posting (indicator 2.1: six months in the year; rotation: six in three years), and a month of
    posting holds Sundays and leave. Any six months have at least 181 days. Days present are for the
    assessment by the sending institution. Who served none is not in the answer. A posting under way counts up to `until`, so ask with the
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


def waiting_for(user: Any) -> QuerySet[Mentorship]:
    """Proposals that wait for the user's own word."""
    return (
        Mentorship.objects.filter(
            Q(mentor__user=user.pk, mentor_agreed_at=None)
            | Q(mentee__user=user.pk, mentee_agreed_at=None),
            status=MentorshipStatus.PROPOSED,
        )
        .for_list()
        .order_by("pk")
    )


def teachable(user: Any, *, on: date) -> QuerySet[Practitioner]:
    """Who may be named as mentor or mentee: everybody at a member of the user's alliances."""
    access = access_of(user)
    joined = Membership.objects.in_force(on).filter(
        Q(alliance__in=access.alliances)
        | Q(alliance__memberships__institution__in=access.institutions)
    )
    return Practitioner.objects.filter(
        institution__in=joined.values("institution"), is_active=True
    ).select_related("institution")


def running_links(user: Any, *, on: date, most: int) -> list[Mentorship]:
    """The mentorships that run on a date, as far as the user sees them."""
    rows = Mentorship.objects.visible_to(user).running(on).for_list()
    return list(rows.order_by("mentor_institution", "mentor__name", "pk")[:most])


def own_postings(user: Any, *, on: date) -> QuerySet[Posting]:
    """One's own postings that run or are still to come."""
    rows = Posting.objects.filter(
        practitioner__user=user.pk,
        status__in=(PostingStatus.PLANNED, PostingStatus.RUNNING),
        valid_until__gt=on,
    )
    return rows.for_list().order_by("valid_from")


def postable(user: Any, *, on: date) -> QuerySet[Practitioner]:
    """Whom the user may post: the staff of the houses and members whose training one arranges."""
    access = access_of(user)
    members = Membership.objects.in_force(on).filter(
        alliance__in=access.alliances_with(Permission.TRAINING_MANAGE)
    )
    houses = access.institutions_with(Permission.TRAINING_MANAGE)
    return Practitioner.objects.filter(
        Q(institution__in=houses) | Q(institution__in=members.values("institution")),
        is_active=True,
    ).select_related("institution")


def _seen(user: Any, on: date) -> tuple[int | None, list[int] | None]:
    """The alliance whose training a user sees, and the houses of it (None: all)."""
    access = access_of(user)
    if held := access.alliances_with(Permission.TRAINING_VIEW):
        return min(held), None
    houses = access.institutions_with(Permission.TRAINING_VIEW)
    joined = [one for house in houses for one in alliances_of(house, on=on)]
    return (joined[0].pk if joined else None), houses


@dataclass(frozen=True, slots=True)
class Indicator:
    """Who counts for national indicator 2.1 in a year, and who is on the way."""

    needed: int
    counted: int
    people: list[Practitioner]


def indicator(user: Any, *, year: int, on: date) -> Indicator | None:
    """Physicians dispatched to the grassroots in a year, as far as the user sees them."""
    alliance_id, houses = _seen(user, on)
    if alliance_id is None:
        return None
    needed = policies(alliance_id=alliance_id, on=on, prefix="mentoring.dispatch_days")[
        "mentoring.dispatch_days"
    ]
    rows = owed.dispatched(alliance_id=alliance_id, year=year, on=on)
    if houses is not None:
        rows = rows.filter(institution__in=houses)
    counted = rows.filter(dispatched__gte=needed).count()
    people = list(rows.select_related("institution").order_by("-dispatched", "pk")[:20])
    return Indicator(needed, counted, people)


@dataclass(frozen=True, slots=True)
class Owing:
    """Grassroots doctors whose rotation is too short: the first of them, and how many."""

    needed: int
    years: int
    count: int
    people: list[Practitioner]


def owing(user: Any, *, on: date) -> Owing | None:
    """Who still owes a rotation, those with the fewest days first, as far as the user sees them."""
    alliance_id, houses = _seen(user, on)
    if alliance_id is None:
        return None
    values = policies(alliance_id=alliance_id, on=on, prefix="mentoring.rotation_")
    needed, years = values["mentoring.rotation_days"], values["mentoring.rotation_years"]
    rows = owed.owing_rotation(alliance_ids=[alliance_id], on=on, days=needed, years=years)
    if houses is not None:
        rows = rows.filter(institution__in=houses)
    people = rows.select_related("institution").order_by("rotated", "institution", "pk")
    return Owing(needed, years, rows.count(), list(people[:20]))


@dataclass(frozen=True, slots=True)
class Served:
    """A posting that began: from a day on, and until the first day no longer there."""

    practitioner_id: int
    since: date
    until: date


def served(
    practitioner_ids: Collection[int], *, kind: PostingKind | str, on: date
) -> Iterator[Served]:
    """Postings that began by a day, for whoever counts from days that differ; one query."""
    rows = Posting.objects.served().filter(
        practitioner__in=practitioner_ids, kind=kind, valid_from__lte=on
    )
    for row in rows.values_list("practitioner_id", "valid_from", "valid_until"):
        yield Served(*row)


def guidable(user: Any, *, on: date) -> QuerySet[Mentorship]:
    """One's own mentorships as the mentor that ran lately: what a session is usually part of."""
    lately = on - timedelta(days=_LATELY)
    rows = Mentorship.objects.agreed().filter(
        mentor__user=user.pk, valid_from__lte=on, valid_until__gt=lately
    )
    return rows.for_list().order_by("mentee__name", "pk")


def cases_to_choose(user: Any, *, on: date) -> QuerySet[Case]:
    """Cases of the last weeks that the user may see and a session may have been about."""
    rows = Case.objects.visible_to(user).between(on - timedelta(days=_LATELY), on + _DAY)
    return rows.select_related("technique", "operator").order_by("-performed_on", "-pk")


def guidance_totals(rows: Any) -> dict[str, Any]:
    """How many sessions count, how many minutes, on how many days; one query."""
    return (
        rows.counting()
        .with_length()
        .aggregate(
            sessions=Count("pk"),
            minutes=Coalesce(Sum("length"), 0),
            days=Count(TruncDate("starts_at"), distinct=True),
        )
    )


def guidance_minutes(
    mentor_ids: Collection[int], *, since: date, until: date
) -> dict[int, dict[str, int]]:
    """Minutes of guidance that each gave within [since, until) by mode; one query."""
    rows = (
        GuidanceSession.objects.counting()
        .with_length()
        .filter(mentor__in=mentor_ids, starts_at__date__gte=since, starts_at__date__lt=until)
        .values("mentor_id", "mode")
        .annotate(total=Sum("length"))
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for mentor_id, mode, total in rows.values_list("mentor_id", "mode", "total"):
        found[mentor_id][mode] = total
    return dict(found)
