"""Locks on patients, and which institution may see whom.

`hold` locks one entry so that it cannot be merged until the transaction ends; `merge` locks both
entries in key order. Whoever writes rows that point to a patient holds the patient first, or such
a row could land on an entry that a merge has just emptied.
"""

from typing import Any

from django.core.exceptions import ValidationError

from alliance.core import ledger
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution

from .. import rules
from ..choices import AccessReason
from ..models import Patient, PatientAccess


def hold(patient_id: int) -> Patient:
    """Lock a patient against merging until the transaction ends; return the entry that stands.

    Only inside a transaction: Django refuses the lock elsewhere. An entry merged meanwhile leads to
    the kept one. Merged entries are never merged again, so
    waiting along the chain cannot meet a merge coming the other way.
    """
    lock = Patient.objects.select_for_update(no_key=True)
    entry: Patient = lock.get(pk=patient_id)
    while entry.merged_into_id is not None:
        entry = lock.get(pk=entry.merged_into_id)
    return entry


@one_transaction
def grant_access(
    *, patient: Patient, institution: Institution, reason: AccessReason, by: Any
) -> None:
    """Let an institution see a patient, because it registered or is to treat them.

    Whether it may is decided by the act that brings it about (registering, filing, redirecting);
    this records it, once.
    """
    let_in(hold(patient.pk), institution, reason, by)


def let_in(patient: Patient, institution: Institution, reason: str, by: Any) -> None:
    """Like `grant_access`, of a patient whom the caller holds: nobody else lets them in meanwhile."""
    if PatientAccess.objects.filter(patient=patient, institution=institution).exists():
        return
    PatientAccess.objects.create(patient=patient, institution=institution, reason=reason)
    ledger.record(
        "patient.access_granted",
        by=by,
        subject=patient,
        institution_id=institution.pk,
        reason=str(reason),
    )


def checked_reason(text: str) -> str:
    """A reason as it is recorded; ValidationError when there is none or it is too long."""
    reason = rules.tidy(text)
    errors = rules.reason_errors(reason)
    if errors:
        raise ValidationError(errors)
    return reason
