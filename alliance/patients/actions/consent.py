"""A patient's consent to passing the record on, and taking it back."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.policy import definitions, policy
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from alliance.institutions.selectors import alliances_of

from .. import policies as may
from .. import rules
from ..models import Consent, Patient
from ..signals import consent_withdrawn
from .access import checked_reason, hold

_ROWS = frozenset({"patient", "receiver", "recorded_by", "recorded_at_institution"})


@one_transaction
def record_consent(*, patient: Patient, **given: Any) -> Consent:
    """Record that a patient agreed to the record being passed on; `given` as in `note_consent`."""
    return note_consent(patient=hold(patient.pk), **given)


def note_consent(
    *,
    patient: Patient,
    purpose: str,
    receiver: Institution,
    method: str,
    given_by: str,
    given_at: datetime,
    by: Any,
    institution: Institution,
    note: str = "",
) -> Consent:
    """Like `record_consent`, of a patient whom the caller holds."""
    may.require_at(by, Permission.PATIENT_REGISTER, patient, institution.pk)
    consent = Consent(
        patient=patient,
        purpose=purpose,
        receiver=receiver,
        method=method,
        given_by=given_by,
        given_at=given_at,
        note=rules.tidy(note),
        recorded_by=by,
        recorded_at_institution=institution,
    )
    consent.clean_fields(exclude=_ROWS)  # rows that the caller has loaded exist
    _check_consent(consent)
    consent.save()
    ledger.record(
        "consent.recorded",
        by=by,
        subject=consent,
        institution_id=institution.pk,
        patient=str(patient.public_id),
        purpose=str(purpose),
        method=str(method),
    )
    return consent


def _check_consent(consent: Consent) -> None:
    if consent.receiver_id == consent.recorded_at_institution_id:
        raise ValidationError({"receiver": _("Passing on means to another institution.")})
    age = rules.age_on(consent.patient.birth_date, timezone.localdate(consent.given_at))
    errors = rules.consent_errors(
        method=consent.method,
        given_by=consent.given_by,
        given_at=consent.given_at,
        now=timezone.now(),
        age=age,
        guardian_below=_guardian_below(consent.recorded_at_institution_id, age),
    )
    if errors:
        raise ValidationError(errors)


def _guardian_below(institution_id: int, age: int) -> int:
    """The policy on children; not even read for people whom no value of it could concern."""
    key = "patients.guardian_below_age"
    if age >= definitions()[key].maximum:
        return 0
    on = timezone.localdate()
    alliance = next(iter(alliances_of(institution_id, on=on)), None)
    return int(policy(key, on=on, alliance_id=alliance.pk if alliance else None))


@one_transaction
def withdraw_consent(*, consent: Consent, reason: str, by: Any) -> Consent:
    """A patient takes a consent back; what was done on its ground before stays lawful."""
    institution_id = may.require_anywhere(by, Permission.PATIENT_REGISTER, consent.patient)
    reason = checked_reason(reason)
    withdrawn = (
        Consent.objects.filter(pk=consent.pk)
        .standing()
        .update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawal_reason=reason)
    )
    if not withdrawn:
        raise DomainError("consent_withdrawn", _("This consent has already been withdrawn."))
    consent.refresh_from_db()
    ledger.record("consent.withdrawn", by=by, subject=consent, institution_id=institution_id)
    consent_withdrawn.send(sender=Consent, consent_id=consent.pk)
    return consent
