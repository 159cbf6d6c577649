"""When devices are free, and who gets them: 5,000 devices, 1 M bookings, many clerks at once.

    ./dev bench --only bookings [-- --devices 5000 --each 200 --rounds 30 --clerks 8 --attempts 4000]

Grows devices and bookings by SQL. Asks for the free times of all of them, of one, and for the next
one free, in turns with the same statements sent bare. Then several processes book hours of the same
few devices, through every rule, and again by bare INSERTs under the same constraints.
"""

import argparse
import logging
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.config.settings.demo")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from alliance.core.choices import Role  # noqa: E402
from alliance.core.models import PolicySetting  # noqa: E402
from alliance.institutions.models import Alliance  # noqa: E402
from alliance.people.models import Practitioner, User  # noqa: E402
from bench import statements  # noqa: E402
from bench.measure import Measure, size_table  # noqa: E402
from equipment.bookings import actions, selectors  # noqa: E402
from equipment.bookings.errors import BookingRefused  # noqa: E402
from equipment.bookings.models import BookedDevice, BookedPerson, Booking  # noqa: E402
from equipment.devices.models import Device  # noqa: E402
from referrals.demo.stripped import stripped  # noqa: E402

HOUR = timedelta(hours=1)
LARGE = ("bookings_booking", "bookings_bookeddevice", "bookings_bookedperson", "devices_device")
_RULES = {
    BookedDevice: "bookings_bookeddevice_no_overlap",
    BookedPerson: "bookings_bookedperson_no_overlap",
}
# Few enough that clerks meet, many enough that each finds something for a while.
WANTED, DAYS = 20, 30
# What came of each attempt, and how many milliseconds it took.
_Told = list[tuple[str, float]]

_TYPE = """
INSERT INTO devices_devicetype (public_id, updated_at, code, name, pinyin, kind, category_code,
    is_high_end, life_years, setup_minutes, cleaning_minutes, is_active, source, version, family)
VALUES (gen_random_uuid(), now(), 'BENCH', '腹腔镜', 'fqj', 'device', '', false, 8, 15, 30, true, '', 1, '')
ON CONFLICT DO NOTHING
"""
_DEVICES = """
INSERT INTO devices_device (public_id, updated_at, type_id, owner_id, name, maker, udi, serial_number,
    asset_number, location, in_use_from, life_ends_on, condition, condition_note, is_shared,
    needs_approval, note, retirement, retirement_note, version)
SELECT gen_random_uuid(), now(), t.id, h.ids[1 + n %% array_length(h.ids, 1)], '腹腔镜' || n, '', '', '',
    'BENCH' || n, '', '2020-01-01', '2090-01-01', 'good', '', true, false, '', '', '', 1
FROM generate_series(1, %(devices)s) n, devices_devicetype t,
    (SELECT array_agg(institution_id) ids FROM institutions_membership
     WHERE alliance_id = %(alliance)s AND institution_id <> %(house)s) h
WHERE t.code = 'BENCH'
"""
_PEOPLE = """
INSERT INTO people_practitioner (public_id, updated_at, name, pinyin, sex, licence_number, title_code,
    practice_started_on, institution_id, phone, is_active, version)
SELECT gen_random_uuid(), now(), '测试' || n, 'cs', 'unknown', 'K' || lpad(n::text, 14, '0'), '233',
    '2010-01-01', %(house)s, '', true, 1
FROM generate_series(1, %(devices)s) n
"""
# Two uses a day of each device and operator, most of them past, a month of them to come.
_BOOKINGS = """
INSERT INTO bookings_booking (public_id, updated_at, alliance_id, institution_id, place_id, operator_id,
    is_supervised, referral_number, starts_at, ends_at, note, status, consumables, remark, is_late,
    is_excused, affected_code, mentor_word, created_by_id, version)
SELECT gen_random_uuid(), now(), %(alliance)s, %(house)s, %(house)s, p.id, false, 'B' || p.place, b.at,
    b.at + interval '2 hours', '', 'confirmed', '', '', false, false, '', '', %(user)s, 1
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM people_practitioner
      WHERE licence_number LIKE 'K%%') p,
    generate_series(0, %(each)s - 1) k,
    LATERAL (SELECT %(start)s::timestamptz + k / 2 * interval '1 day' + k %% 2 * interval '6 hours'
        + p.place %% 3 * interval '1 hour' AS at) b
"""
_LINES = """
INSERT INTO bookings_bookeddevice (booking_id, device_id, block_from, block_until, is_live,
    needs_approval, condition, condition_note)
SELECT b.id, d.id, b.starts_at - interval '15 minutes', b.ends_at + interval '30 minutes', true, false,
    '', ''
FROM bookings_booking b JOIN (SELECT id, 'B' || row_number() OVER (ORDER BY id) AS place
    FROM devices_device WHERE asset_number LIKE 'BENCH%%') d ON d.place = b.referral_number
"""
_BOUND = """
INSERT INTO bookings_bookedperson (booking_id, practitioner_id, role, starts_at, ends_at, is_live)
SELECT id, operator_id, 'operator', starts_at, ends_at, true FROM bookings_booking
WHERE referral_number LIKE 'B%%'
"""


def main() -> None:
    """Grow, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=5000)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--clerks", type=int, default=8)
    parser.add_argument("--attempts", type=int, default=4000)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    if not Device.objects.filter(asset_number__startswith="BENCH").exists():
        _grow(options.devices, options.each)
    count = Booking.objects.count()
    print(f"\n## {options.devices:,} devices, {count:,} bookings\n", flush=True)
    print(size_table(list(_measures(options.rounds))), flush=True)
    print(f"\n## {options.clerks} clerks, {options.attempts:,} attempts\n", flush=True)
    told = (
        "how",
        "booked",
        "lost",
        "seconds",
        "attempts a second",
        "a booking p50 ms",
        "a loss p50 ms",
    )
    print(f"| {' | '.join(told)} |\n{'| --- ' * len(told)}|", flush=True)
    for name, clerk, day in (("bare INSERTs", bare, 40), ("every rule", _through_rules, 71)):
        print(_race(name, clerk, options.clerks, options.attempts, day), flush=True)


def _clerk() -> User:
    """Somebody who books for a house of an alliance."""
    doctors = User.objects.filter(grants__role=Role.DOCTOR, practitioner__isnull=False)
    found: User = doctors.select_related("practitioner__institution").order_by("pk")[0]
    return found


def _start() -> datetime:
    now = timezone.localtime()
    return now.replace(hour=8, minute=0, second=0, microsecond=0)


def _grow(devices: int, each: int) -> None:
    """Rows by SQL; indexes and the constraints against overlaps are built once, at the end."""
    for key in ("village", "township", "county", "tertiary"):
        asked = {"key": f"bookings.quota_{key}", "value": 0, "source": "bench"}
        PolicySetting.objects.create(**asked, effective_from=timezone.localdate())
    rules = {
        model: next(one for one in model._meta.constraints if one.name == name)
        for model, name in _RULES.items()
    }
    for model, rule in rules.items():
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, rule)
    tables = [model._meta.db_table for model in (Booking, BookedDevice, BookedPerson)]
    with transaction.atomic(), connection.cursor() as cursor, stripped(cursor, tables):
        for table in tables[1:]:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER take_status")
        fill(cursor, devices, each)
        for table in tables[1:]:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER take_status")
    for model, rule in rules.items():
        with connection.schema_editor() as editor:
            editor.add_constraint(model, rule)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill(cursor: Any, devices: int, each: int) -> None:
    """That many devices and operators, and that many bookings of each."""
    clerk, alliance = _clerk(), Alliance.objects.order_by("pk")[0]
    values = {
        "devices": devices, "each": each, "alliance": alliance.pk, "user": clerk.pk,
        "house": clerk.practitioner.institution_id,  # type: ignore[union-attr]
        "start": _start() - timedelta(days=each // 2 - DAYS),
    }  # fmt: skip
    for statement in (_TYPE, _DEVICES, _PEOPLE, _BOOKINGS, _LINES, _BOUND):
        cursor.execute(statement, values)


def _measures(rounds: int) -> Iterator[Measure]:
    rows = Device.objects.filter(asset_number__startswith="BENCH").order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    since, alliance = timezone.now(), Alliance.objects.order_by("pk")[0].pk
    until = since + timedelta(days=7)

    def ask(picked: list[int]) -> Any:
        return selectors.free_slots(
            picked, since=since, until=until, minutes=60, alliance_id=alliance
        )

    for many in (len(ids), 50, 1):
        name = f"free times of {many:,} devices, a week"
        yield _measure(name, partial(ask, ids[:many]), rounds)
    yield _measure(
        "the next time any of 50 is free",
        lambda: selectors.next_free(ids[:50], after=since, minutes=60, alliance_id=alliance),
        rounds,
    )
    yield from _lists(Device.objects.get(pk=ids[0]).owner_id, rounds)


def _lists(house: int, rounds: int) -> Iterator[Measure]:
    """The first page of what the manager of a house that lends devices sees of all the bookings."""
    manager = User.objects.filter(grants__role=Role.MANAGER, grants__institution=house)[0]
    seen = Booking.objects.visible_to(manager).for_list()
    device = Device.objects.filter(owner=house).order_by("pk")[0].public_id
    for name, rows in (
        ("the newest bookings that a house sees", seen),
        ("those of one of its devices", seen.with_device(device)),
        ("those that wait for its keeper", seen.waiting_for(manager)),
        ("those that its keeper may excuse", seen.of_devices_kept_by(manager).counting()),
    ):
        page = rows.order_by("-starts_at", "-pk")[:26]
        yield _measure(name, partial(_read, page), rounds)


def _read(rows: Any) -> list[Any]:
    return list(rows.all())


def _measure(name: str, act: Callable[[], Any], rounds: int) -> Measure:
    measure = Measure(name)
    act()
    with CaptureQueriesContext(connection) as captured:
        act()
    sent = [query["sql"] for query in captured]
    measure.sql = len(sent)
    measure.scans = statements.scanned(act, LARGE)
    for _round in range(rounds):
        measure.time(act)
        measure.bare.append(statements.replayed(sent))
    return measure


def _race(name: str, clerk: Callable[..., _Told], clerks: int, attempts: int, day: int) -> str:
    """A row of the table: every clerk in a process of its own, all after the same hours."""
    devices = Device.objects.filter(asset_number__startswith="BENCH").order_by("pk")[:WANTED]
    people = Practitioner.objects.filter(licence_number__startswith="K").order_by("pk")[:clerks]
    hours = [
        _start() + timedelta(days=day + number // 4, hours=number % 4 * 3) for number in range(40)
    ]
    user = _clerk().pk
    work = [
        (user, person, list(devices.values_list("pk", flat=True)), hours, attempts // clerks)
        for person in people.values_list("pk", flat=True)
    ]
    connection.close()
    began = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(clerks) as pool:
        told = [one for some in pool.starmap(clerk, work, chunksize=1) for one in some]
    took = time.perf_counter() - began
    times = {word: [ms for came, ms in told if came == word] for word in ("booked", "lost")}
    counts = " | ".join(str(len(one)) for one in times.values())
    middle = " | ".join(f"{median(one):.0f}" if one else "" for one in times.values())
    return f"| {name} | {counts} | {took:.1f} | {len(told) / took:.0f} | {middle} |"


def _through_rules(
    user: int, person: int, devices: list[int], hours: list[datetime], attempts: int
) -> _Told:
    by = User.objects.get(pk=user)
    operator = Practitioner.objects.select_related("institution").get(pk=person)
    rows = Device.objects.filter(pk__in=devices).select_related("type", "owner")
    known, chance, told = list(rows), random.Random(person), _Told()  # noqa: S311
    for _ in range(attempts):
        starts_at, began = chance.choice(hours), time.perf_counter()
        try:
            actions.book(
                devices=[chance.choice(known)], institution=operator.institution,
                operator=operator, technique=None, starts_at=starts_at, ends_at=starts_at + HOUR,
                by=by, at=timezone.now(),
            )  # fmt: skip
            came = "booked"
        except BookingRefused:
            came = "lost"
        told.append((came, (time.perf_counter() - began) * 1000))
    return told


def bare(user: int, person: int, devices: list[int], hours: list[datetime], attempts: int) -> _Told:
    """The three rows of a booking, and nothing else; whoever overlaps is undone."""
    house = Practitioner.objects.get(pk=person).institution_id
    alliance = Alliance.objects.order_by("pk")[0].pk
    chance, told = random.Random(person), _Told()  # noqa: S311 - the same hours
    for _ in range(attempts):
        began = time.perf_counter()
        device, starts_at = chance.choice(devices), chance.choice(hours)
        values = [alliance, house, house, person, starts_at, starts_at + HOUR, user]
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_BARE_BOOKING, values)
                (pk,) = cursor.fetchone()
                block = [starts_at - HOUR / 4, starts_at + HOUR * 1.5]
                cursor.execute(_BARE_LINE, [pk, device, *block])
                cursor.execute(_BARE_PERSON, [pk, person, starts_at, starts_at + HOUR])
            came = "booked"
        except IntegrityError:
            came = "lost"
        told.append((came, (time.perf_counter() - began) * 1000))
    return told


_BARE_BOOKING = """
INSERT INTO bookings_booking (public_id, updated_at, alliance_id, institution_id, place_id, operator_id,
    is_supervised, referral_number, starts_at, ends_at, note, status, consumables, remark, is_late,
    is_excused, affected_code, mentor_word, created_by_id, version)
VALUES (gen_random_uuid(), now(), %s, %s, %s, %s, false, '', %s, %s, '', 'confirmed', '', '', false, false,
    '', '', %s, 1) RETURNING id
"""
_BARE_LINE = """
INSERT INTO bookings_bookeddevice (booking_id, device_id, block_from, block_until, is_live,
    needs_approval, condition, condition_note)
VALUES (%s, %s, %s, %s, true, false, '', '')
"""
_BARE_PERSON = """
INSERT INTO bookings_bookedperson (booking_id, practitioner_id, role, starts_at, ends_at, is_live)
VALUES (%s, %s, 'operator', %s, %s, true)
"""

if __name__ == "__main__":
    logging.disable(logging.INFO)
    main()
