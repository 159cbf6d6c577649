"""How pages and API answer at 10 k, 100 k and 1 M referrals, beside the same SQL sent bare.

    ./dev bench --only referrals [-- --sizes 10000 100000 1000000 --rounds 60]

Every act is measured in turns with its own statements, sent on a bare connection: those it reads
with, for a page; those it writes with, for a filing or a move. Both meet the same noise, so their
ratio travels between machines although the milliseconds do not. Nothing here is a test:
`docs/bench.md` keeps a run and says what it means.
"""

import argparse
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.config.settings.demo")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from alliance.core.choices import Role  # noqa: E402
from alliance.institutions.models import Institution  # noqa: E402
from alliance.people.models import User  # noqa: E402
from bench import samples, statements  # noqa: E402
from bench.measure import Measure, growth_table, size_table  # noqa: E402
from referrals.demo import bulk  # noqa: E402
from referrals.models import Referral  # noqa: E402

URL = "/api/v1/referrals/"
WARM = 5


def main() -> None:
    """Load, grow, measure at each size, print one table a size and how the times grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    print(f"The demo itself was loaded in {_seconds(_load):.0f} s.")
    measured: dict[int, list[Measure]] = {}
    for size in sorted(options.sizes):
        taken = _seconds(partial(bulk.scale, size))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        count = Referral.objects.count()
        print(f"\n## {count:,} referrals (grown in {taken:.0f} s)\n", flush=True)
        measured[size] = list(_measures(options.rounds))
        print(size_table(measured[size]), flush=True)
    if len(measured) > 1:
        print(f"\n## How it grows\n\n{growth_table(measured)}")


def _load() -> None:
    call_command("load_demo", verbosity=0)


def _seconds(part: Callable[[], Any]) -> float:
    started = time.perf_counter()
    part()
    return time.perf_counter() - started


def _measures(rounds: int) -> Iterator[Measure]:
    county = Institution.objects.get(name="云溪县人民医院")
    township = Institution.objects.get(name="青山镇中心卫生院")
    desk = _staff(Role.LIAISON, county)
    doctor = _staff(Role.DOCTOR, township)
    api, page = _api(desk), _browser(desk)
    newest = Referral.objects.filter(receiver=county).order_by("-created_at")[0]
    reads: list[tuple[str, Callable[[], Any]]] = [
        ("API worklist, 50 rows", lambda: api().get(f"{URL}?page_size=50")),
        ("API worklist of one state", lambda: api().get(f"{URL}?status=rejected&page_size=50")),
        ("worklist page", lambda: page().get("/referrals/")),
        ("desk inbox page", lambda: page().get("/referrals/inbox/")),
        ("home page of the desk", lambda: page().get("/")),
        ("API detail", lambda: api().get(f"{URL}{newest.public_id}/")),
        ("detail page", lambda: page().get(newest.get_absolute_url())),
    ]
    for name, act in reads:
        yield _read(name, act, rounds)
    yield _write("create and submit (API)", lambda: _filing(doctor, township, county), rounds)
    yield _write("accept (API)", lambda: _acceptance(desk, doctor, township, county), rounds)


def _staff(role: str, house: Institution) -> User:
    return User.objects.filter(grants__role=role, grants__institution=house).order_by("pk")[0]


def _api(user: User) -> Callable[[], APIClient]:
    """A fresh caller each time: nothing about the user is remembered between requests."""

    def caller() -> APIClient:
        client = APIClient()
        client.force_authenticate(User.objects.get(pk=user.pk))
        return client

    return caller


def _browser(user: User) -> Callable[[], Client]:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return lambda: client


def _filing(doctor: User, township: Institution, county: Institution) -> Callable[[], Any]:
    """A request that files a complete referral of a new patient, to be sent once."""
    body = samples.filing(doctor, township, county)
    client, headers = _api(doctor)(), {"idempotency-key": str(uuid.uuid4())}
    return lambda: client.post(URL, body, format="json", headers=headers)


def _acceptance(
    desk: User, doctor: User, township: Institution, county: Institution
) -> Callable[[], Any]:
    """A request that accepts a referral filed a moment ago, to be sent once."""
    row = _filing(doctor, township, county)().json()
    client, headers = _api(desk)(), {"if-match": '"1"'}
    address, move = f"{URL}{row['id']}/moves/", {"move": "accept"}
    return lambda: client.post(address, move, format="json", headers=headers)


def _read(name: str, act: Callable[[], Any], rounds: int) -> Measure:
    measure = Measure(name)
    for _warm in range(WARM):
        _expect(name, act())
    with CaptureQueriesContext(connection) as captured:
        act()
    selects = statements.reading(captured)
    measure.sql, measure.scans = len(captured), statements.sequential_scans(selects)
    for _round in range(rounds):
        measure.time(act)
        measure.bare.append(statements.replayed(selects))
    return measure


def _write(name: str, prepared: Callable[[], Callable[[], Any]], rounds: int) -> Measure:
    """Each round makes two requests alike: one is sent, of the other only the writes, bare."""
    measure = Measure(name, four=[])
    for place in range(WARM + rounds):
        writes = statements.writes_of(prepared())
        bare, four = statements.rewritten(writes)
        measure.bare.append(bare)
        measure.four.append(four)
        _expect(name, measure.time(prepared()))
        if place < WARM:
            measure.forget()
    act = prepared()
    with CaptureQueriesContext(connection) as captured:
        act()
    measure.sql = len(captured)
    measure.scans = statements.sequential_scans(statements.reading(captured))
    return measure


def _expect(name: str, answer: Any) -> None:
    """A request that failed measures nothing."""
    if answer.status_code not in (200, 201):
        raise SystemExit(f"{name}: {answer.status_code} {answer.content[:500]!r}")


if __name__ == "__main__":
    # Rate limits are off, for a bench asks more than any client may; so are the lines about requests.
    from alliance.people.throttling import ClientThrottle

    logging.disable(logging.INFO)
    ClientThrottle.allow_request = lambda self, request, view: True  # type: ignore[method-assign]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        ALLOWED_HOSTS=["testserver"], STORAGES=settings.STORAGES | {"staticfiles": plain}
    ):
        main()
