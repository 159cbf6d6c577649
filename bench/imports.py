"""How long a large import takes, beside the same rows sent bare to PostgreSQL in the same run.

    ./dev bench --only imports [-- --file icd10.csv --table diseases --rows 47000]

Takes a CSV file of codes and names, or makes one. Each part runs in a transaction that is rolled
back, so the database is left as it was.
"""

import argparse
import csv
import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.config.settings.local")
django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from alliance.catalogue.models import Coded, Disease, Technique  # noqa: E402
from alliance.core.choices import ImportState, Role  # noqa: E402
from alliance.core.exchange import actions, spec, work  # noqa: E402
from alliance.core.models import ImportJob  # noqa: E402
from alliance.core.pinyin import initials  # noqa: E402
from alliance.people.models import RoleGrant, User  # noqa: E402

MODELS: dict[str, type[Coded]] = {"diseases": Disease, "techniques": Technique}
NOT_BARE = {"id", "created_at", "updated_at"}
STATEMENT_ROWS = 1000

Rows = Sequence[tuple[Any, ...]]


def main() -> None:
    """Measure and print."""
    options = _options()
    model = MODELS[options.table]
    content = Path(options.file).read_bytes() if options.file else _made(options)
    with tempfile.TemporaryDirectory() as media, override_settings(MEDIA_ROOT=media):
        with _undone(model):
            measured = _import(options.table, content)
            columns, rows = _written(model)
        with _undone(model):
            measured["bare COPY"] = _timed(lambda: _copy(model, columns, rows))
        with _undone(model):
            measured["bare INSERT"] = _timed(lambda: _insert(model, columns, rows))
    names = [row[columns.index("name")] for row in rows]
    measured["pinyin keys alone"] = _timed(lambda: [initials(name) for name in names])
    _print(len(rows), measured)


def _options() -> argparse.Namespace:
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=style)
    parser.add_argument("--file", help="CSV file with a code and a name column")
    parser.add_argument("--table", choices=sorted(MODELS), default="diseases")
    parser.add_argument("--rows", type=int, default=47_000, help="rows to make without a file")
    return parser.parse_args()


def _made(options: argparse.Namespace) -> bytes:
    """A code table of that many invented rows, each name another."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["icd_code", "icd_name"])
    for number in range(options.rows):
        high, low = divmod(number, 1000)
        code = (
            f"Y{high:02d}.900x{low:03d}"
            if options.table == "diseases"
            else f"{high:02d}.9900x{low:03d}"
        )
        writer.writerow([code, f"慢性支气管炎伴急性加重，第{number}型"])
    return out.getvalue().encode()


@contextmanager
def _undone(model: type[Coded]) -> Iterator[None]:
    """An empty table inside, the table as it was afterwards.

    Foreign keys are checked at commit, which never comes, so rows in use may go meanwhile.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
        yield
        transaction.set_rollback(True)


def _import(name: str, content: bytes) -> dict[str, float]:
    """Upload, dry run, import and the same import once more: seconds of each."""
    by = User.objects.create(username=f"bench-{time.time_ns()}", name="bench")
    RoleGrant.objects.create(user=by, role=Role.SYSTEM_ADMIN, valid_from=timezone.localdate())
    table = spec.find(name)
    if table is None:
        raise SystemExit(f"there is no table {name}")
    file = ContentFile(content, name="bench.csv")
    job = actions.upload(by=by, table=table, file=file)
    measured = {"dry run": _timed(lambda: work.check(job_id=job.pk))}
    _expect(job, ImportState.CHECKED)
    actions.confirm(job=job, by=by)
    measured["import"] = _timed(lambda: work.run(job_id=job.pk))
    _expect(job, ImportState.DONE)
    again = actions.upload(by=by, table=table, file=file)
    measured["dry run over the same rows"] = _timed(lambda: work.check(job_id=again.pk))
    return measured


def _expect(job: ImportJob, state: str) -> None:
    job.refresh_from_db()
    if job.state != state:
        raise SystemExit(f"{job.state}: {job.errors[:5]}")


def _written(model: type[Coded]) -> tuple[list[str], Rows]:
    """What the import stored, for sending it again."""
    columns = [field.attname for field in model._meta.concrete_fields if field.name not in NOT_BARE]
    return columns, list(model._default_manager.order_by("pk").values_list(*columns))


def _timed(part: Callable[[], object]) -> float:
    started = time.perf_counter()
    part()
    return time.perf_counter() - started


def _into(model: type[Coded], columns: list[str]) -> str:
    names = ", ".join(f'"{name}"' for name in [*columns, "updated_at"])
    return f"{model._meta.db_table} ({names})"


def _copy(model: type[Coded], columns: list[str], rows: Rows) -> None:
    now = timezone.now().isoformat()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([*("\\N" if value is None else value for value in row), now] for row in rows)
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {_into(model, columns)} FROM STDIN CSV NULL '\\N'", buffer)


def _insert(model: type[Coded], columns: list[str], rows: Rows) -> None:
    now = timezone.now()
    one = f"({', '.join(['%s'] * (len(columns) + 1))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), STATEMENT_ROWS):
            part = rows[start : start + STATEMENT_ROWS]
            values = [value for row in part for value in (*row, now)]
            sql = f"INSERT INTO {_into(model, columns)} VALUES {', '.join([one] * len(part))}"  # noqa: S608
            cursor.execute(sql, values)


def _print(rows: int, measured: dict[str, float]) -> None:
    bare = measured["bare COPY"]
    print(f"{rows} rows")
    for name, seconds in measured.items():
        print(
            f"{name:28} {seconds:7.2f} s {seconds / bare:6.1f} x COPY {rows / seconds:9.0f} rows/s"
        )


if __name__ == "__main__":
    main()
