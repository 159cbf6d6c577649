"""Entering patients in the master index and putting their particulars right."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.identifiers import id_number_errors, identity_conflicts, normalise_id_number
from alliance.core.pinyin import name_initials
from alliance.core.policy import policy
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution

from .. import policies as may
from .. import rules, selectors
from ..choices import AccessReason
from ..models import Patient
from .access import hold, let_in

# What a care party may put right later, by name.
AMENDABLE = (
    "name",
    "sex",
    "birth_date",
    "id_type",
    "id_number",
    "phone",
    "address",
    "record_number",
)


@one_transaction
def register(
    *,
    by: Any,
    institution: Institution,
    name: str,
    sex: str,
    birth_date: date,
    id_type: str,
    id_number: str,
    phone: str = "",
    address: str = "",
    record_number: str = "",
) -> tuple[Patient, bool]:
    """Enter a patient in the master index, or take up the one whose document number is known.

    Returns the patient and whether it is new. Either way `institution` may see it from now on. A
    known number under another name or birth date is refused: two people, or a slip of the pen.
    """
    require(by, Permission.PATIENT_REGISTER, institution_id=institution.pk)
    wanted = Patient(registered_at=institution)
    _fill(
        wanted,
        name=name,
        sex=sex,
        birth_date=birth_date,
        id_type=id_type,
        id_number=id_number,
        phone=phone,
        address=address,
        record_number=record_number,
    )
    patient, created = _find_or_insert(wanted)
    if created:
        ledger.record("patient.registered", by=by, subject=patient, institution_id=institution.pk)
    let_in(patient, institution, AccessReason.REGISTERED, by)
    return patient, created


def _find_or_insert(wanted: Patient) -> tuple[Patient, bool]:
    """The known patient, or `wanted` newly stored; the unique constraint decides between twins."""
    known = _hold_known(wanted)
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        known = _hold_known(wanted)
        if known is None:
            raise
        return known, False
    return wanted, True


def _hold_known(wanted: Patient) -> Patient | None:
    """Lock and return the patient with this document number; refuse another person's number."""
    entry = selectors.entry_with_number(wanted.id_type, wanted.id_number)
    if entry is None:
        return None
    patient = hold(entry.pk)
    if not any(_same_person(wanted, known) for known in (entry, patient)):
        raise DomainError(
            "patient_conflict",
            _(
                "This document number is already registered for %(name)s, with another name or"
                " date of birth. Compare what you typed with the document. If the register is"
                " wrong, an institution that treats this patient can correct it."
            )
            % {"name": entry.masked_name},
        )
    return patient


def _same_person(one: Patient, other: Patient) -> bool:
    return rules.same_name(one.name, other.name) and one.birth_date == other.birth_date


@one_transaction
def amend(
    *, patient: Patient, by: Any, institution: Institution, version: int, **changes: Any
) -> Patient:
    """Put a patient's particulars right (names of fields: AMENDABLE); the ledger says which."""
    patient = hold(patient.pk)
    may.require_at(by, Permission.PATIENT_REGISTER, patient, institution.pk)
    versions.check(patient, version)
    before = {field: getattr(patient, field) for field in AMENDABLE}
    _fill(patient, **{**before, **changes})
    changed = [field for field in AMENDABLE if getattr(patient, field) != before[field]]
    if not changed:
        return patient
    patient.version += 1
    try:
        with transaction.atomic():
            patient.save()
    except IntegrityError as error:
        message = _(
            "Another patient is registered with this number. If they are one person, ask an"
            " administrator to merge the two."
        )
        raise ValidationError({"id_number": message}) from error
    ledger.record(
        "patient.amended",
        by=by,
        subject=patient,
        institution_id=institution.pk,
        fields=changed,
    )
    return patient


@one_transaction
def record_death(*, patient: Patient, on: date, by: Any, institution: Institution) -> Patient:
    """Note the day a patient died; the same day again changes nothing, another day is refused."""
    patient = hold(patient.pk)
    may.require_at(by, Permission.PATIENT_REGISTER, patient, institution.pk)
    if on > timezone.localdate() or on < patient.birth_date:
        raise ValidationError({"deceased_on": _("This is not a possible day of death.")})
    if patient.deceased_on is not None:
        if patient.deceased_on != on:
            raise DomainError("already_deceased", _("Another day of death is already recorded."))
        return patient
    patient.deceased_on = on
    patient.version += 1
    patient.save(update_fields=["deceased_on", "version", "updated_at"])
    ledger.record("patient.deceased", by=by, subject=patient, institution_id=institution.pk)
    return patient


def _fill(patient: Patient, **values: Any) -> None:
    """Tidy and check what was typed and put it into `patient`; ValidationError by field."""
    on = timezone.localdate()
    for field, value in values.items():
        setattr(patient, field, rules.tidy(value) if isinstance(value, str) else value)
    patient.name = rules.normalise_name(patient.name)
    patient.id_number = normalise_id_number(patient.id_number)
    errors = _field_errors(patient) | _number_errors(patient, on)
    if "birth_date" not in errors:
        errors |= _birth_date_errors(patient, on)
    errors |= rules.phone_errors(patient.phone)
    if "name" not in errors:
        errors |= rules.name_errors(patient.name)
    if errors:
        raise ValidationError(errors)
    patient.pinyin = name_initials(patient.name)
    patient.id_digest = selectors.number_digest(patient.id_number)


def _field_errors(patient: Patient) -> rules.Errors:
    """What the model itself says about the typed fields: empty, too long, not a choice."""
    others = {field.name for field in Patient._meta.fields} - set(AMENDABLE)
    try:
        patient.clean_fields(exclude=others)
    except ValidationError as error:
        return dict(error.error_dict)
    return {}


def _number_errors(patient: Patient, on: date) -> rules.Errors:
    return dict(id_number_errors(patient.id_type, patient.id_number, on))


def _birth_date_errors(patient: Patient, on: date) -> rules.Errors:
    """Impossible dates, and those that contradict the resident number (its sex only warns)."""
    conflicts = identity_conflicts(
        id_type=patient.id_type,
        number=patient.id_number,
        birth_date=patient.birth_date,
        sex="",
        on=on,
    )
    oldest = policy("patients.oldest_age", on=on)
    return dict(conflicts) or rules.birth_date_errors(patient.birth_date, on=on, oldest=oldest)
