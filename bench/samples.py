"""What the bench sends: invented filings, and the same statements on a bare connection."""

import time
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import connection

from alliance.core.identifiers import resident_id_with_check
from alliance.institutions.models import Institution
from alliance.patients import actions as patients
from alliance.people.models import User
from referrals.models import Referral

_serial = count(int(time.time()) % 1_000_000)
_FILING: tuple[tuple[str, dict[str, str]], ...] = (
    ("referrals_referral", {"public_id": "gen_random_uuid()", "number": "'B-' || nextval('referrals_number')"}),
    ("referrals_referralevent", {"version": "(random() * 2000000000)::int"}),
    ("core_auditentry", {}),
    ("core_outboxmessage", {}),
)  # fmt: skip


def filing(doctor: User, township: Institution, county: Institution) -> dict[str, Any]:
    """The body of a complete filing for a new patient."""
    serial = next(_serial)
    born = date(1940, 1, 1) + timedelta(days=serial % 25_000)
    number = resident_id_with_check(f"330199{born:%Y%m%d}{serial % 1000:03d}")
    patient, _new = patients.register(
        by=doctor, institution=township, name="测试病人", sex="unknown", birth_date=born,
        id_type="01", id_number=number,
    )  # fmt: skip
    return {
        "patient": str(patient.public_id),
        "direction": "up",
        "urgency": "urgent",
        "sender": str(township.public_id),
        "receiver": str(county.public_id),
        "diagnoses": ["K35.800x001"],
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "转移性右下腹痛 12 小时",
        "indication": "需手术治疗",
        "consent": {"given": True, "method": "written", "given_by": "patient"},
    }


def replay(statements: list[str], rounds: int) -> list[float]:
    """Times in ms of the statements of one request, sent bare with their rows fetched."""
    times = []
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for _round in range(rounds):
            started = time.perf_counter()
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()
            times.append((time.perf_counter() - started) * 1000)
    return times


def sequential_scans(statements: list[str], tables: tuple[str, ...]) -> list[str]:
    """Large tables that any of the plans reads from end to end."""
    found = set()
    with connection.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute("EXPLAIN " + statement)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            found |= {table for table in tables if f"Seq Scan on {table}" in plan}
    return sorted(found)


def bare_filings(rounds: int) -> list[float]:
    """Times in ms of the bare inserts of a filing: row, event, ledger, outbox, one commit."""
    leg = Referral.objects.filter(closed_at__isnull=False).order_by("-id").values_list("id")[0][0]
    return [_timed_inserts(_FILING, leg) for _round in range(rounds)]


def bare_moves(rounds: int) -> list[float]:
    """Times in ms of a bare move: one update, event, ledger, outbox, one commit."""
    leg = Referral.objects.filter(status="pending").order_by("-id").values_list("id")[0][0]
    return [_timed_inserts(_FILING[1:], leg, update=True) for _round in range(rounds)]


def _timed_inserts(tables: Any, leg: int, *, update: bool = False) -> float:
    statements = [_copy(table, special, leg) for table, special in tables]
    started = time.perf_counter()
    with connection.connection.cursor() as cursor:
        cursor.execute("BEGIN")
        if update:
            cursor.execute(
                "UPDATE referrals_referral SET status = 'accepted', updated_at = now() WHERE id = %s",
                [leg],
            )
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("COMMIT")
    taken = (time.perf_counter() - started) * 1000
    if update:
        with connection.connection.cursor() as cursor:
            cursor.execute("UPDATE referrals_referral SET status = 'pending' WHERE id = %s", [leg])
    return taken


def _copy(table: str, special: dict[str, str], leg: int) -> str:
    """`INSERT … SELECT` of one row like the newest, with what must differ made anew."""
    with connection.cursor() as cursor:
        names = [
            column.name
            for column in connection.introspection.get_table_description(cursor, table)
            if column.name != "id"
        ]
    values = [special.get(name, name) for name in names]
    own = {"referrals_referral": f"id = {leg}", "referrals_referralevent": f"referral_id = {leg}"}
    where = own.get(table, f"id = (SELECT max(id) FROM {table})")  # noqa: S608
    columns, shown = ", ".join(names), ", ".join(values)
    source = f"SELECT {shown} FROM {table} WHERE {where} LIMIT 1"  # noqa: S608
    return f"INSERT INTO {table} ({columns}) {source}"
