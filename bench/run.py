"""How pages and API answer at 10 k, 100 k and 1 M referrals, beside the same SQL sent bare.

    ./dev bench [--sizes 10000 100000 1000000] [--rounds 60]

Every number is a ratio against the statements of the very request, replayed on a bare connection
in the same run, so that the machine does not matter. Nothing here is a test: `docs/bench.md` keeps
a run and says what it means.
"""

import argparse
import os
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from bench import samples  # noqa: E402
from referrals.demo import bulk  # noqa: E402
from referrals.models import Referral  # noqa: E402

LARGE = ("referrals_referral", "referrals_referralevent", "core_auditentry", "core_outboxmessage")


@dataclass
class Measure:
    """One act: its times in ms, its statements, and the times of those statements sent bare."""

    name: str
    times: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    sql: int = 0
    scans: list[str] = field(default_factory=list)

    def row(self) -> str:
        """The line of the table."""
        p50, p95 = _quantiles(self.times)
        bare50, _bare95 = _quantiles(self.bare)
        ratio = p50 / bare50 if bare50 else float("nan")
        scans = ", ".join(self.scans) or "none"
        return (
            f"| {self.name} | {p50:.1f} | {p95:.1f} | {self.sql} | {bare50:.2f} |"
            f" {ratio:.1f} | {scans} |"
        )


def _quantiles(times: list[float]) -> tuple[float, float]:
    ordered = sorted(times)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def main() -> None:
    """Load, grow, measure at each size, print one table a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    for size in sorted(options.sizes):
        started = time.perf_counter()
        count = bulk.scale(size)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        print(f"\n## {count:,} referrals (grown in {time.perf_counter() - started:.0f} s)\n")
        print(
            "| act | p50 ms | p95 ms | SQL | bare p50 ms | ratio | sequential scans of large tables |"
        )
        print("|---|---|---|---|---|---|---|")
        for measure in _measures(options.rounds):
            print(measure.row(), flush=True)


def _measures(rounds: int) -> Iterator[Measure]:
    county = Institution.objects.get(name="云溪县人民医院")
    township = Institution.objects.get(name="青山镇中心卫生院")
    desk = _staff(Role.LIAISON, county)
    doctor = _staff(Role.DOCTOR, township)
    api, page = _api(desk), _browser(desk)
    newest = Referral.objects.filter(receiver=county).order_by("-created_at")[0]
    rejected = "/api/v1/referrals/?status=rejected&page_size=50"
    reads: list[tuple[str, Callable[[], Any]]] = [
        ("API worklist, 50 rows", lambda: api().get("/api/v1/referrals/?page_size=50")),
        ("API worklist of one state", lambda: api().get(rejected)),
        ("worklist page", lambda: page().get("/referrals/")),
        ("desk inbox page", lambda: page().get("/referrals/inbox/")),
        ("home page of the desk", lambda: page().get("/")),
        ("API detail", lambda: api().get(f"/api/v1/referrals/{newest.public_id}/")),
        ("detail page", lambda: page().get(newest.get_absolute_url())),
    ]
    for name, act in reads:
        yield _read(name, act, rounds)
    yield _file(doctor, township, county, rounds)
    yield _accept(desk, doctor, township, county, rounds)


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


def _read(name: str, act: Callable[[], Any], rounds: int) -> Measure:
    measure = Measure(name)
    for _warm in range(3):
        assert act().status_code == 200, name  # noqa: S101 - a failed request measures nothing
    for _round in range(rounds):
        started = time.perf_counter()
        act()
        measure.times.append((time.perf_counter() - started) * 1000)
    with CaptureQueriesContext(connection) as captured:
        act()
    statements = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    measure.sql = len(captured)
    measure.bare = samples.replay(statements, rounds)
    measure.scans = samples.sequential_scans(statements, LARGE)
    return measure


@contextmanager
def _writing(measure: Measure) -> Iterator[None]:
    started = time.perf_counter()
    yield
    measure.times.append((time.perf_counter() - started) * 1000)


def _file(doctor: User, township: Institution, county: Institution, rounds: int) -> Measure:
    measure = Measure("create and submit (API)")
    for place in range(rounds + 3):
        body = samples.filing(doctor, township, county)
        client = _api(doctor)()
        headers = {"idempotency-key": str(uuid.uuid4())}
        with CaptureQueriesContext(connection) as captured, _writing(measure):
            answer = client.post("/api/v1/referrals/", body, format="json", headers=headers)
        assert answer.status_code == 201, answer.content  # noqa: S101
        measure.sql = len(captured)
        if place < 3:
            measure.times.clear()
    measure.bare = samples.bare_filings(rounds)
    return measure


def _accept(
    desk: User, doctor: User, township: Institution, county: Institution, rounds: int
) -> Measure:
    measure = Measure("accept (API)")
    for place in range(rounds + 3):
        row = (
            _api(doctor)()
            .post("/api/v1/referrals/", samples.filing(doctor, township, county), format="json")
            .json()
        )
        client = _api(desk)()
        with CaptureQueriesContext(connection) as captured, _writing(measure):
            answer = client.post(
                f"/api/v1/referrals/{row['id']}/moves/",
                {"move": "accept"},
                format="json",
                headers={"if-match": '"1"'},
            )
        assert answer.status_code == 200, answer.content  # noqa: S101
        measure.sql = len(captured)
        if place < 3:
            measure.times.clear()
    measure.bare = samples.bare_moves(rounds)
    return measure


if __name__ == "__main__":
    # Rate limits are off: a bench asks more than any client may.
    from alliance.people.throttling import ClientThrottle

    ClientThrottle.allow_request = lambda self, request, view: True  # type: ignore[method-assign]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        ALLOWED_HOSTS=["testserver"], STORAGES=settings.STORAGES | {"staticfiles": plain}
    ):
        main()
