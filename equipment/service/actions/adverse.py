"""Adverse events with devices: entered, reported within the clock, inquired into, closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from alliance.institutions.policies import insist
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of

from .. import policies, rules
from ..choices import OutageReason
from ..models import AdverseEvent, Outage
from . import outages


@one_transaction
def enter_event(
    *,
    device: Device,
    institution: Institution,
    harm: str,
    happened_at: datetime,
    known_at: datetime,
    description: str,
    by: Any,
    measures: str = "",
    keep_out: bool = True,
) -> AdverseEvent:
    """Say what a device did to people; its clock runs from when the institution learned of it.

    `keep_out` keeps the device as it is, out of use, until the inquiry is over.
    """
    insist(policies.may_enter(by, institution.pk) and policies.may_report(by, device))
    now = timezone.now()
    alliance = alliance_of(institution.pk, timezone.localdate(now))
    if alliance is None:
        raise DomainError("no_alliance", _("This institution belongs to no alliance today."))
    event = AdverseEvent(
        alliance=alliance,
        institution=institution,
        device=device,
        harm=harm,
        happened_at=happened_at,
        known_at=known_at,
        description=description.strip(),
        measures=measures.strip(),
        entered_by=by,
    )
    event.report_due_at = _due(event)
    store(event, rules.event_errors(happened_at=happened_at, known_at=known_at, now=now))
    if keep_out:
        _keep_out(event, now, by)
    _record("device_event.entered", event, by, harm=harm)
    outbox.put("service.event", event_id=event.pk, news="entered")
    return event


def _keep_out(event: AdverseEvent, at: datetime, by: Any) -> None:
    outages.open_outages(
        [event.device_id],
        reason=OutageReason.EVENT,
        at=at,
        note="",
        by=by,
        event=event,
    )


@one_transaction
def amend_event(
    *,
    event: AdverseEvent,
    harm: str,
    description: str,
    measures: str,
    version: int,
    by: Any,
) -> AdverseEvent:
    """Say better what happened; graver harm has a shorter clock, which has run all the while."""
    row = _locked(event, version, by)
    row.harm, row.description, row.measures = harm, description.strip(), measures.strip()
    row.report_due_at = _due(row)
    if row.reported_at is None:
        row.warned_at = row.overdue_told_at = None
    _save(row)
    _record("device_event.amended", row, by, harm=harm)
    return row


@one_transaction
def report_event(
    *, event: AdverseEvent, reported_at: datetime, number: str, version: int, by: Any
) -> AdverseEvent:
    """Note that the national system has the report, and under which number."""
    row = _locked(event, version, by)
    if row.reported_at is not None:
        raise DomainError("reported_already", _("The report is on record already."))
    errors = {}
    if not number.strip():
        errors["number"] = _("Enter the number that the national system gave.")
    if not row.known_at <= reported_at <= timezone.now():
        errors["reported_at"] = _("Choose a moment from when it was learned of to now.")
    if errors:
        raise ValidationError(errors)
    row.reported_at, row.report_number = reported_at, number.strip()
    _save(row)
    _record("device_event.reported", row, by, number=row.report_number)
    return row


@one_transaction
def close_event(*, event: AdverseEvent, conclusion: str, version: int, by: Any) -> AdverseEvent:
    """End the inquiry with its conclusion; the device may be used again."""
    # Before the event: one that is given away meanwhile takes what keeps it out along, and who
    # gives it holds it.
    kept_out = Outage.objects.filter(event=event.pk)
    outages.hold(Device.objects.filter(pk__in=kept_out.values("device")))
    row = _locked(event, version, by)
    if row.reported_at is None:
        raise DomainError("not_reported", _("Report it to the national system first."))
    row.conclusion = conclusion.strip()
    if not row.conclusion:
        raise ValidationError({"conclusion": _("Say what the inquiry found.")})
    row.closed_at, row.closed_by = timezone.now(), by
    _save(row)
    outages.close(row.outages.all(), at=row.closed_at, by=by)
    _record("device_event.closed", row, by)
    return row


def _locked(event: AdverseEvent, version: int, by: Any) -> AdverseEvent:
    row: AdverseEvent = AdverseEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    insist(policies.answers_for(by, row))
    versions.check(row, version)
    if row.closed_at is not None:
        raise DomainError("event_closed", _("This inquiry is closed."))
    return row


def _save(row: AdverseEvent) -> None:
    row.version += 1
    store(row)


def _due(event: AdverseEvent) -> datetime:
    """By when it must be reported; a harm nobody knows is refused when the row is stored."""
    on = timezone.localdate(event.known_at)
    hours = policy(rules.clock_of(event.harm), on=on, alliance_id=event.alliance_id)
    return event.known_at + timedelta(hours=hours)


def _record(act: str, event: AdverseEvent, by: Any, **data: Any) -> None:
    ledger.record(act, by=by, subject=event, institution_id=event.institution_id, **data)
