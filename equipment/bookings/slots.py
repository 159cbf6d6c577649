"""Free times of many devices, by subtraction of ranges in the database.

What is blocked (set-up and cleaning included), kept for somebody who waits, or out of service is
taken from the time asked about, as far as the device stands on the register; what is left loses set-up at its start and cleaning at its end, and
is then cut to the hours of sharing. One statement, however many devices.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from .rules import Period, period

# The bounds '[)' are written out where rows are looked for, as in the exclusion constraints: their
# indexes answer then.

# No device is set up or cleaned for longer (see its model).
_LONGEST_BUFFER = timedelta(days=1)

_FREE = """
WITH asked AS MATERIALIZED (
    SELECT d.id,
        make_interval(mins => coalesce(d.setup_minutes, t.setup_minutes)) AS setup,
        make_interval(mins => coalesce(d.cleaning_minutes, t.cleaning_minutes)) AS cleaning,
        tstzrange(d.in_use_from::timestamp AT TIME ZONE %(zone)s,
                  d.retired_on::timestamp AT TIME ZONE %(zone)s) AS standing
    FROM devices_device d JOIN devices_devicetype t ON t.id = d.type_id
    WHERE d.id = ANY(%(devices)s::bigint[])
),
taken AS (
    SELECT device_id, tstzrange(block_from, block_until) AS during
    FROM bookings_bookeddevice
    WHERE is_live AND device_id = ANY(%(devices)s::bigint[])
        AND tstzrange(block_from, block_until, '[)')
            && tstzrange(%(since)s::timestamptz - %(buffer)s, %(until)s::timestamptz + %(buffer)s)
    UNION ALL
    SELECT device_id, tstzrange(block_from, block_until)
    FROM bookings_waitingoffer
    WHERE answer = 'open' AND device_id = ANY(%(devices)s::bigint[])
        AND tstzrange(block_from, block_until)
            && tstzrange(%(since)s::timestamptz - %(buffer)s, %(until)s::timestamptz + %(buffer)s)
),
busy AS (
    SELECT device_id, range_agg(during) AS during FROM taken GROUP BY device_id
),
away AS (
    SELECT device_id, range_agg(tstzrange(since, until)) AS during
    FROM unnest(%(out)s::bigint[], %(out_since)s::timestamptz[], %(out_until)s::timestamptz[])
        AS o(device_id, since, until)
    GROUP BY device_id
),
hours AS (
    SELECT range_agg(tstzrange(since, until)) AS during
    FROM unnest(%(open_since)s::timestamptz[], %(open_until)s::timestamptz[]) AS h(since, until)
),
bound AS (
    SELECT coalesce(range_agg(tstzrange(starts_at, ends_at)), '{}') AS during
    FROM bookings_bookedperson
    WHERE is_live AND practitioner_id = ANY(%(people)s::bigint[])
        AND tstzrange(starts_at, ends_at, '[)') && tstzrange(%(since)s, %(until)s)
),
gaps AS (
    SELECT a.id, a.setup, a.cleaning, gap
    FROM asked a
    LEFT JOIN busy ON busy.device_id = a.id
    LEFT JOIN away ON away.device_id = a.id
    CROSS JOIN LATERAL unnest(
        tstzmultirange(a.standing * tstzrange(%(since)s::timestamptz - a.setup,
                                              %(until)s::timestamptz + a.cleaning))
        - coalesce(busy.during, '{}') - coalesce(away.during, '{}')) AS gap
),
uses AS (
    SELECT id, range_agg(CASE
        WHEN upper(gap) - cleaning > lower(gap) + setup
        THEN tstzrange(lower(gap) + setup, upper(gap) - cleaning)
        ELSE 'empty' END) AS during
    FROM gaps GROUP BY id
),
free AS (
    SELECT uses.id, uses.during * coalesce(hours.during, '{}') - bound.during AS during
    FROM uses, hours, bound
)
"""
_EACH = """
SELECT id, lower(slot), upper(slot)
FROM free CROSS JOIN LATERAL unnest(during) AS slot
WHERE upper(slot) - lower(slot) >= %(length)s
ORDER BY id, lower(slot)
"""
_FIRST = """
SELECT id, lower(slot), upper(slot)
FROM free CROSS JOIN LATERAL unnest(during) AS slot
WHERE upper(slot) - lower(slot) >= %(length)s
ORDER BY lower(slot), id LIMIT %(limit)s
"""
_TOGETHER = """
, together AS (SELECT range_intersect_agg(during) AS during, count(*) AS number FROM free)
SELECT NULL::bigint, lower(slot), upper(slot)
FROM together CROSS JOIN LATERAL unnest(during) AS slot
WHERE number = cardinality(%(devices)s::bigint[]) AND upper(slot) - lower(slot) >= %(length)s
ORDER BY lower(slot) LIMIT %(limit)s
"""

# Ordered by what is at hand; what the rest takes is read of those few only.
_STAND_INS = """
WITH near AS MATERIALIZED (
    SELECT id, type_id <> %(type)s AS is_other, owner_id <> %(house)s AS is_lent,
        condition <> 'good' AS is_worn
    FROM devices_device
    WHERE type_id = ANY(%(types)s::bigint[]) AND id <> ALL(%(without)s::bigint[])
        AND condition <> 'poor'
        AND (owner_id = %(own)s OR is_shared AND owner_id = ANY(%(lenders)s::bigint[]))
    ORDER BY 2, 3, 4, 1 LIMIT %(among)s
)
SELECT near.id, block.since, block.until
FROM near JOIN devices_device d ON d.id = near.id JOIN devices_devicetype t ON t.id = d.type_id
CROSS JOIN LATERAL (SELECT
    %(since)s - make_interval(mins => coalesce(d.setup_minutes, t.setup_minutes)) AS since,
    %(until)s + make_interval(mins => coalesce(d.cleaning_minutes, t.cleaning_minutes)) AS until
) block
WHERE tstzrange(d.in_use_from::timestamp AT TIME ZONE %(zone)s,
                d.retired_on::timestamp AT TIME ZONE %(zone)s) @> tstzrange(since, until)
    AND NOT EXISTS (
        SELECT FROM bookings_bookeddevice b WHERE b.is_live AND b.device_id = d.id
            AND tstzrange(b.block_from, b.block_until, '[)') && tstzrange(since, until))
    AND NOT EXISTS (
        SELECT FROM bookings_waitingoffer o WHERE o.answer = 'open' AND o.device_id = d.id
            AND o.block_from < until AND o.block_until > since)
ORDER BY is_other, is_lent, is_worn, id
"""


@dataclass(frozen=True, slots=True)
class StandIns:
    """Devices of these types, the first type first, that an owner has or these houses lend.

    `own` is None where the house's own cannot be had, `lenders` empty where those of others cannot.
    """

    types: Sequence[int]
    without: Sequence[int]
    house: int
    own: int | None
    lenders: Sequence[int]
    period: Period
    among: int


def stand_ins(asked: StandIns) -> list[tuple[int, Period]]:
    """Devices that nobody has booked or waits for in a time, with how long a use would block them.

    One's own come before others', good ones before limited ones; poor ones are left out. Whether they are in service is another question.
    """
    values: dict[str, Any] = {
        "types": list(asked.types), "type": asked.types[0], "without": list(asked.without),
        "house": asked.house, "own": asked.own, "lenders": list(asked.lenders),
        "since": asked.period.since, "until": asked.period.until, "among": asked.among, "zone": timezone.get_default_timezone_name(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STAND_INS, values)
        return [(pk, period(*block)) for pk, *block in cursor]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Free times within `period` of at least `length`, in these hours, when these people can.

    `away` holds the times in which devices cannot be used, as (device, since, until or None).
    """

    device_ids: Sequence[int]
    period: Period
    length: timedelta
    hours: Collection[Period]
    away: Iterable[tuple[int, datetime, datetime | None]] = ()
    people: Sequence[int] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What the statement is given."""
        away = list(self.away)
        return {
            "devices": list(self.device_ids),
            "since": self.period.since,
            "until": self.period.until,
            "buffer": _LONGEST_BUFFER,
            "zone": timezone.get_default_timezone_name(),
            "length": self.length,
            "out": [pk for pk, _since, _until in away],
            "out_since": [since for _pk, since, _until in away],
            "out_until": [until for _pk, _since, until in away],
            "open_since": [one.since for one in self.hours],
            "open_until": [one.until for one in self.hours],
            "people": list(self.people),
        }


_Row = tuple[int | None, datetime, datetime]


def each(wanted: Wanted) -> list[_Row]:
    """(device, from, until) of every free time, by device and time."""
    return _rows(_FREE + _EACH, wanted.values)


def first(wanted: Wanted, *, limit: int) -> list[_Row]:
    """The earliest free times among all the devices."""
    return _rows(_FREE + _FIRST, wanted.values | {"limit": limit})


def together(wanted: Wanted, *, limit: int) -> list[_Row]:
    """The earliest times in which all the devices are free at once."""
    return _rows(_FREE + _TOGETHER, wanted.values | {"limit": limit})


def _rows(sql: str, values: Mapping[str, Any]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
