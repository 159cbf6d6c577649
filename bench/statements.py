"""An act's own statements on a bare connection: read again, or written without the act around them."""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

LARGE = ("referrals_referral", "referrals_referralevent", "core_auditentry", "core_outboxmessage")
_WRITE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?')


def reading(captured: Iterable[Mapping[str, Any]]) -> list[str]:
    """The statements that read."""
    sent = [query["sql"].lstrip() for query in captured]
    return [sql for sql in sent if sql.startswith(("SELECT", "(SELECT"))]


def replayed(selects: list[str]) -> float:
    """Milliseconds that these statements take bare, their rows fetched."""
    started = time.perf_counter()
    with connection.connection.cursor() as cursor:
        for statement in selects:
            cursor.execute(statement)
            cursor.fetchall()
    return (time.perf_counter() - started) * 1000


def sequential_scans(selects: list[str], large: tuple[str, ...] = LARGE) -> list[str]:
    """Large tables that any of the plans reads from end to end."""
    found = set()
    with connection.connection.cursor() as cursor:
        for statement in selects:
            cursor.execute("EXPLAIN " + statement)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            found |= {table for table in large if re.search(rf"Seq Scan on {table}\b", plan)}
    return sorted(found)


def scanned(act: Callable[[], Any], large: tuple[str, ...]) -> list[str]:
    """Large tables that the act itself read from end to end, inside functions of the database too."""
    before = _scans(large)
    act()
    return sorted(name for name, count in _scans(large).items() if count != before[name])


def _scans(tables: tuple[str, ...]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(%s)",
            [list(tables)],
        )
        return dict(cursor.fetchall())


def writes_of(act: Callable[[], Any]) -> list[str]:
    """The statements with which an act writes; the act itself is taken back.

    Sequences are set back too, so that sent again the statements make rows with the same ids.
    """
    before = _sequences()
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        act()
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for name, last in before.items():
            cursor.execute("SELECT setval(%s, %s)", [name, last])
    return [query["sql"] for query in captured if _WRITE.match(query["sql"])]


def _sequences() -> dict[str, int]:
    """What each sequence of primary keys gave out last; that of referral numbers goes on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
            " WHERE schemaname = current_schema() AND last_value IS NOT NULL"
            " AND sequencename LIKE '%\\_id\\_seq'"
        )
        return dict(cursor.fetchall())


def rewritten(writes: list[str]) -> tuple[float, float]:
    """Milliseconds that the writes take bare, in one transaction: all, and those of LARGE alone."""
    taken: dict[str, float] = {"": 0.0}
    with connection.connection.cursor() as cursor:
        for statement in ("BEGIN", *writes, "COMMIT"):
            started = time.perf_counter()
            cursor.execute(statement)
            match = _WRITE.match(statement)
            table = match[1] if match else ""
            taken[table] = taken.get(table, 0.0) + (time.perf_counter() - started) * 1000
    return sum(taken.values()), sum(taken.get(table, 0.0) for table in ("", *LARGE))
