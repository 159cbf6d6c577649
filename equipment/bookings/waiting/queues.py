"""Places on the waiting list, and the offers that stand open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from .. import policies, presenters
from ..models import WaitingEntry, WaitingOffer

# Who wants the same at a time that overlaps: that device, or any of its type.
_WANTS_THE_SAME = Q(
    Q(device=None) | Q(device=OuterRef("device")) | Q(IsNull(OuterRef("device"), True)),
    type=OuterRef("type"),
    wanted_from__lt=OuterRef("wanted_until"),
    wanted_until__gt=OuterRef("wanted_from"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who waits: their place, the time they want, the offer that stands open."""

    entry: WaitingEntry
    ahead: int
    offer: WaitingOffer | None
    may_answer: bool

    @property
    def place(self) -> int:
        """Their place in line, from one."""
        return self.ahead + 1

    @property
    def window(self) -> str:
        """When they want it."""
        return presenters.period(self.entry.wanted_from, self.entry.wanted_until)

    @property
    def offered(self) -> str:
        """The time that is offered."""
        return presenters.period(self.offer.starts_at, self.offer.ends_at) if self.offer else ""


def rows(entries: Sequence[WaitingEntry], user: Any) -> list[Row]:
    """Entries with their places and offers; two queries for many. Those with an offer come first."""
    ids = [entry.pk for entry in entries]
    open_: Any = WaitingOffer.objects.open().for_list().filter(entry__in=ids)
    offers = {offer.entry_id: offer for offer in open_}
    before: Any = (
        WaitingEntry.objects.on_the_list()
        .filter(_WANTS_THE_SAME, alliance=OuterRef("alliance"), pk__lt=OuterRef("pk"))
        .order_by()
        .values("alliance")
        .annotate(number=Count("pk"))
        .values("number")
    )
    counted = WaitingEntry.objects.filter(pk__in=ids).annotate(
        ahead=Coalesce(Subquery(before), 0), key=F("pk")
    )
    ahead = dict(counted.values_list("key", "ahead"))
    found = [
        Row(
            entry,
            ahead.get(entry.pk, 0),
            offers.get(entry.pk),
            policies.may_book(user, entry.institution_id),
        )
        for entry in entries
    ]
    return sorted(found, key=lambda row: (row.offer is None or not row.may_answer, row.entry.pk))
