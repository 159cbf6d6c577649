"""The heat map of a year, beside one statement by hand on the same rows.

    ./dev bench --only insights [-- --bookings 200000 --devices 500 --rounds 15]

Everything is made inside one transaction that is rolled back: completed bookings of an alliance's
shared devices over a year. Asked in turns: the heat map as the page shows it, for the alliance and
for one house, and the bare statement that sums the same hours.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import django
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.config.settings.local")
django.setup()

from django.utils import timezone  # noqa: E402

from alliance.institutions.models import Alliance, Institution, Membership  # noqa: E402
from alliance.people.models import Practitioner, User  # noqa: E402
from equipment.bookings.models import Booking  # noqa: E402
from equipment.devices.models import Device, DeviceType  # noqa: E402
from equipment.insights import selectors  # noqa: E402
from equipment.insights.scope import Place, Scope  # noqa: E402

_BARE = """
SELECT extract(isodow FROM hour)::int - 1, extract(hour FROM hour)::int,
       sum(extract(epoch FROM least(ended, hour + interval '1 hour') - greatest(began, hour)))
           / 3600
FROM (
    SELECT used_from AT TIME ZONE 'Asia/Shanghai' AS began,
           used_until AT TIME ZONE 'Asia/Shanghai' AS ended
    FROM bookings_bookeddevice line JOIN bookings_booking booking ON booking.id = line.booking_id
    JOIN devices_device device ON device.id = line.device_id
    WHERE booking.alliance_id = %s AND booking.status = 'completed'
      AND booking.starts_at >= %s AND booking.starts_at < %s AND device.is_shared
) used CROSS JOIN LATERAL generate_series(
    date_trunc('hour', began), ended - interval '1 microsecond', interval '1 hour'
) AS hour
GROUP BY 1, 2
"""
# Each device is used four times a day at most, from eight on, for one to two hours.
_BOOKINGS = """
INSERT INTO bookings_booking
    (public_id, created_at, updated_at, alliance_id, institution_id, place_id, operator_id,
     is_supervised, referral_number, starts_at, ends_at, note, status, used_from, used_until,
     consumables, remark, is_late, is_excused, affected_code, mentor_word, created_by_id,
     version)
SELECT gen_random_uuid(), now(), now(), %(alliance)s, %(house)s, %(house)s, %(operator)s, false, '',
       at, at + interval '2 hours', '', 'completed', at,
       at + interval '1 hour' + (serial %% 60) * interval '1 minute', '', '', false, false, '',
       '', %(by)s, 1
FROM (
    SELECT serial, %(first)s::timestamptz + interval '8 hours'
               + (serial / %(devices)s / 4 %% 365) * interval '1 day'
               + (serial / %(devices)s %% 4) * interval '3 hours' AS at
    FROM generate_series(0, %(bookings)s - 1) AS serial
) AS made
"""
_LINES = """
INSERT INTO bookings_bookeddevice
    (booking_id, device_id, block_from, block_until, is_live, needs_approval, condition,
     condition_note)
SELECT booking.id, (%(ids)s::bigint[])[1 + (row_number() OVER (ORDER BY booking.id) - 1)
           %% %(devices)s], starts_at, ends_at, true, false, '', ''
FROM bookings_booking AS booking WHERE alliance_id = %(alliance)s AND created_by_id = %(by)s
"""


def main() -> None:
    """Grow, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=200_000)
    parser.add_argument("--devices", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if options.bookings > options.devices * 4 * 365:
        parser.error("a device is used four times a day at most")
    with transaction.atomic():
        alliance, house = grow(options.devices, options.bookings)
        at = timezone.now()
        whole = Scope(Place("", "", alliance.pk, None), 365, at)
        own = Scope(Place("", "", alliance.pk, house.pk), 365, at)
        acts = {
            "bare statement": lambda: _bare(whole),
            "heat map of the alliance": lambda: selectors.heat_map(whole),
            "heat map of one house": lambda: selectors.heat_map(own),
            "use of every device": lambda: selectors.uses(whole),
        }
        _print(acts, options.rounds)
        transaction.set_rollback(True)


def grow(devices: int, bookings: int) -> tuple[Alliance, Institution]:
    """Two houses of the demo's alliance share the devices; one of them has a tenth."""
    alliance = Alliance.objects.order_by("pk")[0]
    joined = Membership.objects.in_force(timezone.localdate()).filter(alliance=alliance)
    first, second = Institution.objects.filter(pk__in=joined.values("institution"))[:2]
    by = User.objects.create(username=f"bench-{time.time_ns()}", name="bench")
    kind = DeviceType.objects.create(code=f"B{time.time_ns()}", name="bench")
    made = Device.objects.bulk_create(
        Device(
            type=kind,
            owner=second if number % 10 else first,
            name="bench",
            asset_number=f"BENCH{number}",
            in_use_from=date(2020, 1, 1),
            life_ends_on=date(2090, 1, 1),
            is_shared=True,
        )
        for number in range(devices)
    )
    values = {
        "alliance": alliance.pk,
        "house": first.pk,
        "operator": Practitioner.objects.order_by("pk")[0].pk,
        "by": by.pk,
        "first": Scope(Place("", "", None, None), 365, timezone.now()).since,
        "devices": devices,
        "bookings": bookings,
        "ids": [one.pk for one in made],
    }
    with connection.cursor() as cursor:
        cursor.execute(_BOOKINGS, values)
        cursor.execute(_LINES, values)
        cursor.execute(
            "ANALYZE bookings_booking, bookings_bookeddevice, devices_device, devices_sharedtime"
        )
    return alliance, first


def _bare(scope: Scope) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(_BARE, [scope.place.alliance_id, scope.since, scope.at])
        return cursor.fetchall()


def _print(acts: dict[str, Callable[[], Any]], rounds: int) -> None:
    """In turns, so that all meet the same noise."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(rounds + 1):
        for name, act in acts.items():
            started = time.perf_counter()
            act()
            times[name].append((time.perf_counter() - started) * 1000)
    print(f"{Booking.objects.count():,} bookings")
    bare = statistics.median(times["bare statement"][1:])
    for name, taken in times.items():
        p50 = statistics.median(taken[1:])
        print(
            f"{name:26} p50 {p50:8.1f} ms  least {min(taken[1:]):8.1f} ms  ratio {p50 / bare:.2f}"
        )


if __name__ == "__main__":
    main()
