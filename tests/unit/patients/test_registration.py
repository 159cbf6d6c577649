"""Entering patients and putting their particulars right."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.identifiers import resident_id_with_check
from alliance.core.models import AuditEntry
from alliance.patients import actions, selectors
from alliance.patients.models import Patient, PatientAccess

PASSPORT = {"id_type": "03", "id_number": "E12345678"}


def _ledger():
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor", "institution"))


def test_register_enters_tidied_and_encrypted(world, person):
    person |= {"name": " 张 三", "id_number": person["id_number"].lower(), "phone": " 13800001234 "}
    patient, created = actions.register(by=world.doctor, institution=world.township, **person)
    patient.refresh_from_db()
    assert created
    assert (patient.name, patient.pinyin, patient.phone) == ("张三", "zs", "13800001234")
    assert (patient.registered_at, patient.version) == (world.township, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone, id_digest FROM patients_patient")
        stored = cursor.fetchone()
    assert not {person["id_number"], "13800001234"} & set(stored)
    assert _ledger() == [
        ("patient.registered", world.doctor.pk, world.township.pk),
        ("patient.access_granted", world.doctor.pk, world.township.pk),
    ]


def test_register_takes_up_who_is_known(world, person, patient):
    again, created = actions.register(by=world.liaison, institution=world.county, **person)
    assert (again, created) == (patient, False)
    seen_at = set(patient.accesses.values_list("institution", "reason"))
    assert seen_at == {(world.township.pk, "registered"), (world.county.pk, "registered")}
    lines = len(_ledger())
    actions.register(by=world.liaison, institution=world.county, **person)
    assert len(_ledger()) == lines


@pytest.mark.parametrize("changed", [{"name": "李四"}, {"name": "张三儿"}])
def test_register_refuses_a_known_number_of_somebody_else(world, person, patient, changed):
    with pytest.raises(DomainError) as refused:
        actions.register(by=world.liaison, institution=world.county, **(person | changed))
    assert refused.value.code == "patient_conflict"
    assert "张*" in str(refused.value)
    assert "张三" not in str(refused.value)
    assert not selectors.has_access(patient.pk, world.county.pk)


def test_register_refuses_a_known_passport_with_another_birth_date(world, person):
    passport = person | PASSPORT
    actions.register(by=world.doctor, institution=world.township, **passport)
    with pytest.raises(DomainError, match="date of birth"):
        actions.register(
            by=world.doctor,
            institution=world.township,
            **(passport | {"birth_date": date(1981, 1, 1)}),
        )


def test_register_keeps_kinds_of_documents_apart(world, person, patient):
    other, created = actions.register(
        by=world.doctor, institution=world.township, **(person | {"id_type": "05"})
    )
    assert created
    assert other.pk != patient.pk
    assert list(
        selectors.possible_duplicates(
            user=world.doctor,
            name="李四",
            birth_date=date(2000, 1, 1),
            id_number=person["id_number"],
        )
    ) == [patient, other]


@pytest.mark.parametrize("who", ["qc", "office", "auditor", "liaison", "outsider"])
def test_register_is_for_those_who_may_there(world, person, who):
    with pytest.raises(PermissionDenied):
        actions.register(by=getattr(world, who), institution=world.township, **person)
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "007"}, {"name"}),
        ({"sex": "m"}, {"sex"}),
        ({"birth_date": date(1980, 1, 2)}, {"birth_date"}),
        ({"birth_date": None}, {"birth_date"}),
        ({"id_number": "1"}, {"id_number"}),
        ({"id_number": ""}, {"id_number"}),
        ({"id_type": "00"}, {"id_type"}),
        ({"phone": "1"}, {"phone"}),
        ({"phone": "1" * 31}, {"phone"}),
        ({"address": "x" * 201}, {"address"}),
        ({"record_number": "x" * 31}, {"record_number"}),
        ({"name": "", "sex": "", "phone": "x"}, {"name", "sex", "phone"}),
    ],
)
def test_register_names_every_fault(world, person, changed, fields):
    with pytest.raises(ValidationError) as refused:
        actions.register(by=world.doctor, institution=world.township, **(person | changed))
    assert set(refused.value.error_dict) == fields
    assert not AuditEntry.objects.exists()


def test_register_lets_a_contradicting_sex_stand_and_tells(world, person):
    patient, created = actions.register(
        by=world.doctor, institution=world.township, **(person | {"sex": "female"})
    )
    assert created
    assert list(selectors.contradictions(patient)) == ["sex"]


def test_register_finds_the_twin_that_was_entered_meanwhile(world, person, patient, monkeypatch):
    """What the unique constraint decides: the first look saw nobody, the insert met somebody."""
    looks = iter([None, patient])
    monkeypatch.setattr(selectors, "entry_with_number", lambda *number: next(looks))
    again, created = actions.register(by=world.doctor, institution=world.township, **person)
    assert (again, created) == (patient, False)


def test_register_hides_no_other_fault_of_the_database(world, person, patient, monkeypatch):
    monkeypatch.setattr(selectors, "entry_with_number", lambda *number: None)
    with pytest.raises(IntegrityError):
        actions.register(by=world.doctor, institution=world.township, **person)


def test_amend_changes_what_it_is_told_and_says_which(world, patient):
    changed = actions.amend(
        patient=patient,
        by=world.doctor,
        institution=world.township,
        version=1,
        name="张珊",
        phone="13900000000",
    )
    assert (changed.name, changed.pinyin, changed.version) == ("张珊", "zs", 2)
    line = AuditEntry.objects.get(action="patient.amended")
    assert line.data == {"fields": ["name", "phone"]}


def test_amend_of_nothing_leaves_nothing_behind(world, patient):
    same = actions.amend(
        patient=patient, by=world.doctor, institution=world.township, version=1, name="张 三"
    )
    assert same.version == 1
    assert not AuditEntry.objects.filter(action="patient.amended").exists()


def test_amend_moves_the_number_by_which_one_is_found(world, patient):
    right = resident_id_with_check("33010019800101003")
    actions.amend(
        patient=patient, by=world.doctor, institution=world.township, version=1, id_number=right
    )
    assert selectors.find_by_number("01", right) == patient
    assert selectors.find_by_number("01", patient.id_number) is None


def test_amend_refuses_anothers_number_and_a_stale_version(world, person, patient):
    other, _new = actions.register(
        by=world.doctor, institution=world.township, **(person | PASSPORT)
    )
    with pytest.raises(ValidationError) as refused:
        actions.amend(
            patient=other,
            by=world.doctor,
            institution=world.township,
            version=1,
            id_type="01",
            id_number=person["id_number"],
        )
    assert list(refused.value.error_dict) == ["id_number"]
    with pytest.raises(StaleVersion):
        actions.amend(
            patient=other, by=world.doctor, institution=world.township, version=7, phone=""
        )


def test_amend_is_for_care_parties(world, patient):
    for who, where in [(world.liaison, world.county), (world.qc, world.township)]:
        with pytest.raises(PermissionDenied):
            actions.amend(patient=patient, by=who, institution=where, version=1, phone="12345")


def test_record_death_once(world, patient):
    on = timezone.localdate()
    dead = actions.record_death(patient=patient, on=on, by=world.doctor, institution=world.township)
    assert (dead.deceased_on, dead.version) == (on, 2)
    same = actions.record_death(patient=patient, on=on, by=world.doctor, institution=world.township)
    assert same.version == 2
    with pytest.raises(DomainError, match="Another day"):
        actions.record_death(
            patient=patient,
            on=on - timedelta(days=1),
            by=world.doctor,
            institution=world.township,
        )


@pytest.mark.parametrize("days", [1, -50_000])
def test_record_death_refuses_impossible_days(world, patient, days):
    on = timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError) as refused:
        actions.record_death(patient=patient, on=on, by=world.doctor, institution=world.township)
    assert list(refused.value.error_dict) == ["deceased_on"]


def test_grant_access_once_and_to_the_entry_that_stands(world, person, patient):
    other, _new = actions.register(
        by=world.township_manager, institution=world.township, **(person | PASSPORT)
    )
    actions.merge(keep=patient, merge=other, reason="one person", by=world.township_manager)
    for _ in range(2):
        actions.grant_access(
            patient=other, institution=world.county, reason="referred", by=world.doctor
        )
    row = PatientAccess.objects.get(institution=world.county)
    assert (row.patient, row.reason) == (patient, "referred")
    assert AuditEntry.objects.filter(action="patient.access_granted").count() == 3
