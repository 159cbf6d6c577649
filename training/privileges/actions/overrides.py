"""Somebody goes beyond their privilege to save a life, and reports on it in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from alliance.institutions.policies import insist
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner

from .. import policies, selectors
from ..choices import Verdict
from ..models import Override


@one_transaction
def record_override(
    *,
    practitioner: Practitioner,
    technique: Technique,
    institution: Institution,
    at: datetime,
    reason: str,
    by: Any,
    case_number: str = "",
) -> Override:
    """Record an emergency in which somebody operated beyond their privilege; a report is owed."""
    insist(institution.pk in policies.overrides_at(by))
    today = timezone.localdate(at)
    joined = alliances_of(institution.pk, on=today)
    if not joined:
        raise DomainError("not_a_member", _("This institution belongs to no alliance then."))
    lacked = _lacked(practitioner, technique, institution, today)
    hours = policy("privilege.override_report_hours", on=today, alliance_id=joined[0].pk)
    row = Override(
        alliance=joined[0],
        practitioner=practitioner,
        technique=technique,
        institution=institution,
        at=at,
        reason=reason.strip(),
        case_number=case_number.strip(),
        lacked=lacked,
        recorded_by=by,
        report_due_at=at + timedelta(hours=hours),
    )
    store(row, _moment_errors(at))
    _record("override.recorded", row, by, lacked=row.lacked)
    outbox.put("privileges.override", override_id=row.pk)
    return row


def _lacked(
    practitioner: Practitioner, technique: Technique, institution: Institution, on: date
) -> list[str]:
    """What stood against it on the day; refused where nothing did."""
    answer = selectors.may_perform(
        practitioner_id=practitioner.pk,
        technique_id=technique.pk,
        institution_id=institution.pk,
        on=on,
    )
    if answer.verdict == Verdict.YES:
        raise DomainError("privileged", _("No emergency rule is needed: this is allowed anyway."))
    return sorted(answer.codes) or [answer.verdict]


def _moment_errors(at: datetime) -> dict[str, str]:
    return {"at": _("This lies in the future.")} if at > timezone.now() else {}


@one_transaction
def report_override(
    *, override: Override, report: str, by: Any, version: int | None = None
) -> Override:
    """Say afterwards what was found, done and came of it."""
    row = _locked(override, version)
    _insist(policies.OverrideAct.REPORT, row, by)
    if not report.strip():
        raise ValidationError({"report": _("Write the report.")})
    row.report, row.reported_at, row.reported_by = report.strip(), timezone.now(), by
    _store(row, "override.reported", by)
    outbox.put("privileges.override_reported", override_id=row.pk)
    return row


@one_transaction
def review_override(
    *, override: Override, review: str, by: Any, version: int | None = None
) -> Override:
    """Say for the house or the committee what follows from the report."""
    row = _locked(override, version)
    _insist(policies.OverrideAct.REVIEW, row, by)
    if not review.strip():
        raise ValidationError({"review": _("Write what follows from it.")})
    row.review, row.reviewed_at, row.reviewed_by = review.strip(), timezone.now(), by
    _store(row, "override.reviewed", by)
    return row


def _locked(override: Override, version: int | None) -> Override:
    row: Override = Override.objects.select_for_update().get(pk=override.pk)
    versions.check(row, version)
    return row


def _insist(act: policies.OverrideAct, row: Override, by: Any) -> None:
    insist(policies.could_override(by, row, act))
    if act not in policies.acts_on_override(by, row):
        raise DomainError("override_standing", _("That is not possible with it as it stands."))


def _store(row: Override, act: str, by: Any) -> None:
    row.version += 1
    row.save()
    _record(act, row, by)


def _record(act: str, row: Override, by: Any, **data: Any) -> None:
    ledger.record(act, by=by, subject=row, institution_id=row.institution_id, **data)
