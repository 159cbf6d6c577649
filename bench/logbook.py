"""How long 50,000 cases take to come in, and the curves of everybody of an alliance in one pass.

    ./dev bench --only logbook [-- --rows 50000 --operators 300]

Everything is made inside one transaction that is rolled back. The import goes through the same
worker's part as a file of a hospital; beside it stand the same rows sent bare with COPY, and beside
the curves the bare statement that reads the same rows in the same order.
"""

import argparse
import csv
import io
import os
import tempfile
import time
from datetime import date, timedelta
from typing import Any

import django
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.config.settings.local")
django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from alliance.catalogue.models import Technique  # noqa: E402
from alliance.core.choices import ImportState, Role  # noqa: E402
from alliance.core.exchange import actions, spec, work  # noqa: E402
from alliance.institutions.models import Institution, Membership  # noqa: E402
from alliance.people.choices import TitleCode  # noqa: E402
from alliance.people.models import Practitioner, RoleGrant, User  # noqa: E402
from bench import imports  # noqa: E402
from training.logbook import curves  # noqa: E402
from training.logbook.models import Case  # noqa: E402

_HEADER = ["external_case_number", "performed_on", "technique", "operator", "role", "outcome",
           "clavien_dindo", "converted"]  # fmt: skip
# The helpers of the code tables' import take any model with columns.
_TABLE: Any = Case
_READ = """
SELECT operator_id, technique_id, id, (clavien_dindo <> '' OR converted) FROM logbook_case
WHERE alliance_id = %s AND status = 'confirmed' AND role <> 'assistant' AND performed_on <= %s
ORDER BY alliance_id, operator_id, technique_id, performed_on, id
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--operators", type=int, default=300)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as media,
        override_settings(MEDIA_ROOT=media),
        transaction.atomic(),
    ):
        Case.objects.all()._raw_delete("default")
        house = Institution.objects.filter(memberships__isnull=False).order_by("tier", "pk")[0]
        measured = _import(house, _file(house, options))
        columns, rows = imports._written(_TABLE)
        measured |= _curves(house)
        Case.objects.all()._raw_delete("default")
        bare = [_plain(row) for row in rows]
        measured["bare COPY"] = imports._timed(lambda: imports._copy(_TABLE, columns, bare))
        transaction.set_rollback(True)
    _print(len(rows), measured)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple("{}" if value == {} else value for value in row)


def _file(house: Institution, options: argparse.Namespace) -> bytes:
    """Independent operations of many surgeons with three techniques over a year."""
    today = timezone.localdate()
    staff = Practitioner.objects.bulk_create(
        Practitioner(
            name=f"量测{number}",
            licence_number=f"BENCH{number:08d}",
            title_code=TitleCode.ATTENDING,
            practice_started_on=date(2000, 1, 1),
            institution=house,
        )
        for number in range(options.operators)
    )
    codes = list(Technique.objects.order_by("code").values_list("code", flat=True)[:3])
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADER)
    for number in range(options.rows):
        failed = number % 13 == 0
        writer.writerow(
            [
                f"BENCH{number:07d}",
                today - timedelta(days=360 - number * 360 // options.rows),
                codes[number % 3],
                staff[number % options.operators].licence_number,
                "independent",
                "complication" if failed else "good",
                "II" if failed else "",
                "yes" if number % 29 == 0 else "no",
            ]
        )
    return out.getvalue().encode()


def _import(house: Institution, content: bytes) -> dict[str, float]:
    by = User.objects.create(username=f"bench-{time.time_ns()}", name="bench")
    RoleGrant.objects.create(
        user=by, role=Role.MANAGER, institution=house, valid_from=timezone.localdate()
    )
    table = spec.find("cases")
    if table is None:
        raise SystemExit("there is no table of cases")
    job = actions.upload(by=by, table=table, file=ContentFile(content, name="bench.csv"))
    measured = {"dry run": imports._timed(lambda: work.check(job_id=job.pk))}
    imports._expect(job, ImportState.CHECKED)
    actions.confirm(job=job, by=by)
    measured["import"] = imports._timed(lambda: work.run(job_id=job.pk))
    imports._expect(job, ImportState.DONE)
    return measured


def _curves(house: Institution) -> dict[str, float]:
    today = timezone.localdate()
    alliance = Membership.objects.in_force(today).filter(institution=house)[0].alliance_id
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE logbook_case")

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [alliance, today])
            cursor.fetchall()

    def drawn() -> None:
        for _one in curves.draw_all(alliance_id=alliance, on=today):
            pass

    drawn()  # limits are computed once per set of numbers
    return {
        "curves of everybody": imports._timed(drawn),
        "bare read of the same rows": imports._timed(bare),
    }


def _print(rows: int, measured: dict[str, float]) -> None:
    print(f"{rows} cases")
    for name, seconds in measured.items():
        print(f"{name:28} {seconds:7.2f} s {rows / seconds:9.0f} rows/s")


if __name__ == "__main__":
    main()
