"""Bring the findings of one check up to date with what is wrong on one day.

The check's query runs once for all alliances with the same numbers, into a temporary table; four
set-based statements do the rest, whether ten things are wrong or a hundred thousand. A finding is
wrong on `[opened_on, cleared_on)`, where both ends are days on which the check ran. So a day that is
looked at late, after later days were, fits in between: it may stretch a finding back to itself, part
one in two, or add one that a later run already found right again. Any order of days gives the same
periods.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.utils import CursorWrapper

from alliance.core.compliance import COLUMNS, InForce, question

from ..choices import RunState
from ..models import CheckRun


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things were wrong on the day, how many newly, how many no longer.

    `is_late` where a later day had been looked at before.
    """

    found: int
    opened: int
    cleared: int
    is_late: bool


_CREATE = """
    DROP TABLE IF EXISTS qc_asked, qc_found, qc_gone;
    CREATE TEMPORARY TABLE qc_asked (
        alliance_id bigint PRIMARY KEY, run_id bigint NOT NULL, severity varchar(10) NOT NULL,
        citation varchar(300) NOT NULL, next_day date, next_run bigint
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE qc_found (
        alliance_id bigint NOT NULL, subject varchar(60) NOT NULL, facet varchar(40) NOT NULL,
        institution_id bigint NOT NULL, due_on date, evidence jsonb NOT NULL,
        PRIMARY KEY (alliance_id, subject, facet)
    ) ON COMMIT DROP
"""
# Each alliance, as it weighs the check, and the next day on which it ran already if this one is late.
_ASK = """
    INSERT INTO qc_asked
    SELECT run.alliance_id, run.id, as_set.severity, as_set.citation, later.day, later.id
    FROM unnest(%(runs)s, %(severities)s, %(citations)s) as_set (id, severity, citation)
    JOIN qc_checkrun run ON run.id = as_set.id
    LEFT JOIN LATERAL (
        SELECT day, id FROM qc_checkrun other
        WHERE other.alliance_id = run.alliance_id AND other.check_code = run.check_code
          AND other.state = %(done)s AND other.day > run.day
        ORDER BY day, id LIMIT 1
    ) later ON true
"""
_FILL = """
    INSERT INTO qc_found (alliance_id, subject, facet, institution_id, due_on, evidence)
    SELECT alliance_id, subject, facet, house_id, due_on::date, evidence FROM ({}) rows
"""
_FOUND = "SELECT alliance_id, count(*) FROM qc_found GROUP BY 1"
_GONE = """
    ANALYZE qc_asked, qc_found;
    CREATE TEMPORARY TABLE qc_gone ON COMMIT DROP AS
    SELECT f.id, f.alliance_id, f.cleared_on, f.cleared_by_id, a.run_id, a.next_day, a.next_run
    FROM qc_asked a
    JOIN qc_finding f ON f.alliance_id = a.alliance_id AND f.check_code = %(code)s
      AND f.opened_on <= %(day)s AND (f.cleared_on IS NULL OR f.cleared_on > %(day)s)
    WHERE NOT EXISTS (
        SELECT FROM qc_found r
        WHERE r.alliance_id = f.alliance_id AND r.subject = f.subject AND r.facet = f.facet)
"""
_CLEARED = "SELECT alliance_id, count(*) FROM qc_gone GROUP BY 1"
_CLEAR = """
    UPDATE qc_finding f
    SET cleared_on = %(day)s, cleared_by_id = g.run_id, version = version + 1, updated_at = now()
    FROM qc_gone g WHERE f.id = g.id
"""
_PART = """
    INSERT INTO qc_finding (
        public_id, updated_at, alliance_id, check_code, subject, facet, institution_id, severity,
        citation, evidence, due_on, opened_on, cleared_on, opened_by_id, cleared_by_id,
        previous_id, owner_id, waived_until, waived_by_id, waiver_reason, version)
    SELECT gen_random_uuid(), now(), f.alliance_id, f.check_code, f.subject, f.facet,
        f.institution_id, f.severity, f.citation, f.evidence, f.due_on, g.next_day,
        g.cleared_on, g.next_run, g.cleared_by_id, f.id, f.owner_id, f.waived_until,
        f.waived_by_id, f.waiver_reason, 1
    FROM qc_finding f JOIN qc_gone g ON g.id = f.id
    WHERE g.next_day IS NOT NULL AND (g.cleared_on IS NULL OR g.cleared_on > g.next_day)
"""
_STRETCH = """
    WITH stretched AS (UPDATE qc_finding f
    SET opened_on = %(day)s, opened_by_id = a.run_id, version = version + 1, updated_at = now()
    FROM qc_found r JOIN qc_asked a ON a.alliance_id = r.alliance_id
    WHERE f.alliance_id = r.alliance_id AND f.check_code = %(code)s
      AND f.subject = r.subject AND f.facet = r.facet AND f.opened_on = a.next_day
      AND (f.cleared_on IS NULL OR f.cleared_on > f.opened_on)
      AND NOT EXISTS (
        SELECT FROM qc_finding o
        WHERE o.alliance_id = r.alliance_id AND o.check_code = %(code)s
          AND o.subject = r.subject AND o.facet = r.facet
          AND o.opened_on <= %(day)s AND o.cleared_on > %(day)s)
    RETURNING f.alliance_id)
    SELECT alliance_id, count(*) FROM stretched GROUP BY 1
"""
_OPEN = """
    WITH opened AS (INSERT INTO qc_finding (
        public_id, updated_at, alliance_id, check_code, subject, facet, institution_id, severity,
        citation, evidence, due_on, opened_on, cleared_on, opened_by_id, cleared_by_id,
        previous_id, owner_id, waiver_reason, version)
    SELECT gen_random_uuid(), now(), a.alliance_id, %(code)s, r.subject, r.facet,
        r.institution_id, a.severity, a.citation, r.evidence, r.due_on, %(day)s,
        a.next_day, a.run_id, a.next_run, before.id, before.owner_id, '', 1
    FROM qc_found r
    JOIN qc_asked a ON a.alliance_id = r.alliance_id
    LEFT JOIN LATERAL (
        SELECT id, owner_id FROM qc_finding f
        WHERE f.alliance_id = r.alliance_id AND f.check_code = %(code)s
          AND f.subject = r.subject AND f.facet = r.facet AND f.opened_on <= %(day)s
        ORDER BY opened_on DESC, id DESC LIMIT 1
    ) before ON true
    WHERE NOT EXISTS (
        SELECT FROM qc_finding f
        WHERE f.alliance_id = r.alliance_id AND f.check_code = %(code)s
          AND f.subject = r.subject AND f.facet = r.facet AND f.opened_on <= %(day)s
          AND (f.cleared_on IS NULL OR f.cleared_on > %(day)s))
    RETURNING alliance_id)
    SELECT alliance_id, count(*) FROM opened GROUP BY 1
"""


def compare(runs: Sequence[CheckRun], settings: Mapping[int, InForce]) -> dict[int, Counts]:
    """Open, stretch, part and clear the findings of locked runs of one check for one day.

    The answer is by alliance, of which each has one run and its own settings.
    """
    first = runs[0]
    values: dict[str, Any] = {
        "code": first.check_code,
        "day": first.day,
        "done": RunState.DONE.value,
        "runs": [run.pk for run in runs],
        "severities": [settings[run.alliance_id].severity for run in runs],
        "citations": [settings[run.alliance_id].citation for run in runs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute(_ASK, values)
        for alliance_ids in alike(settings):
            _look(cursor, settings[alliance_ids[0]], alliance_ids, first.day)
        found = _by_alliance(cursor, _FOUND)
        cursor.execute(_GONE, values)
        cleared = _by_alliance(cursor, _CLEARED)
        cursor.execute(_CLEAR, values)
        late = _late(cursor)
        opened: Counter[int] = Counter()
        if late:
            cursor.execute(_PART, values)
            opened += _by_alliance(cursor, _STRETCH, values)
        opened += _by_alliance(cursor, _OPEN, values)
    return {pk: Counts(found[pk], opened[pk], cleared[pk], pk in late) for pk in settings}


def alike(settings: Mapping[int, InForce]) -> list[list[int]]:
    """Alliances that may be asked about at once; a check that is switched off finds nothing."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for alliance_id, setting in settings.items():
        if setting.is_on:
            groups.setdefault(setting.numbers, []).append(alliance_id)
    return list(groups.values())


def _look(cursor: CursorWrapper, setting: InForce, alliance_ids: list[int], day: date) -> None:
    """What is wrong, into the temporary table."""
    rows = setting.check.rows(question(setting, alliance_ids=alliance_ids, on=day))
    try:
        sql, parameters = rows.values(*COLUMNS).order_by().query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that nothing can be wrong
        return
    cursor.execute(_FILL.format(sql), parameters)


def _late(cursor: CursorWrapper) -> set[int]:
    cursor.execute("SELECT alliance_id FROM qc_asked WHERE next_day IS NOT NULL")
    return {row[0] for row in cursor.fetchall()}


def _by_alliance(cursor: CursorWrapper, sql: str, values: Any = None) -> Counter[int]:
    cursor.execute(sql, values)
    return Counter(dict(cursor.fetchall()))
