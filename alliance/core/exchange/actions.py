"""What people do with an import: upload, check again, confirm, hand to another worker."""

from __future__ import annotations

import hashlib
import logging
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import outbox
from ..choices import ImportState as State
from ..errors import DomainError
from ..idempotency import once
from ..models import ImportJob
from . import jobs, settings, sources
from .spec import Table, find
from .workflow import CHECKABLE, WORKING, Step

log = logging.getLogger(__name__)


@transaction.atomic
def upload(
    *, by: Any, table: Table, file: File[bytes], institution_id: int | None = None, key: str = ""
) -> ImportJob:
    """Keep a file for a table and have it checked; the same key and file give the same import."""
    if not table.may_import(by):
        raise PermissionDenied
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)

    def perform() -> dict[str, Any]:
        job = _keep(by, table, file, institution_id)
        return {"id": job.pk}

    # The digest is part of the key: another file chosen on the same page is another import.
    once_key = f"{key}:{digest.hexdigest()}" if key else ""
    answer = once(
        scope=f"import:{by.pk}", key=once_key, body={"table": table.name}, perform=perform
    )
    return ImportJob.objects.get(pk=answer.data["id"])


def _keep(by: Any, table: Table, file: File[bytes], institution_id: int | None) -> ImportJob:
    on = timezone.localdate()
    place = table.place_of(by, institution_id=institution_id, on=on)
    sources.inspect(file, size=file.size, limits=settings.limits(place))
    suffix = "xlsx" if sources.format_of(file) == "xlsx" else "csv"
    job = ImportJob.objects.create(
        kind=table.name,
        file_name=(file.name or "")[:200],
        file=File(file, name=f"{uuid4().hex}.{suffix}"),
        alliance_id=place.alliance_id,
        institution_id=place.institution_id,
        created_by=by,
    )
    jobs.record("import.uploaded", job)
    outbox.put("core.check_import", job_id=job.pk)
    return job


@transaction.atomic
def check_again(*, job: ImportJob, by: Any) -> None:
    """Check a file once more, since what it refers to may be there by now."""
    _own(job, by)
    if not jobs.move(job, Step.CHECK, among=CHECKABLE):
        raise _not_now(job)
    outbox.put("core.check_import", job_id=job.pk)


@transaction.atomic
def confirm(*, job: ImportJob, by: Any) -> None:
    """Have a checked file brought in; saying so twice changes nothing."""
    _own(job, by)
    if jobs.move(job, Step.CONFIRM):
        jobs.record("import.confirmed", job)
        outbox.put("core.run_import", job_id=job.pk)
    elif ImportJob.objects.get(pk=job.pk).state not in (State.IMPORTING, State.DONE):
        raise _not_now(job)


@transaction.atomic
def resume(*, job: ImportJob, by: Any) -> None:
    """Hand an import whose worker is gone to another one; harmless while one is at it."""
    _own(job, by)
    state = ImportJob.objects.get(pk=job.pk).state
    if state not in WORKING:
        raise _not_now(job)
    topic = "core.run_import" if state == State.IMPORTING else "core.check_import"
    outbox.put(topic, job_id=job.pk)


def forget_files(*, on: date) -> int:
    """Delete the files of imports older than policy keeps them; return how many."""
    keep = timedelta(days=settings.value("import.keep_days", on=on))
    kept = ImportJob.objects.exclude(file="").exclude(state__in=WORKING)
    old = list(kept.filter(created_at__date__lt=on - keep))
    for job in old:
        job.file.delete(save=False)
        ImportJob.objects.filter(pk=job.pk).update(file="")
        log.info("file of import %s deleted", job.pk)
    return len(old)


def _own(job: ImportJob, by: Any) -> None:
    """Only who uploaded a file, and may still bring its table in, decides about it."""
    table = find(job.kind)
    if job.created_by_id != by.pk or table is None or not table.may_import(by):
        raise PermissionDenied


def _not_now(job: ImportJob) -> DomainError:
    label = State(ImportJob.objects.get(pk=job.pk).state).label
    message = _("This import is in the state “%(state)s”; that cannot be done now.")
    return DomainError("import_state", message % {"state": label})
