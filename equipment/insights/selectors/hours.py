"""For how long devices could be booked: open hours, less what took a device away, to the second."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from equipment.service.downs import downs

from ..scope import Scope

# The time of each device: on the register, shared, within the period. The bounds of a time that
# would end before it begins are the same: an empty range.
_SHARED: Final = """
    SELECT device.id, spell.began, greatest(spell.began, spell.ended) AS ended
    FROM devices_device AS device JOIN devices_sharedtime AS shared ON shared.device_id = device.id
    CROSS JOIN LATERAL (SELECT
        greatest(%(since)s, shared.since, device.in_use_from::timestamp AT TIME ZONE %(zone)s)
            AS began,
        least(%(until)s, shared.until, device.retired_on::timestamp AT TIME ZONE %(zone)s)
            AS ended) AS spell
    WHERE device.id = ANY(%(devices)s)
"""
_BOOKABLE: Final = """
WITH spell AS ({shared}),
standing AS (
    SELECT id, range_agg(tstzrange(began, ended)) AS times FROM spell GROUP BY id
),
away AS (
    SELECT device_id, range_agg(tstzrange(began, ended)) AS times
    FROM ({downs}) AS down (device_id, began, ended) GROUP BY device_id
),
open AS (
    SELECT range_agg(tstzrange(
        (day + make_interval(hours => %(opens)s)) AT TIME ZONE %(zone)s,
        (day + make_interval(hours => %(closes)s)) AT TIME ZONE %(zone)s)) AS times
    FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day
),
-- Most devices were shared all the time: what is open then is counted once for all of them.
sized AS (
    SELECT same.times, (
        SELECT sum(extract(epoch FROM upper(time) - lower(time))) / 3600
        FROM unnest(same.times * open.times) AS time) AS hours
    FROM (SELECT DISTINCT times FROM standing) AS same CROSS JOIN open
),
lost AS (
    SELECT standing.id, (
        SELECT sum(extract(epoch FROM upper(time) - lower(time))) / 3600
        FROM unnest(standing.times * away.times * open.times) AS time) AS hours
    FROM standing CROSS JOIN open JOIN away ON away.device_id = standing.id
)
SELECT standing.id, coalesce(sized.hours, 0) - coalesce(lost.hours, 0)
FROM standing JOIN sized ON sized.times = standing.times LEFT JOIN lost ON lost.id = standing.id
"""
# By hour of the week: the hours of that kind, times the devices that were shared then.
_CAPACITY: Final = """
WITH spell AS (
    SELECT began AT TIME ZONE %(zone)s AS began, ended AT TIME ZONE %(zone)s AS ended,
           count(*) AS number
    FROM ({shared}) AS shared GROUP BY 1, 2
)
SELECT extract(isodow FROM hour)::int - 1, extract(hour FROM hour)::int, sum(number
    * extract(epoch FROM least(ended, hour + interval '1 hour') - greatest(began, hour))) / 3600
FROM spell CROSS JOIN LATERAL generate_series(
    date_trunc('hour', began), ended - interval '1 microsecond', interval '1 hour'
) AS hour
WHERE ended > began
GROUP BY 1, 2
"""


def bookable_hours(
    device_ids: Collection[int], scope: Scope, *, opens: int, closes: int
) -> dict[int, float]:
    """By device: hours of the period in which it was shared, open to be booked and not down."""
    if not device_ids:
        return {}
    away = downs(device_ids, since=scope.since, until=scope.at)
    inner, given = away.query.sql_with_params()
    statement = _BOOKABLE.format(shared=_SHARED, downs=_named(inner, len(given)))
    values = _period(scope) | {
        "devices": list(device_ids),
        "opens": opens,
        "closes": closes,
        "first": scope.first,
        "last": scope.on,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {f"down{at}": one for at, one in enumerate(given)})
        return {pk: float(hours) for pk, hours in cursor.fetchall()}


def _named(statement: str, number: int) -> str:
    """A statement of Django's with its values named, to stand within one that names them."""
    return statement % tuple(f"%(down{at})s" for at in range(number))


def capacity(devices: Any, scope: Scope) -> dict[tuple[int, int], float]:
    """By weekday and hour: for how long devices stood there shared, all of them together."""
    values = _period(scope) | {"devices": list(devices.order_by().values_list("pk", flat=True))}
    with connection.cursor() as cursor:
        cursor.execute(_CAPACITY.format(shared=_SHARED), values)
        return {(day, hour): float(hours) for day, hour, hours in cursor.fetchall()}


def _period(scope: Scope) -> dict[str, Any]:
    return {
        "since": scope.since,
        "until": scope.at,
        "zone": timezone.get_current_timezone_name(),
    }
