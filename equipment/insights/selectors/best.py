"""Where one more device would help most, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Case, CharField, Count, F, Max, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest

from alliance.catalogue.selectors import graded
from alliance.core.policy import policies
from alliance.institutions.choices import TIER_RANK
from alliance.institutions.models import Institution, Membership
from equipment.bookings.models import WaitingEntry
from equipment.bookings.waiting.choices import EntryState
from equipment.configuration.selectors import gaps
from equipment.devices.choices import Need
from equipment.devices.models import Device, DeviceType
from equipment.devices.selectors import techniques_of
from training.selectors import who_may_here

from .. import rules
from ..scope import Scope
from .demand import wanting
from .use import used_lines, uses

# An institution and a type of device.
Pair = tuple[int, int]
_DAY: Final = timedelta(days=1)
# One if any of some devices is shared.
_SHARED = Max(Case(When(is_shared=True, then=1), default=0))


@dataclass(frozen=True, slots=True)
class Best:
    """Where one more device of a type would help, the numbers behind it, and what each counts."""

    institution: Institution
    type: DeviceType
    want: rules.Want
    weights: rules.Weights

    @property
    def points(self) -> float:
        """All points together."""
        return self.want.points(self.weights)


def best_places(scope: Scope) -> list[Best]:
    """Where one more device would help most: house and type, most points first.

    Places where one was wanted in vain, is missing by the base configuration, or where those there
    are busy; a fixed number of queries.
    """
    refused, waiting, missing, loads = (
        _refused(scope), _in_vain(scope), _missing(scope), _loads(scope),
    )  # fmt: skip
    weights, percent = settings(scope)
    busy = {pair for pair, load in loads.items() if load >= percent}
    pairs = {*refused, *waiting, *missing, *busy}
    houses = Institution.objects.in_bulk({house for house, _type in pairs})
    types = DeviceType.objects.in_bulk({kind for _house, kind in pairs})
    far, borrowed = _away(scope, pairs, houses), _borrowed(scope)
    served = _served(scope, pairs)
    found = [
        rules.Want(
            *pair, refused.get(pair, 0), *waiting.get(pair, (0, 0)), missing.get(pair, 0),
            loads.get(pair), borrowed.get(pair, 0), far[pair], *served[pair],
            houses[pair[0]].beds,
        )
        for pair in pairs
    ]  # fmt: skip
    return [
        Best(houses[one.institution_id], types[one.type_id], one, weights)
        for one in rules.ranked(found, weights)
    ]


def settings(scope: Scope) -> tuple[rules.Weights, int]:
    """As set: the points for one of each number, and from which per cent on devices are busy."""
    set_ = policies(alliance_id=scope.place.alliance_id, on=scope.on, prefix="insights.")
    points = {name: set_[f"insights.points_{name}"] for name in rules.NUMBERS}
    return rules.Weights(points, set_["insights.even_percent"]), set_["insights.busy_percent"]


def _refused(scope: Scope) -> dict[Pair, int]:
    rows = wanting(scope).order_by().values_list("institution", "type")
    # A series is one wish, on however many days it was refused.
    day, series = Cast("day", CharField()), Cast("series_id", CharField())
    wish = Case(When(series=None, then=day), default=series)
    counted = rows.annotate(number=Count(wish, distinct=True))
    return {(house, pk): number for house, pk, number in counted}


def _in_vain(scope: Scope) -> dict[Pair, tuple[int, float]]:
    """Waiting-list entries that got nothing (still waiting, or over), and the days they waited."""
    rows = WaitingEntry.objects.filter(
        Q(state__in=(EntryState.WAITING, EntryState.OVER)),
        scope.asking(),
        created_at__gte=scope.since,
        created_at__lt=scope.at,
    )
    ended = Coalesce("ended_at", Value(scope.at))
    waited = Sum(Greatest(ended - F("created_at"), Value(timedelta())))
    counted = rows.order_by().values_list("institution", "type")
    told = counted.annotate(number=Count("pk"), waited=waited)
    return {(house, pk): (number, round(waited / _DAY, 1)) for house, pk, number, waited in told}


def _missing(scope: Scope) -> dict[Pair, int]:
    if scope.place.alliance_id is None:
        return {}
    found = gaps(
        alliance_id=scope.place.alliance_id,
        at=scope.at,
        institution_id=scope.place.institution_id,
        type_id=scope.type_id,
    )
    return {(one.institution_id, one.type_id): one.short for one in found if one.short}


def _loads(scope: Scope) -> dict[Pair, int]:
    """How much the shared devices there were used of the time they could be booked, in per cent."""
    hours: dict[Pair, list[tuple[float, float]]] = {}
    for row in uses(scope):
        pair = (row.device.owner_id, row.device.type_id)
        hours.setdefault(pair, []).append((row.used, row.bookable))
    sums = {
        pair: (sum(used for used, _of in each), sum(of for _used, of in each))
        for pair, each in hours.items()
    }
    return {pair: rules.percent(used, of) for pair, (used, of) in sums.items() if of}


def _borrowed(scope: Scope) -> dict[Pair, int]:
    """How often each house used others' devices of a type; one query."""
    rows = used_lines(scope, whose=scope.using()).exclude(device__owner=F("booking__institution"))
    grouped = rows.order_by().values_list("booking__institution", "device__type")
    return {(house, kind): n for house, kind, n in grouped.annotate(number=Count("pk"))}


def _away(scope: Scope, pairs: Collection[Pair], houses: dict[int, Institution]) -> dict[Pair, int]:
    """How far the nearest device is from each: nought where one stands; one query."""
    members = Membership.objects.in_force(scope.on).filter(alliance=scope.place.alliance_id)
    rows = Device.objects.standing_on(scope.on).filter(
        Q(owner__in=houses) | Q(is_shared=True, owner__in=members.values("institution")),
        type__in={kind for _house, kind in pairs},
    )
    grouped = rows.order_by().values_list("owner", "type", "owner__division_code", "owner__tier")
    stand: set[Pair] = set()
    lend: dict[int, set[rules.Spot]] = {}
    for owner, kind, division, tier, is_shared in grouped.annotate(lent=_SHARED):
        stand.add((owner, kind))
        if is_shared:
            lend.setdefault(kind, set()).add(rules.Spot(division, TIER_RANK[tier]))
    spots = {pk: rules.Spot(one.division_code, TIER_RANK[one.tier]) for pk, one in houses.items()}
    return {
        pair: 0 if pair in stand else rules.away(spots[pair[0]], lend.get(pair[1], ()))
        for pair in pairs
    }


def _served(scope: Scope, pairs: Collection[Pair]) -> dict[Pair, tuple[int, int]]:
    """Techniques that need the type and that somebody there may perform, and how many these are."""
    if scope.place.alliance_id is None:
        return dict.fromkeys(pairs, (0, 0))
    needed = {
        kind: [technique for technique, need in each if need == Need.REQUIRED]
        for kind, each in techniques_of(sorted({kind for _house, kind in pairs})).items()
    }
    asked = {technique for each in needed.values() for technique in each}
    on, alliance_id = scope.on, scope.place.alliance_id
    known = [one for one in graded(alliance_id=alliance_id, on=on) if one.technique_id in asked]
    able = who_may_here(alliance_id=alliance_id, techniques=known, on=on)
    return {
        (house, kind): _counted([able.get((house, one), set()) for one in needed[kind]])
        for house, kind in pairs
    }


def _counted(people: Collection[set[int]]) -> tuple[int, int]:
    return sum(bool(each) for each in people), len(set().union(*people))
