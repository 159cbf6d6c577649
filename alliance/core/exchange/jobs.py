"""Import jobs: their one way of changing state, and which worker is at them.

Being at an import is an advisory lock that ends with the worker's transaction.

A worker that is killed loses its connection, so its rows are rolled back and its lock is free in
the same moment; whoever starts the import again finds everything as it was.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.utils import timezone

from .. import ledger
from ..choices import ImportState as State
from ..models import ImportJob
from .workflow import TRANSITIONS, Step

_JOBS = 0x494D50  # namespace of the locks, one a job
_TABLES = 0x544142  # one a table: two imports of the same table run one after the other


def claim(job_id: int) -> bool:
    """Take an import for the rest of this transaction; False when a worker has it already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_JOBS, job_id])
        (taken,) = cursor.fetchone()
        return bool(taken)


def wait_for_table(name: str) -> None:
    """Let an earlier import of the same table end first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TABLES, name])


def is_claimed(job_id: int) -> bool:
    """Whether a worker is at an import now; asks without taking the lock from anybody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid = %s AND objid = %s AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [_JOBS, job_id],
        )
        (claimed,) = cursor.fetchone()
        return bool(claimed)


def move(
    job: ImportJob, step: Step, *, among: Collection[State] | None = None, **fields: Any
) -> bool:
    """Take a step of the workflow if the stored state allows it; say whether it was taken."""
    rule = TRANSITIONS[step]
    sources = rule.sources if among is None else rule.sources.intersection(among)
    stored = ImportJob.objects.filter(pk=job.pk, state__in=sources)
    return bool(stored.update(state=rule.target, updated_at=timezone.now(), **fields))


def record(action: str, job: ImportJob, **data: Any) -> None:
    """One line of the ledger about an import."""
    ledger.record(
        action,
        by=job.created_by,
        subject=job,
        institution_id=job.institution_id,
        table=job.kind,
        **data,
    )
