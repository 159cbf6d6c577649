"""Finding patients: by number, by name, look-alikes; and never those of others."""

from datetime import date
from uuid import uuid4

import pytest

from alliance.core.choices import Permission
from alliance.patients import actions, policies, selectors
from alliance.patients.models import Consent, Patient
from alliance.patients.templatetags.patients import age
from alliance.people.models import RoleGrant
from tests import worlds


def test_find_by_number_whatever_the_writing(patient, person):
    number = person["id_number"]
    for written in (number, number.lower(), f" {number[:6]} {number[6:]} "):
        assert selectors.find_by_number("01", written) == patient
    assert selectors.find_by_number("03", number) is None
    assert selectors.find_by_number("01", "  ") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张", True),
        ("张三", True),
        ("zs", True),
        ("ZS", True),
        ("z", True),
        ("李", False),
        ("", False),
        ("  ", False),
        ("330100", False),
        ("NUMBER", True),
    ],
)
def test_look_up_by_name_initials_or_whole_number(world, patient, person, text, found):
    text = person["id_number"] if text == "NUMBER" else text
    assert selectors.look_up(user=world.doctor, text=text) == ([patient] if found else [])
    assert selectors.look_up(user=world.liaison, text=text) == []


def test_possible_duplicates_are_alike_in_sound_and_birth_date(world, patient):
    def alike(**changes):
        facts = {"user": world.doctor, "name": "章珊", "birth_date": date(1980, 1, 1)} | changes
        return list(selectors.possible_duplicates(**facts))

    assert alike() == [patient]
    assert alike(exclude=patient) == []
    assert alike(birth_date=date(1980, 1, 2)) == []
    assert alike(name="李四") == []
    assert alike(name="李四", id_number=patient.id_number) == [patient]
    assert alike(user=world.liaison) == []


def test_search_takes_wildcards_for_what_they_are(world, patient):
    rows = Patient.objects.visible_to(world.doctor)
    assert not rows.search("%").exists()
    assert not rows.search("_三").exists()


@pytest.mark.parametrize(
    "who", ["outsider", "liaison", "office", "qc", "auditor", "system_admin", "security_admin"]
)
def test_visible_entry_is_for_care_parties(world, patient, who):
    user = getattr(world, who)
    assert selectors.visible_entry(public_id=patient.public_id, user=user) is None
    assert policies.held(user, patient) == frozenset()


def test_visible_entry_of_nobody(world):
    assert selectors.visible_entry(public_id=uuid4(), user=world.doctor) is None


@pytest.mark.parametrize(
    ("born", "died", "words"),
    [
        (date(2024, 11, 21), None, "2 years"),
        (date(2024, 11, 22), None, "23 months"),
        (date(2026, 10, 20), None, "1 month"),
        (date(1980, 1, 1), date(2000, 6, 1), "20 years"),
    ],
)
def test_age_is_said_in_years_or_for_the_small_in_months(born, died, words, time_machine):
    time_machine.move_to("2026-11-21T12:00:00+08:00")
    assert age(Patient(birth_date=born, deceased_on=died)) == words


def test_place_prefers_where_one_acts(world, patient):
    actions.grant_access(
        patient=patient, institution=world.county, reason="referred", by=world.doctor
    )
    RoleGrant.objects.create(
        user=world.doctor, role="doctor", institution=world.county, valid_from=date(2020, 1, 1)
    )
    del world.doctor.access
    for preferred, expected in [
        (world.county, world.county),
        (world.township, world.township),
        (world.tertiary, min(world.township, world.county, key=lambda i: i.pk)),
        (None, min(world.township, world.county, key=lambda i: i.pk)),
    ]:
        found = policies.place(world.doctor, Permission.PATIENT_VIEW, patient, preferred)
        assert found == expected


def test_has_access(world, patient):
    assert selectors.has_access(patient.pk, world.township.pk)
    assert not selectors.has_access(patient.pk, world.county.pk)


def test_consents_are_seen_by_care_parties(world):
    leg = worlds.pending_referral(world)
    assert list(Consent.objects.visible_to(world.doctor)) == [leg.consent]
    assert list(Consent.objects.visible_to(world.liaison)) == [leg.consent]
    assert not Consent.objects.visible_to(world.outsider).exists()
