"""The devices of the province: shared ones with a season of bookings, outages and a recall."""

from django.db import models

from equipment.bookings.models import BookedDevice, Booking, BookingEvent
from equipment.devices.models import Device
from equipment.service.models import Outage, Recall, RecalledDevice

from .province_rows import BY, insert, run

LARGE: tuple[type[models.Model], ...] = (Booking, BookedDevice)
_HOUR = "interval '1 hour'"


def fill() -> None:
    """Houses own some of the types that techniques need; the larger ones share half of them."""
    run("""
        CREATE TEMPORARY TABLE b_kind AS
        SELECT t.id, row_number() OVER (ORDER BY t.id)::int r, t.family FROM devices_devicetype t
        WHERE is_active AND kind = 'device'
            AND EXISTS (SELECT FROM devices_typetechnique n WHERE n.type_id = t.id)""")
    insert(
        Device,
        "FROM b_house h, b_kind t"
        " WHERE (h.n + t.r) % CASE WHEN h.tier IN ('tertiary', 'county') THEN 3 ELSE 9 END = 0",
        type_id="t.id",
        owner_id="h.id",
        name="'量测设备'",
        asset_number="'B' || t.r",
        in_use_from="date '2020-01-01' + (h.n * 7 + t.r) % 400",
        life_ends_on="'2090-01-01'",
        is_shared="h.tier IN ('tertiary', 'county') AND (h.n + t.r) % 2 = 0",
    )
    # They stand here since their first day, not since the benchmark began.
    run("""
        UPDATE devices_sharedtime s SET noted_at = d.in_use_from::timestamptz
        FROM devices_device d WHERE d.id = s.device_id AND d.name = '量测设备'""")
    run("""
        CREATE TEMPORARY TABLE b_device AS
        SELECT d.id, d.type_id, d.owner_id, d.is_shared, h.alliance_id, h.n, t.family,
            row_number() OVER (ORDER BY d.id)::int m
        FROM devices_device d JOIN b_house h ON h.id = d.owner_id JOIN b_kind t ON t.id = d.type_id
        WHERE d.name = '量测设备'""")
    run("CREATE INDEX ON b_device (alliance_id, type_id); ANALYZE b_device")
    _service()
    _bookings()
    _of_cases()
    _lines()


def _service() -> None:
    """One device in twenty-five is down, one was for a week; one in fifty is recalled."""
    insert(
        Outage,
        "FROM b, b_device d WHERE m % 25 < 2",
        device_id="d.id",
        reason="'fault'",
        starts_at="b.today - 200 + m % 180",
        ends_at="CASE WHEN m % 25 = 1 THEN (b.today - 193 + m % 180)::timestamptz END",
    )
    insert(
        Recall,
        "FROM b, b_group",
        alliance_id="b_group.id",
        title="'量测召回'",
        level="'2'",
        reference="'量测'",
        maker="'量测'",
        published_on="b.today - 60",
        issued_by_id=BY,
    )
    insert(
        RecalledDevice,
        "FROM b, b_device d JOIN service_recall r ON r.alliance_id = d.alliance_id"
        " WHERE r.title = '量测召回' AND m % 50 < 3",
        recall_id="r.id",
        device_id="d.id",
        created_at="b.today - 50",
        outcome="CASE WHEN m % 50 = 0 THEN 'mended' ELSE '' END",
        handled_at="CASE WHEN m % 50 = 0 THEN (b.today - 9)::timestamptz END",
        handled_by_id=f"CASE WHEN m % 50 = 0 THEN {BY} END",
    )


def _bookings() -> None:
    """In a season every shared device is booked each second day at nine in the evening.

    Nine in ten devices are; one booking in twenty is missed, cancelled or simply not used.
    """
    insert(
        Booking,
        "FROM b, b_device d CROSS JOIN generate_series(1, 90, 2) day"
        " JOIN b_house h ON h.alliance_id = d.alliance_id AND h.k = 1 + (d.m + day) % 16"
        " CROSS JOIN LATERAL (SELECT (d.m + day) % 20 s,"
        "     (b.today - day)::timestamp + interval '13 hours' AS at) x"
        " WHERE d.is_shared AND d.m % 10 <> 7",
        alliance_id="d.alliance_id",
        institution_id="h.id",
        place_id="h.id",
        operator_id="(SELECT min(p.id) FROM b_person p WHERE p.house_id = h.id)",
        starts_at="x.at",
        ends_at=f"x.at + {_HOUR}",
        status="coalesce((ARRAY['no_show', 'confirmed', 'cancelled'])[s + 1], 'completed')",
        used_from="CASE WHEN s > 2 THEN x.at END",
        used_until=f"CASE WHEN s > 2 THEN x.at + {_HOUR} * CASE WHEN (d.m + day) % 41 = 0"
        " THEN 3 ELSE 1 END END",
        note="'B' || d.id",
        created_by_id=BY,
    )
    insert(
        BookingEvent,
        "FROM bookings_booking o WHERE note LIKE 'B%' AND status = 'no_show' AND id % 3 = 0",
        booking_id="o.id",
        act="'excuse'",
        source="'no_show'",
        target="'no_show'",
        at=f"o.ends_at + {_HOUR}",
    )


def _of_cases() -> None:
    """Two in three of the month's cases that need a device had one booked, a minute each."""
    insert(
        Booking,
        "FROM (SELECT c.*, d.id device, row_number() OVER (PARTITION BY d.id, c.performed_on"
        "     ORDER BY c.id) AS place"
        " FROM b, logbook_case c JOIN devices_typetechnique n ON n.technique_id = c.technique_id"
        "     AND n.need = 'required'"
        " CROSS JOIN LATERAL (SELECT min(d.id) id FROM b_device d WHERE d.is_shared"
        "     AND d.alliance_id = c.alliance_id AND d.type_id = n.type_id) d"
        " WHERE c.performed_on > b.today - 40 AND c.id % 3 > 0 AND d.id IS NOT NULL) c"
        " WHERE place < 700",
        alliance_id="c.alliance_id",
        institution_id="c.institution_id",
        place_id="c.institution_id",
        technique_id="c.technique_id",
        operator_id="c.operator_id",
        starts_at="c.performed_on + interval '1 minute' * place",
        ends_at="c.performed_on + interval '1 minute' * (place + 1)",
        used_from="c.performed_on + interval '1 minute' * place",
        used_until="c.performed_on + interval '1 minute' * (place + 1)",
        status="'completed'",
        note="'B' || c.device",
        created_by_id=BY,
    )


def _lines() -> None:
    insert(
        BookedDevice,
        "FROM bookings_booking o WHERE note LIKE 'B%'",
        booking_id="o.id",
        device_id="substr(o.note, 2)::bigint",
        block_from="o.starts_at",
        block_until="o.ends_at",
    )
