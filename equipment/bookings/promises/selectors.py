"""The chain of bookings that were exchanged for one another."""

from typing import Any

from django.db import connection

from ..choices import Act, Status
from ..models import Booking
from ..rules import period
from .rules import SPARED, Held, Promise, held

# Back from one booking to what it was exchanged for, as far as giving that up cost nothing.
_CHAIN = """
WITH RECURSIVE chain AS (
    SELECT b.id, b.replaces_id, b.starts_at, b.ends_at, b.created_at,
        ''::text AS given_up, b.status = %(confirmed)s AS is_binding, 0 AS step
    FROM bookings_booking b WHERE b.id = %(booking)s
    UNION ALL
    SELECT b.id, b.replaces_id, b.starts_at, b.ends_at, b.created_at,
        e.data->>'given_up', e.source = %(confirmed)s, chain.step + 1
    FROM chain
    JOIN bookings_booking b ON b.id = chain.replaces_id
    JOIN bookings_bookingevent e ON e.booking_id = b.id AND e.act = %(cancel)s
    WHERE e.data->>'given_up' = ANY(%(spared)s)
)
SELECT starts_at, ends_at, created_at, given_up, is_binding, EXISTS (
    SELECT 1 FROM bookings_bookingevent m WHERE m.booking_id = chain.id AND m.act = %(move)s
) FROM chain ORDER BY step DESC
"""


def held_by(row: Booking) -> Held:
    """What a booking answers for; one query, none where it was never exchanged."""
    own = Promise(
        period(row.starts_at, row.ends_at),
        row.created_at,
        is_binding=row.status == Status.CONFIRMED,
    )
    if row.replaces_id is None:
        return held([own])
    values: dict[str, Any] = {
        "booking": row.pk,
        "confirmed": Status.CONFIRMED.value,
        "cancel": Act.CANCEL.value,
        "move": Act.MOVE.value,
        "spared": [one.value for one in SPARED],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, values)
        rows = cursor.fetchall()
    return held([Promise(period(since, until), *told) for since, until, *told in rows])
