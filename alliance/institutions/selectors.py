"""What others may ask about institutions, alliances and who may refer to whom."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from alliance.core.access import access_of
from alliance.core.calendar import DayException, Period, WorkingCalendar, calendar_for
from alliance.core.choices import Permission
from alliance.core.models import PolicySetting
from alliance.core.policy import PolicySet, policies

from . import rules
from .models import Alliance, CalendarDay, Department, Institution, Membership, Relation

OFFICE_PERMISSIONS = (
    Permission.ALLIANCE_MANAGE,
    Permission.MATRIX_MANAGE,
    Permission.CATALOGUE_MANAGE,
    Permission.POLICY_MANAGE,
)


def alliances_of(institution_id: int, *, on: date) -> list[Alliance]:
    """The alliances an institution belongs to on a date, the earliest joined first."""
    memberships = (
        Membership.objects.in_force(on)
        .filter(institution_id=institution_id, alliance__is_active=True)
        .select_related("alliance")
        .order_by("valid_from", "pk")
    )
    return [membership.alliance for membership in memberships]


def shared_alliance(sender_id: int, receiver_id: int, *, on: date) -> Alliance | None:
    """The alliance both institutions belong to on a date; the earliest joined by the sender."""
    theirs = Membership.objects.in_force(on).filter(institution_id=receiver_id)
    membership = (
        Membership.objects.in_force(on)
        .filter(
            institution_id=sender_id,
            alliance__is_active=True,
            alliance__in=theirs.values("alliance"),
        )
        .select_related("alliance")
        .order_by("valid_from", "pk")
        .first()
    )
    return membership.alliance if membership else None


def relation_allowed(*, alliance_id: int, sender_id: int, receiver_id: int, on: date) -> bool:
    """Whether the alliance's matrix lets `sender` refer to `receiver`, both members on a date."""
    joined = Membership.objects.in_force(on).filter(alliance=OuterRef("alliance"))
    return (
        Relation.objects.allowed()
        .filter(
            Exists(joined.filter(institution=OuterRef("sender"))),
            Exists(joined.filter(institution=OuterRef("receiver"))),
            alliance_id=alliance_id,
            sender_id=sender_id,
            receiver_id=receiver_id,
        )
        .exists()
    )


def receivers_for(
    *, sender_id: int, on: date, direction: str | None = None
) -> QuerySet[Institution]:
    """Active institutions that `sender` may refer to on a date: cell open, both members."""
    joined = Membership.objects.in_force(on).filter(alliance__is_active=True)
    cells = Relation.objects.allowed().filter(
        sender_id=sender_id,
        receiver=OuterRef("pk"),
        alliance__in=joined.filter(institution_id=sender_id).values("alliance"),
    )
    if direction is not None:
        cells = cells.filter(direction=direction)
    still_member = joined.filter(alliance=OuterRef("alliance"), institution=OuterRef("receiver"))
    return Institution.objects.filter(Exists(cells.filter(Exists(still_member))), is_active=True)


def departments_for(*, institution_id: int, specialty_id: int) -> QuerySet[Department]:
    """The open departments of an institution for a specialty."""
    return Department.objects.filter(
        institution_id=institution_id, specialty_id=specialty_id, is_active=True
    ).order_by("code")


def working_calendar(institution_id: int, start: date, end: date) -> WorkingCalendar:
    """An institution's working time from `start` to `end`: hours, holidays, its own exceptions.

    Hours are its own in force at the start, else its alliance's; exceptions are its own.
    """
    values = calendar_policy(institution_id, on=start)
    hours = rules.working_hours(
        weekday=values["calendar.weekday_hours"],
        weekend=values["calendar.weekend_hours"],
        observes_holidays=values["calendar.observes_holidays"],
    )
    days = CalendarDay.objects.filter(
        institution_id=institution_id, day__gte=start, day__lte=end
    ).order_by("day")
    return calendar_for(hours, [day_exception(day) for day in days])


def calendar_policy(institution_id: int, *, on: date) -> PolicySet:
    """The hours settings that count for an institution on a date: its own, else its alliance's."""
    alliance = next(iter(alliances_of(institution_id, on=on)), None)
    return policies(
        alliance_id=alliance.pk if alliance else None,
        institution_id=institution_id,
        on=on,
        prefix=rules.CALENDAR_PREFIX,
    )


def own_hours(institution_id: int) -> list[PolicySetting]:
    """What an institution decided about its hours, and what it will follow, the newest first."""
    rows = PolicySetting.objects.filter(
        institution=institution_id, key=rules.WEEKDAY_HOURS
    ).select_related("created_by")
    return list(rows.order_by("-effective_from", "-id")[:20])


def day_exception(row: CalendarDay) -> DayException:
    """A row of the institution's own calendar as the arithmetic takes it."""
    if not row.is_open or row.opens_at is None or row.closes_at is None:
        return DayException(row.day, is_open=row.is_open)
    opens = row.opens_at.hour * 60 + row.opens_at.minute
    closes = row.closes_at.hour * 60 + row.closes_at.minute
    return DayException(row.day, is_open=True, periods=(Period(opens, closes),))


def office_alliance(user: Any) -> Alliance | None:
    """The alliance whose office a user works for (the first, where there are several)."""
    access = access_of(user)
    ids = {pk for permission in OFFICE_PERMISSIONS for pk in access.alliances_with(permission)}
    return Alliance.objects.filter(pk__in=ids).order_by("pk").first() if ids else None


def alliance_seen_by(user: Any, *, institution_id: int | None, on: date) -> Alliance | None:
    """The alliance whose catalogue a user looks at: of their own role, else of their house."""
    held = access_of(user).alliances
    if held:
        own: Alliance | None = Alliance.objects.filter(pk__in=held).order_by("pk").first()
        return own
    joined = alliances_of(institution_id, on=on) if institution_id else []
    return joined[0] if joined else None


def with_memberships(on: date) -> "Prefetch[str, Any, str]":
    """Prefetch each institution's memberships in force as `current_memberships`."""
    current = Membership.objects.in_force(on).select_related("alliance").order_by("valid_from")
    return Prefetch("memberships", queryset=current, to_attr="current_memberships")


def memberships_of(institution_id: int, *, on: date) -> QuerySet[Membership]:
    """The memberships of an institution on a date."""
    return (
        Membership.objects.in_force(on)
        .filter(institution_id=institution_id)
        .select_related("alliance")
        .order_by("valid_from", "pk")
    )


def present_and_coming(alliance_id: int, *, on: date) -> QuerySet[Membership]:
    """Memberships of active institutions that are in force or yet to begin."""
    return Membership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=on),
        alliance_id=alliance_id,
        institution__is_active=True,
    ).select_related("institution")


def members(alliance_id: int, *, on: date) -> QuerySet[Membership]:
    """The memberships of an alliance on a date, the highest tier first."""
    return Membership.objects.in_force(on).filter(alliance_id=alliance_id).for_list()
