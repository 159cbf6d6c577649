"""Changing the encryption key under live data."""

from base64 import urlsafe_b64encode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alliance.core import crypto, rotation
from alliance.patients.models import Patient
from tests import worlds

OLD, NEW = (urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))


def stored(patient, column="id_number"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM patients_patient WHERE id = %s", [patient.pk])  # noqa: S608 - a name of ours
        return cursor.fetchone()[0]


@pytest.fixture
def patient(world, settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    found = worlds.patient(world)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    return found


def test_encrypted_columns_are_found():
    assert (Patient, "id_number") in rotation.encrypted_columns()


def test_values_are_sealed_in_the_database_and_clear_in_python(patient):
    assert stored(patient).startswith("v1.")
    assert Patient.objects.get(pk=patient.pk).id_number == patient.id_number


def test_rotation_moves_every_value_and_a_second_run_none(patient, settings, capsys):
    clear = patient.id_number
    call_command("rotate_field_keys")
    assert "Patient.id_number: 1" in capsys.readouterr().out
    assert stored(patient).startswith(crypto.newest_prefix())
    assert rotation.rotate(Patient, "id_number") == 0
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert Patient.objects.get(pk=patient.pk).id_number == clear


def test_rotation_leaves_emptiness_alone(patient):
    Patient.objects.filter(pk=patient.pk).update(phone="")
    assert rotation.rotate(Patient, "phone") == 0
    assert stored(patient, "phone") == ""


def test_rotation_reads_page_by_page(patient, world, settings, monkeypatch):
    monkeypatch.setattr(rotation, "_BATCH", 1)
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    worlds.patient(world, serial=2)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert rotation.rotate(Patient, "id_number") == 2


def test_a_save_in_between_is_not_undone(patient, monkeypatch):
    page = list(rotation._on_older_keys(Patient, "id_number"))
    monkeypatch.setattr(rotation, "_on_older_keys", lambda model, name: page)
    patient.id_number = "E12345678"
    patient.save(update_fields=["id_number"])
    assert rotation.rotate(Patient, "id_number") == 0
    assert Patient.objects.get(pk=patient.pk).id_number == "E12345678"


def test_a_value_of_a_lost_key_stops_the_command(patient, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match=r"Patient\.id_number: no key"):
        call_command("rotate_field_keys")
