"""Numbers for administrators and the alliance: of today, of a month, of what is open; all bounded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Value

from alliance.institutions.models import Institution

from .choices import AlertLevel, Status
from .models import ClockAlert, Referral
from .querysets import ReferralQuerySet
from .worklist import Worklist, condition, midnight

PERIOD = timedelta(days=30)
# Partners in the chart; the rest are one bar.
PARTNERS = 10
# Rows of the short tables of the overview.
SHORT = 10


def sets_of_today(
    user: Any, institution_id: int, *, now: datetime
) -> dict[str, list[ReferralQuerySet]]:
    """What came and went since midnight, for bounded counting."""
    seen = Referral.objects.visible_to(user)
    return {
        name: [seen.filter(condition(name, user=user, institution_id=institution_id, now=now))]
        for name in (Worklist.RECEIVED, Worklist.SENT, Worklist.SENT_BACK)
    }


@dataclass(frozen=True)
class Partner:
    """How many patients came from another institution and went there, in the period."""

    institution: Institution
    came: int
    went: int

    @property
    def total(self) -> int:
        """Both ways."""
        return self.came + self.went


def flow(user: Any, institution_id: int, *, now: datetime) -> list[Partner]:
    """Patients exchanged with each institution over the period, the busiest first."""
    recent = Referral.objects.visible_to(user).filter(
        created_at__gte=midnight(now) - PERIOD, sent_at__isnull=False
    )
    came = _by(recent.filter(receiver=institution_id), "sender", way="came")
    went = _by(recent.filter(sender=institution_id), "receiver", way="went")
    counted = {(way, pk): number for way, pk, number in came.union(went, all=True)}
    names = Institution.objects.in_bulk({pk for _way, pk in counted})
    partners = [
        Partner(house, counted.get(("came", pk), 0), counted.get(("went", pk), 0))
        for pk, house in names.items()
    ]
    return sorted(partners, key=lambda one: (-one.total, one.institution.pk))


def _by(rows: ReferralQuerySet, column: str, *, way: str) -> ReferralQuerySet:
    return rows.order_by().values_list(Value(way), column).annotate(Count("pk"))


def open_in(user: Any, alliance_ids: Iterable[int]) -> ReferralQuerySet:
    """Legs of these alliances that have not ended."""
    return (
        Referral.objects.visible_to(user)
        .filter(alliance__in=list(alliance_ids), closed_at=None)
        .exclude(status=Status.DRAFT)
    )


def by_state(rows: ReferralQuerySet) -> dict[str, int]:
    """How many legs stand in each state."""
    return dict(rows.order_by().values_list("status").annotate(Count("pk")))


def late_by_institution(rows: ReferralQuerySet, *, now: datetime) -> list[tuple[Institution, int]]:
    """Who holds most legs whose clock has run out."""
    late = rows.overdue(now).order_by().values_list("holder").annotate(late=Count("pk"))
    counts = dict(late.order_by("-late", "holder")[:SHORT])
    names = Institution.objects.in_bulk(counts)
    return [(names[pk], number) for pk, number in counts.items()]


def escalations(rows: ReferralQuerySet, *, now: datetime) -> list[ClockAlert]:
    """Open legs that were told to the alliance office, the latest first."""
    late = rows.overdue(now).values("pk")
    told = ClockAlert.objects.filter(referral__in=late, level=AlertLevel.OFFICE)
    chosen = told.select_related(
        "referral__sender", "referral__receiver", "referral__holder", "referral__patient"
    ).defer("referral__form_data")
    return list(chosen.order_by("-at")[:SHORT])
