"""What workers do with an import: the dry run, and bringing the rows in."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ..choices import ImportState as State
from ..models import ImportJob
from . import checking, jobs, reports, settings
from .checking import Reading
from .files import FileRefused
from .plan import Plan, RowError, RowsRefused
from .progress import READING, WRITING, Meter
from .spec import Place, Table, find
from .workflow import Step

log = logging.getLogger(__name__)

Part = Callable[[ImportJob, Table, Meter], None]


def check(*, job_id: int) -> None:
    """The dry run of one import: everything read and compared, only the findings written."""
    job = ImportJob.objects.get(pk=job_id)
    jobs.move(job, Step.CHECK, among={State.UPLOADED})
    _do(job_id, State.CHECKING, _check)


def run(*, job_id: int) -> None:
    """Bring a confirmed import in, all rows or none, checked against the data of this moment."""
    _do(job_id, State.IMPORTING, _run)


def _do(job_id: int, state: State, part: Part) -> None:
    """A worker's part, in one transaction, unless another worker is at it or it is done."""
    meter = Meter(job_id)
    job = ImportJob.objects.select_related("created_by").get(pk=job_id)
    table = find(job.kind)
    if table is None:
        return
    with translation.override(job.created_by.language):
        try:
            with transaction.atomic():
                if jobs.claim(job_id) and _stands(job, state):
                    part(job, table, meter)
        except FileRefused as refusal:
            _refuse_file(job, refusal)
        except PermissionDenied:
            _fail(job, _("You may no longer bring this table in."))
        except FileNotFoundError:
            _fail(job, _("The file is no longer kept. Upload it again."))
        except DatabaseError:
            log.exception("import %s failed", job_id)
            _fail(job, _("Somebody changed the same data meanwhile. Check the file again."))
        finally:
            meter.clear()


def _stands(job: ImportJob, state: State) -> bool:
    """Whether the import still waits for this part, now that nobody else is at it."""
    job.refresh_from_db(fields=["state", "rows_total", "summary"])
    return job.state == state


def _check(job: ImportJob, table: Table, meter: Meter) -> None:
    place = _place(job)
    reading = _read(job, table, place, meter)
    plan = checking.examine(reading, table, by=job.created_by, place=place)
    total = len(reading.rows)
    if plan.errors:
        _refuse_rows(job, table, place, reading, plan.errors)
        return
    size = settings.at(place)["import.sample_rows"]
    shown = [change.pk for change in plan.changed[:size]]
    stored = table.stored(shown, by=job.created_by)
    summary = {
        **plan.counts,
        "unknown": reading.header.unknown,
        "sample": reports.sample(plan, table, stored, size),
        "remarks": reports.described(plan.remarks[:size], reading.header, table),
        "remarked": len(plan.remarks),
    }
    jobs.move(job, Step.ACCEPT, rows_total=total, rows_done=0, summary=summary, errors=[])


def _run(job: ImportJob, table: Table, meter: Meter) -> None:
    place = _place(job)
    jobs.wait_for_table(table.name)
    reading = _read(job, table, place, meter)
    total = len(reading.rows)
    try:
        plan = _bring_in(job, table, place, reading, meter)
    except RowsRefused as refusal:
        _refuse_rows(job, table, place, reading, refusal.plan.errors)
        return
    counts = plan.counts
    jobs.move(
        job,
        Step.FINISH,
        rows_total=total,
        rows_done=total,
        summary={**counts, "unknown": reading.header.unknown, "sample": []},
        finished_at=timezone.now(),
    )
    jobs.record("import.done", job, **counts)


@transaction.atomic
def _bring_in(job: ImportJob, table: Table, place: Place, reading: Reading, meter: Meter) -> Plan:
    """Save all rows; what was written goes back when one turns out wrong."""
    if reading.errors:
        raise RowsRefused(Plan(errors=reading.errors))
    total = len(reading.rows)
    return table.save(
        reading.rows,
        by=job.created_by,
        place=place,
        progress=lambda done: meter.report(WRITING, done, total),
    )


def _read(job: ImportJob, table: Table, place: Place, meter: Meter) -> Reading:
    if not table.may_import(job.created_by):
        raise PermissionDenied
    if not job.file:
        raise FileNotFoundError(job.file_name)
    with job.file.open("rb") as file:
        return checking.read(
            file,
            table,
            settings.limits(place),
            lambda done: meter.report(READING, done, job.rows_total),
        )


def _place(job: ImportJob) -> Place:
    return Place(
        on=timezone.localdate(), institution_id=job.institution_id, alliance_id=job.alliance_id
    )


def _refuse_rows(
    job: ImportJob, table: Table, place: Place, reading: Reading, errors: Sequence[RowError]
) -> None:
    kept = errors[: settings.at(place)["import.errors_kept"]]
    jobs.move(
        job,
        Step.REFUSE,
        rows_total=len(reading.rows) + len({error.number for error in reading.errors}),
        summary={"errors": len(errors), "unknown": reading.header.unknown},
        errors=reports.described(kept, reading.header, table),
    )


def _refuse_file(job: ImportJob, refusal: FileRefused) -> None:
    _close(job, Step.REFUSE, str(refusal.message), row=refusal.line)


def _fail(job: ImportJob, reason: str) -> None:
    _close(job, Step.FAIL, reason)


def _close(job: ImportJob, step: Step, reason: str, row: int | None = None) -> None:
    finding: dict[str, Any] = {"row": row, "column": "", "reason": reason}
    jobs.move(job, step, summary={"errors": 1}, errors=[finding])
