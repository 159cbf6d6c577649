"""What the pages of imports show, put into words and rows."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..choices import ImportState as State
from ..models import ImportJob
from . import jobs, progress, settings
from .progress import READING
from .spec import Place, Table, find, tables
from .workflow import CHECKABLE, WORKING

# A worker picks an import up within seconds; after that a person may hand it over.
_PATIENCE = timedelta(seconds=15)

_TONES = {
    State.UPLOADED: "info",
    State.CHECKING: "active",
    State.REFUSED: "bad",
    State.CHECKED: "warn",
    State.IMPORTING: "active",
    State.DONE: "good",
    State.FAILED: "bad",
}


def offers(user: Any) -> list[dict[str, Any]]:
    """What a person may bring in or take out, with the addresses."""
    found = []
    for table in tables():
        offer: dict[str, Any] = {"label": table.label, "note": table.note}
        if table.may_import(user):
            offer["import_url"] = reverse("core:import-new", args=[table.name])
            offer["template_url"] = reverse("core:import-template", args=[table.name])
        if table.may_export(user):
            offer["export_url"] = reverse("core:export", args=[table.name])
        if "import_url" in offer or "export_url" in offer:
            found.append(offer)
    return found


def rows(found: Iterable[ImportJob]) -> list[dict[str, Any]]:
    """One's imports as list rows."""
    return [
        {
            "title": _label(job),
            "url": reverse("core:import-job", args=[job.public_id]),
            "outcome": outcome(job),
            "file_name": job.file_name,
            "at": job.created_at,
            "tone": _TONES[State(job.state)],
            "state": job.get_state_display(),
        }
        for job in found
    ]


def outcome(job: ImportJob) -> str:
    """What came of an import, in one line."""
    if job.state in (State.CHECKED, State.DONE):
        counts = _("%(new)s new, %(changed)s changed, %(same)s unchanged")
        return str(counts % job.summary)
    if job.state in (State.REFUSED, State.FAILED):
        total = job.summary.get("errors", len(job.errors))
        return ngettext("%(errors)s error", "%(errors)s errors", total) % {"errors": total}
    return ""


def columns(table: Table, place: Place) -> dict[str, Any]:
    """The page that takes a file: what the table's columns are, and how much it may hold there."""
    described = [
        {
            "label": column.label,
            "required": column.required,
            "kind": column.kind.note(),
            "note": column.note,
            "example": str(column.example_cell),
        }
        for column in table.incoming
    ]
    limits, policy = settings.limits(place), settings.at(place)
    return {
        "table": table,
        "columns": described,
        "max_megabytes": limits.max_bytes // 1_048_576,
        "max_rows": limits.max_rows,
        "max_new": policy["import.rows_by_action"] if table.by_action else None,
    }


def job(found: ImportJob) -> dict[str, Any]:
    """The page of one import."""
    at = settings.at(Place(on=timezone.localdate(), alliance_id=found.alliance_id))
    working = found.state in WORKING
    claimed = working and jobs.is_claimed(found.pk)
    waited = timezone.now() - found.updated_at > _PATIENCE
    shown = found.errors[: at["import.errors_shown"]]
    total = found.summary.get("errors", 0)
    return {
        "job": found,
        "label": _label(found),
        "tone": _TONES[State(found.state)],
        "working": working,
        "stalled": working and waited and not claimed,
        "progress": _progress(found) if working else None,
        "checkable": found.state in CHECKABLE and bool(found.file),
        "outcome": outcome(found),
        "errors": shown,
        "errors_total": total,
        "errors_hidden": total - len(shown),
        "again_url": reverse("core:import-new", args=[found.kind]),
    }


def _progress(found: ImportJob) -> dict[str, Any]:
    """How far the worker is, as the progress component wants it."""
    standing = progress.standing(found.pk)
    if standing is None:
        return {"label": _("Waiting for a worker"), "value": 0, "max": 1, "text": "…"}
    label = _("Rows read") if standing.stage == READING else _("Rows written")
    if not standing.total:
        return {"label": label, "value": 0, "max": 1, "text": standing.done}
    return {"label": label, "value": standing.done, "max": standing.total, "text": ""}


def _label(found: ImportJob) -> Any:
    table = find(found.kind)
    return table.label if table else found.kind
