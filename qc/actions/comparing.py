"""Bring the findings of one check up to date with what is wrong on one day.

The check's query runs once, into a temporary table; four set-based statements do the rest, whether
ten things are wrong or a hundred thousand. A finding is wrong on `[opened_on, cleared_on)`, where
both ends are days on which the check ran. So a day that is looked at late, after later days were,
fits in between: it may stretch a finding back to itself, part one in two, or add one that a later
run already found right again. Any order of days gives the same periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    DROP TABLE IF EXISTS qc_found;
    DROP TABLE IF EXISTS qc_gone;
    CREATE TEMPORARY TABLE qc_found (
        subject varchar(60) NOT NULL, facet varchar(40) NOT NULL, institution_id bigint NOT NULL,
        due_on date, evidence jsonb NOT NULL, PRIMARY KEY (subject, facet)
    ) ON COMMIT DROP
"""
_FILL = """
    INSERT INTO qc_found (subject, facet, institution_id, due_on, evidence)
    SELECT subject, facet, house_id, due_on::date, evidence FROM ({}) rows
"""
_GONE = """
    CREATE TEMPORARY TABLE qc_gone ON COMMIT DROP AS
    SELECT id, cleared_on, cleared_by_id FROM qc_finding f
    WHERE alliance_id = %(alliance)s AND check_code = %(code)s AND opened_on <= %(day)s
      AND (cleared_on IS NULL OR cleared_on > %(day)s)
      AND NOT EXISTS (SELECT FROM qc_found r WHERE r.subject = f.subject AND r.facet = f.facet)
"""
_CLEAR = """
    UPDATE qc_finding f
    SET cleared_on = %(day)s, cleared_by_id = %(run)s, version = version + 1, updated_at = now()
    FROM qc_gone WHERE f.id = qc_gone.id
"""
_PART = """
    INSERT INTO qc_finding (
        public_id, updated_at, alliance_id, check_code, subject, facet, institution_id, severity,
        citation, evidence, due_on, opened_on, cleared_on, opened_by_id, cleared_by_id,
        previous_id, owner_id, waived_until, waived_by_id, waiver_reason, version)
    SELECT gen_random_uuid(), now(), f.alliance_id, f.check_code, f.subject, f.facet,
        f.institution_id, f.severity, f.citation, f.evidence, f.due_on, %(next_day)s,
        g.cleared_on, %(next_run)s, g.cleared_by_id, f.id, f.owner_id, f.waived_until,
        f.waived_by_id, f.waiver_reason, 1
    FROM qc_finding f JOIN qc_gone g ON g.id = f.id
    WHERE g.cleared_on IS NULL OR g.cleared_on > %(next_day)s
"""
_STRETCH = """
    UPDATE qc_finding f
    SET opened_on = %(day)s, opened_by_id = %(run)s, version = version + 1, updated_at = now()
    FROM qc_found r
    WHERE f.alliance_id = %(alliance)s AND f.check_code = %(code)s
      AND f.subject = r.subject AND f.facet = r.facet AND f.opened_on = %(next_day)s
      AND (f.cleared_on IS NULL OR f.cleared_on > f.opened_on)
      AND NOT EXISTS (
        SELECT FROM qc_finding o
        WHERE o.alliance_id = %(alliance)s AND o.check_code = %(code)s
          AND o.subject = r.subject AND o.facet = r.facet
          AND o.opened_on <= %(day)s AND o.cleared_on > %(day)s)
"""
_OPEN = """
    INSERT INTO qc_finding (
        public_id, updated_at, alliance_id, check_code, subject, facet, institution_id, severity,
        citation, evidence, due_on, opened_on, cleared_on, opened_by_id, cleared_by_id,
        previous_id, owner_id, waiver_reason, version)
    SELECT gen_random_uuid(), now(), %(alliance)s, %(code)s, r.subject, r.facet,
        r.institution_id, %(severity)s, %(citation)s, r.evidence, r.due_on, %(day)s,
        %(next_day)s, %(run)s, %(next_run)s, before.id, before.owner_id, '', 1
    FROM qc_found r
    LEFT JOIN LATERAL (
        SELECT id, owner_id FROM qc_finding f
        WHERE f.alliance_id = %(alliance)s AND f.check_code = %(code)s
          AND f.subject = r.subject AND f.facet = r.facet AND f.opened_on <= %(day)s
        ORDER BY opened_on DESC, id DESC LIMIT 1
    ) before ON true
    WHERE NOT EXISTS (
        SELECT FROM qc_finding f
        WHERE f.alliance_id = %(alliance)s AND f.check_code = %(code)s
          AND f.subject = r.subject AND f.facet = r.facet AND f.opened_on <= %(day)s
          AND (f.cleared_on IS NULL OR f.cleared_on > %(day)s))
"""


def compare(run: CheckRun, setting: InForce) -> Counts:
    """Open, stretch, part and clear the findings of a locked run's check for its day."""
    following = _following(run)
    values: dict[str, int | str | date | None] = {
        "alliance": run.alliance_id,
        "code": run.check_code,
        "day": run.day,
        "run": run.pk,
        "severity": setting.severity,
        "citation": setting.citation,
        "next_day": following.day if following else None,
        "next_run": following.pk if following else None,
    }
    with connection.cursor() as cursor:
        found = _look(cursor, run.alliance_id, run.day, setting)
        cursor.execute(_GONE, values)
        cursor.execute(_CLEAR, values)
        cleared = cursor.rowcount
        stretched = 0
        if following:
            cursor.execute(_PART, values)
            cursor.execute(_STRETCH, values)
            stretched = cursor.rowcount
        cursor.execute(_OPEN, values)
        return Counts(found, cursor.rowcount + stretched, cleared, following is not None)


def _look(cursor: CursorWrapper, alliance_id: int, day: date, setting: InForce) -> int:
    """What is wrong, into the temporary table; a check that is switched off finds nothing."""
    cursor.execute(_CREATE)
    if not setting.is_on:
        return 0
    rows = setting.check.rows(question(setting, alliance_id=alliance_id, on=day))
    try:
        sql, parameters = rows.values(*COLUMNS).order_by().query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that nothing can be wrong
        return 0
    cursor.execute(_FILL.format(sql), parameters)
    return cursor.rowcount


def _following(run: CheckRun) -> CheckRun | None:
    """The next day on which this check has already run, if this one is late."""
    later = CheckRun.objects.filter(
        alliance=run.alliance_id,
        check_code=run.check_code,
        state=RunState.DONE,
        day__gt=run.day,
    )
    return later.order_by("day", "pk").first()
