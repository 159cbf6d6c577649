"""What people do about findings: own them, waive them for a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.templatetags.times import day as told
from alliance.people.models import User

from .. import rules, selectors
from ..choices import Standing
from ..models import Finding


@transaction.atomic
def assign_finding(*, finding: Finding, owner: User | None, by: Any, version: int) -> Finding:
    """Make somebody of the institution the owner of a finding, or nobody."""
    require(by, Permission.FINDING_OWN, institution_id=finding.institution_id)
    row = _locked(finding, version)
    if owner is not None and not selectors.owners_for(row).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": _("Choose somebody who works at this institution.")})
    row.owner = owner
    _store(row, "finding.assigned", by, owner=owner.username if owner else None)
    return row


@transaction.atomic
def waive_finding(
    *, finding: Finding, reason: str, until: date | None, by: Any, version: int
) -> Finding:
    """Let a finding stay as it is until a date, with the reason; it is not counted as open."""
    require(by, Permission.FINDING_WAIVE, alliance_id=finding.alliance_id)
    row = _locked(finding, version)
    today = timezone.localdate()
    days = policy("finding.waiver_days_most", on=today, alliance_id=row.alliance_id)
    errors = rules.waiver_errors(reason=reason, until=until, on=today, days_most=days, told=told)
    if errors:
        raise ValidationError(errors)
    row.waived_until, row.waived_by, row.waiver_reason = until, by, reason.strip()
    _store(row, "finding.waived", by, until=str(until), reason=row.waiver_reason)
    return row


@transaction.atomic
def end_waiver(*, finding: Finding, by: Any, version: int) -> Finding:
    """Count a waived finding as open again from today."""
    require(by, Permission.FINDING_WAIVE, alliance_id=finding.alliance_id)
    row = _locked(finding, version)
    if selectors.standing_of(row, on=timezone.localdate()) != Standing.WAIVED:
        raise DomainError("not_waived", _("This finding is not waived."))
    row.waived_until, row.waived_by, row.waiver_reason = None, None, ""
    _store(row, "finding.waiver_ended", by)
    return row


def _locked(finding: Finding, version: int) -> Finding:
    """The finding for this transaction alone; refused where it is right again."""
    row: Finding = Finding.objects.select_for_update().get(pk=finding.pk)
    versions.check(row, version)
    if row.cleared_on is not None:
        raise DomainError("finding_cleared", _("This has been right again since then."))
    return row


def _store(row: Finding, act: str, by: Any, **data: Any) -> None:
    row.version += 1
    row.save()
    ledger.record(act, by=by, subject=row, institution_id=row.institution_id, **data)
