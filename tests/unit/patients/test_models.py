"""What must never be false about patients is refused by the database itself."""

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.patients.models import Consent, Patient, PatientAccess, PatientMerge


def _copy(patient, **changes):
    values = {
        "name": patient.name,
        "sex": patient.sex,
        "birth_date": patient.birth_date,
        "id_type": patient.id_type,
        "id_number": patient.id_number,
        "id_digest": patient.id_digest,
        "registered_at": patient.registered_at,
    }
    return Patient(**(values | changes))


def _refused(constraint, write):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def test_one_number_is_one_current_patient(patient):
    _copy(patient, id_digest="0" * 64).save()
    _copy(patient, id_type="05").save()
    _copy(patient, merged_into=patient).save()
    _refused("patients_patient_id_once", _copy(patient).save)


def test_a_patient_is_of_a_known_sex(patient):
    patient.sex = "x"
    _refused("patients_patient_sex", patient.save)


def test_a_patient_is_never_merged_into_itself(patient):
    patient.merged_into = patient
    _refused("patients_patient_merged_into_other", patient.save)


def test_an_institution_has_one_access_row_for_a_patient(world, patient):
    PatientAccess.objects.create(patient=patient, institution=world.county, reason="referred")
    again = PatientAccess(patient=patient, institution=world.county, reason="registered")
    _refused("patients_access_once", again.save)
    assert str(again) == f"{world.county.pk} → {patient.pk}"


def test_a_withdrawal_has_a_person_and_a_time(world, patient):
    consent = Consent.objects.create(
        patient=patient,
        purpose="referral",
        receiver=world.county,
        method="written",
        given_by="patient",
        given_at=timezone.now(),
        recorded_by=world.doctor,
        recorded_at_institution=world.township,
    )
    assert str(world.county) in str(consent)
    consent.withdrawn_at = timezone.now()
    _refused("patients_consent_withdrawn_pair", consent.save)
    consent.withdrawn_at, consent.withdrawn_by = None, world.doctor
    _refused("patients_consent_withdrawn_pair", consent.save)


def test_a_merge_is_of_two(world, patient):
    merge = PatientMerge(kept=patient, merged=patient, reason="x", by=world.doctor)
    _refused("patients_merge_two", merge.save)
    assert str(merge) == f"{patient.pk} → {patient.pk}"


def test_a_patient_is_never_named_in_full_by_accident(patient):
    assert str(patient) == "张*"
    assert "张三" not in repr(patient)


def test_patients_are_kept_out_of_the_back_office():
    """Whoever administers the platform has no business with patients (three separated powers)."""
    assert not {Patient, Consent, PatientAccess, PatientMerge} & set(admin.site._registry)
