"""Simulation stations: the usual ones set up for an alliance, and changed by its office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from alliance.core import ledger, versions
from alliance.core.policy import definitions, policies
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance

from .. import policies as may
from .. import starter
from ..models import Station


@one_transaction
def seed_stations(*, alliance: Alliance, by: Any = None) -> int:
    """Add the five FLS tasks and the animal cases that are missing; thresholds come from policy.

    For the operator and the demonstration (`by` None), and for the office on its page.
    """
    if by is not None:
        may.insist_on_maintaining(by, alliance)
    Alliance.objects.select_for_update().get(pk=alliance.pk)
    values = policies(alliance_id=alliance.pk, on=timezone.localdate(), prefix="station.")
    known = set(Station.objects.filter(alliance=alliance).values_list("code", flat=True))
    rows = [
        Station(
            alliance=alliance,
            code=one.code,
            name=one.name,
            kind=one.kind,
            metric=one.metric,
            order=order,
            threshold=values[f"station.{one.code}"],
            source=str(definitions()[f"station.{one.code}"].source),
            is_verified=definitions()[f"station.{one.code}"].verified,
        )
        for order, one in enumerate(starter.stations())
        if one.code not in known
    ]
    Station.objects.bulk_create(rows)
    ledger.record("stations.seeded", by=by, subject=alliance, added=len(rows))
    return len(rows)


@one_transaction
def create_station(*, alliance: Alliance, by: Any, values: Mapping[str, Any]) -> Station:
    """Add a station of the alliance's own."""
    may.insist_on_maintaining(by, alliance)
    station = Station(alliance=alliance, **values)
    store(station)
    ledger.record("station.saved", by=by, subject=station, code=station.code)
    return station


@one_transaction
def edit_station(*, station: Station, by: Any, version: int, values: Mapping[str, Any]) -> Station:
    """Change a station; results entered before keep what was passed then."""
    may.insist_on_maintaining(by, station.alliance)
    row: Station = Station.objects.select_for_update().get(pk=station.pk)
    versions.check(row, version)
    changed = assign(row, values)
    row.version += 1
    store(row)
    ledger.record("station.saved", by=by, subject=row, changed=sorted(changed))
    return row
