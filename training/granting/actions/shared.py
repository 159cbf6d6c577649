"""What every act on an application shares: the lock, the step, who is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from alliance.core import ledger, outbox, versions

from .. import selectors
from ..choices import Move
from ..models import Application, ApplicationEvent, Committee, Excusal

RECORDED = {
    Move.SUBMIT: "application.opened",
    Move.TAKE_UP: "application.taken_up",
    Move.GRANT: "application.granted",
    Move.REFUSE: "application.refused",
    Move.WITHDRAW: "application.withdrawn",
}


def locked(application: Application, version: int | None) -> Application:
    """The application for this transaction alone, as the caller saw it."""
    rows = Application.objects.select_related(
        "practitioner", "technique", "institution", "alliance", "committee", "privilege"
    )
    row: Application = rows.select_for_update(of=("self",)).get(pk=application.pk)
    versions.check(row, version)
    return row


def note_step(
    row: Application, move: Move, source: str, *, by: Any, reason: str = "", **data: Any
) -> ApplicationEvent:
    """Write the step, the line of the ledger, and the promise to tell those concerned."""
    step = ApplicationEvent.objects.create(
        application=row, move=move, source=source, target=row.status, reason=reason, by=by
    )
    ledger.record(RECORDED[move], by=by, subject=row, institution_id=row.institution_id, **data)
    outbox.put("granting.moved", event_id=step.pk)
    return step


def record_excusals(row: Application, *, on: date) -> None:
    """Write down who may not vote as things stand, so that the record shows it ever after."""
    found = [
        Excusal(application=row, member=seat.member, ground=seat.ground)
        for seat in selectors.seats(row, on=on)
        if seat.ground is not None
    ]
    Excusal.objects.bulk_create(found, ignore_conflicts=True)


def locked_committee(committee: Committee, version: int | None = None) -> Committee:
    """The committee for this transaction alone."""
    row: Committee = Committee.objects.select_for_update().get(pk=committee.pk)
    versions.check(row, version)
    return row
