"""Reading a patient's record: what is shown on request, and the line that says so."""

from typing import Any

from django.core.cache import cache
from django.utils import timezone

from alliance.core import ledger
from alliance.core.choices import Permission
from alliance.core.policy import policy
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution

from .. import policies as may
from ..models import Patient
from .access import checked_reason


@one_transaction
def reveal(*, patient: Patient, reason: str, by: Any, institution: Institution) -> dict[str, Any]:
    """Hand out what is masked elsewhere; who, when and why stand in the ledger."""
    may.require_at(by, Permission.PATIENT_REVEAL, patient, institution.pk)
    reason = checked_reason(reason)
    ledger.record(
        "patient.revealed", by=by, subject=patient, institution_id=institution.pk, reason=reason
    )
    shown = ("name", "birth_date", "id_number", "phone", "address", "record_number")
    return {field: getattr(patient, field) for field in shown}


def note_read(*, patient: Patient, by: Any, institution: Institution | None, via: str) -> None:
    """Note in the ledger that somebody read a patient's record, once in a while per reader."""
    key = f"patient-read:{by.pk}:{patient.pk}"
    if cache.get(key) is not None:
        return
    minutes = policy("patients.read_noted_every_minutes", on=timezone.localdate())
    if cache.add(key, 1, 60 * minutes):
        institution_id = institution.pk if institution else None
        ledger.record(
            "patient.read", by=by, subject=patient, institution_id=institution_id, via=via
        )
