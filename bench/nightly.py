"""The nightly checks of a province, beside one hand-written statement each, and the night after.

    ./dev bench --only nightly [-- --share 50 --rounds 3]

Grows 300,000 practitioners, 2 M cases and 1 M referrals, or one part in `share` of each, by SQL in an
empty database. Each check is asked for every alliance and its rows put into a table; so are those of
the statement by hand, which answers for all alliances at once. Both must be the same rows. Then the
runner carries out all runs of one night and of the next. The matrix of a hospital and the curves of
an alliance follow.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.config.settings.demo")

import django

django.setup()

from django.core.exceptions import EmptyResultSet  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count, Q  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from alliance.core import compliance  # noqa: E402
from alliance.institutions.models import Alliance, Institution  # noqa: E402
from alliance.people.models import Practitioner  # noqa: E402
from bench import province  # noqa: E402
from bench.measure import table  # noqa: E402
from bench.nightly_sql import BY_HAND  # noqa: E402
from qc import actions  # noqa: E402
from qc.actions.comparing import alike  # noqa: E402
from qc.actions.runs import TOGETHER  # noqa: E402
from qc.models import CheckRun  # noqa: E402
from training.logbook import curves  # noqa: E402
from training.programmes import matrix  # noqa: E402

_FULL = province.Size(people=300_000, cases=2_000_000, referrals=1_000_000)
_TABLES = ("b_check", "b_hand")
_EMPTY = """
    DROP TABLE IF EXISTS {0};
    CREATE TEMPORARY TABLE {0} (alliance_id bigint, subject varchar(60), facet varchar(40),
        house_id bigint, due_on date, evidence jsonb, PRIMARY KEY (alliance_id, subject, facet))
"""
_DIFFERENT = "SELECT count(*) FROM (SELECT * FROM {} EXCEPT SELECT * FROM {}) d"
_SERIES = """
    SELECT operator_id, technique_id, id, (clavien_dindo <> '' OR converted) FROM logbook_case
    WHERE alliance_id = %s AND status = 'confirmed' AND role <> 'assistant' AND performed_on <= %s
    ORDER BY alliance_id, operator_id, technique_id, performed_on, id
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One check: rows, rows only one side finds, and the least seconds of either side."""

    rows: int
    only_check: int
    only_hand: int
    check: float
    hand: float


def main() -> None:
    """Grow, compare, run two nights, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="checks whose code begins so; no nights then")
    options = parser.parse_args()
    today = timezone.localdate()
    call_command("migrate", verbosity=0)
    if not Practitioner.objects.exists():
        call_command("load_demo", verbosity=0)
    size = province.Size(
        *(one // options.share for one in (_FULL.people, _FULL.cases, _FULL.referrals))
    )
    print(f"grown in {_timed(lambda: province.grow(size, today=today)):.0f} s", flush=True)
    first, second = today - timedelta(days=2), today - timedelta(days=1)
    found = dict(compared(first, options.rounds, options.only))
    nights = [_night(day) for day in (first, second)] if not options.only else [_NO_NIGHT] * 2
    print(_told(found, nights))
    if not options.only:
        _boards(today)


def _timed(part: Callable[[], Any]) -> float:
    started = time.perf_counter()
    part()
    return time.perf_counter() - started


# --- the check and the statement by hand ----------------------------------------------------------


def compared(day: date, rounds: int, only: str) -> Iterator[tuple[str, Found]]:
    """Each check and its statement by hand for a day: what each found, and its least time."""
    alliances = list(Alliance.objects.filter(is_active=True).values_list("pk", flat=True))
    for code in compliance.checks():
        if not code.startswith(only):
            continue
        if code not in BY_HAND:
            print(f"{code}: nobody has written it by hand")
            continue
        sides = _sides(code, alliances, day, rounds)
        print(f"{code}: {sides}", file=sys.stderr, flush=True)
        yield code, sides


def _sides(code: str, alliances: list[int], day: date, rounds: int) -> Found:
    least = {"b_check": float("inf"), "b_hand": float("inf")}
    values = {"on": day, "until": compliance.end_of(day)}

    def of_check() -> None:
        """As the runner does: some alliances at once, and of those the ones that agree."""
        for start in range(0, len(alliances), TOGETHER):
            together = alliances[start : start + TOGETHER]
            held = compliance.in_force_of(alliance_ids=together, on=day, codes=[code])
            for group in alike({pk: settings[code] for pk, settings in held.items()}):
                setting = held[group[0]][code]
                asked = compliance.question(setting, alliance_ids=group, on=day)
                _ask(asked, setting.check)

    def by_hand() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO b_hand {BY_HAND[code]}", values)

    for _round in range(rounds):
        for name, part in zip(_TABLES, (of_check, by_hand), strict=True):
            with connection.cursor() as cursor:
                cursor.execute(_EMPTY.format(name))
            least[name] = min(least[name], _timed(part))
    with connection.cursor() as cursor:
        rows, only_check, only_hand = (
            _one(cursor, sql)
            for sql in (
                "SELECT count(*) FROM b_check",
                _DIFFERENT.format("b_check", "b_hand"),
                _DIFFERENT.format("b_hand", "b_check"),
            )
        )
    return Found(rows, only_check, only_hand, least["b_check"], least["b_hand"])


def _one(cursor: Any, sql: str) -> int:
    cursor.execute(sql)
    count: int = cursor.fetchone()[0]
    return count


def _ask(question: compliance.Question, check: compliance.Check) -> None:
    try:
        rows = check.rows(question).values(*compliance.COLUMNS).order_by()
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        told = "SELECT alliance_id, subject, facet, house_id, due_on::date, evidence"
        cursor.execute(f"INSERT INTO b_check {told} FROM ({sql}) rows", values)


# --- the runner -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Night:
    """What the runner did in one night: seconds of each check, and what its runs counted."""

    planned: float
    seconds: dict[str, float]
    counts: dict[str, tuple[int, int, int]]


_NO_NIGHT = Night(0, {}, {})


def _night(day: date) -> Night:
    started = time.perf_counter()
    keys = actions.plan_runs(day=day)
    planned = time.perf_counter() - started
    seconds: dict[str, float] = {}
    by_code: dict[str, list[int]] = {}
    for key, code in CheckRun.objects.filter(pk__in=keys).values_list("pk", "check_code"):
        by_code.setdefault(code, []).append(key)
    for code, mine in by_code.items():
        seconds[code] = _timed(lambda mine=mine: actions.carry_out_all(run_ids=mine))  # type: ignore[misc]
    counts: dict[str, tuple[int, int, int]] = {}
    for run in CheckRun.objects.filter(pk__in=keys):
        if run.state != "done":
            raise SystemExit(f"{run}: {run.state} {run.last_error}")
        had = counts.get(run.check_code, (0, 0, 0))
        counts[run.check_code] = (
            had[0] + run.found, had[1] + run.opened, had[2] + run.cleared,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE qc_finding")
    return Night(planned, seconds, counts)


def _told(found: dict[str, Found], nights: list[Night]) -> str:
    first, second = nights
    heads = [
        "check", "found", "only the check / only by hand", "check s", "by hand s", "ratio",
        "runner, first night s", "opened", "next night s", "opened, cleared",
    ]  # fmt: skip
    rows = []
    for code, one in found.items():
        later = second.counts.get(code, (0, 0, 0))
        rows.append(
            [
                code, f"{one.rows:,}", f"{one.only_check} / {one.only_hand}", f"{one.check:.3f}",
                f"{one.hand:.3f}", f"{one.check / one.hand:.1f}",
                f"{first.seconds.get(code, 0):.2f}", f"{first.counts.get(code, (0, 0, 0))[1]:,}",
                f"{second.seconds.get(code, 0):.2f}", f"{later[1]:,}, {later[2]:,}",
            ]
        )  # fmt: skip
    check, hand = (sum(getattr(one, side) for one in found.values()) for side in ("check", "hand"))
    rows.append(
        [
            "all", f"{sum(one.rows for one in found.values()):,}", "", f"{check:.2f}", f"{hand:.2f}",
            f"{check / hand:.1f}", f"{sum(first.seconds.values()):.1f}",
            f"{sum(one[1] for one in first.counts.values()):,}", f"{sum(second.seconds.values()):.1f}",
            ", ".join(f"{sum(one[k] for one in second.counts.values()):,}" for k in (1, 2)),
        ]
    )  # fmt: skip
    runs = f"Planning took {first.planned:.1f} s and {second.planned:.1f} s."
    return f"{table(heads, rows)}\n\n{runs}"


# --- boards ---------------------------------------------------------------------------------------


def _boards(today: date) -> None:
    houses = Institution.objects.filter(uscc__startswith="B0", tier="tertiary")
    working = Count("practitioners", filter=Q(practitioners__is_active=True))
    house = houses.annotate(people=working).order_by("-people", "pk")[0]
    alliance = house.memberships.all()[0].alliance_id

    def drawn() -> matrix.Matrix:
        return matrix.matrix(institution=house, alliance_id=alliance, on=today)

    drawn()
    with CaptureQueriesContext(connection) as captured:
        found = drawn()
    taken = _timed(drawn)
    print(
        f"matrix: {len(found.doctors)} doctors, {len(found.cells)} cells,"
        f" {len(captured)} queries, {taken * 1000:.0f} ms"
    )

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_SERIES, [alliance, today])
            cursor.fetchall()

    known = list(curves.draw_all(alliance_id=alliance, on=today))
    pass_ = _timed(lambda: list(curves.draw_all(alliance_id=alliance, on=today)))
    cases = sum(len(one.cases.case_ids) for one in known)
    print(
        f"curves: {len(known)} of {cases} cases in {pass_:.2f} s, read bare in {_timed(bare):.2f} s"
    )


if __name__ == "__main__":
    logging.disable(logging.INFO)
    main()
