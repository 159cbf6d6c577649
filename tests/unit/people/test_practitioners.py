"""Practitioners: entered, changed, let go and taken over."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from alliance.core.errors import StaleVersion
from alliance.core.models import AuditEntry
from alliance.people import actions
from alliance.people.models import Practitioner
from tests.factories import alliance as make


def enter(world, *, by=None, **changes):
    values = {
        "institution": world.county, "name": "欧阳明", "licence_number": "110330100000777",
        "title_code": "233", "practice_started_on": date(2015, 7, 1),
        "department": world.county_surgery, "specialties": [world.surgery],
    }  # fmt: skip
    return actions.create_practitioner(by=by or world.manager, **values | changes)


def test_create_keeps_pinyin_specialties_and_a_ledger_line(world):
    person = enter(world, name=" 欧阳明 ", licence_number=" 110330100000777 ")
    assert (person.name, person.pinyin, person.licence_number) == (
        "欧阳明",
        "oym",
        "110330100000777",
    )
    assert list(person.specialties.all()) == [world.surgery]
    line = AuditEntry.objects.get(action="practitioner.created")
    assert (line.actor, line.institution_id) == (world.manager, world.county.pk)
    assert "欧阳" not in str(line.data)


@pytest.mark.parametrize("who", ["outsider", "liaison", "township_manager", "system_admin"])
def test_create_is_for_the_administrator_of_that_house(world, who):
    with pytest.raises(PermissionDenied):
        enter(world, by=getattr(world, who))
    assert not Practitioner.objects.filter(licence_number="110330100000777").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"title_code": "999"}, "title_code"),
        ({"practice_started_on": date(2999, 1, 1)}, "practice_started_on"),
        ({"licence_valid_until": date(2000, 1, 1)}, "licence_valid_until"),
    ],
)
def test_create_names_the_field_that_is_wrong(world, changes, field):
    with pytest.raises(ValidationError) as refusal:
        enter(world, **changes)
    assert list(refusal.value.message_dict) == [field]


def test_create_refuses_a_department_of_another_house(world):
    foreign = make.DepartmentFactory(institution=world.tertiary, specialty=world.surgery)
    with pytest.raises(ValidationError) as refusal:
        enter(world, department=foreign)
    assert "department" in refusal.value.message_dict


def test_create_refuses_a_licence_that_is_held(world):
    held = make.PractitionerFactory(institution=world.tertiary)
    with pytest.raises(ValidationError, match="云溪市第一医院"):
        enter(world, licence_number=held.licence_number)
    enter(world)
    with pytest.raises(ValidationError, match="already entered here"):
        enter(world)


def test_create_takes_over_whoever_another_house_let_go(world):
    left = make.PractitionerFactory(institution=world.tertiary, is_active=False)
    person = enter(world, licence_number=left.licence_number)
    assert person.pk == left.pk
    assert (person.institution, person.is_active) == (world.county, True)
    assert AuditEntry.objects.get(action="practitioner.moved").data == {"from": world.tertiary.pk}


def test_update_changes_counts_the_version_and_hides_names_in_the_ledger(world):
    person = enter(world)
    actions.update_practitioner(
        practitioner=person, by=world.manager, version=1, name="欧阳清", title_code="232",
        specialties=[world.medicine],
    )  # fmt: skip
    person.refresh_from_db()
    assert (person.name, person.pinyin, person.version) == ("欧阳清", "oyq", 2)
    data = AuditEntry.objects.get(action="practitioner.changed").data["changed"]
    assert data["name"] is True
    assert data["title_code"] == ["233", "232"]
    assert data["specialties"] == [[world.surgery.pk], [world.medicine.pk]]


def test_update_without_a_difference_writes_nothing(world):
    person = enter(world)
    actions.update_practitioner(
        practitioner=person, by=world.manager, name="欧阳明", specialties=[world.surgery]
    )
    person.refresh_from_db()
    assert person.version == 1
    assert not AuditEntry.objects.filter(action="practitioner.changed").exists()


def test_update_refuses_what_was_changed_meanwhile_and_strangers(world):
    person = enter(world)
    actions.update_practitioner(practitioner=person, by=world.manager, version=1, phone="1")
    with pytest.raises(StaleVersion):
        actions.update_practitioner(practitioner=person, by=world.manager, version=1, phone="2")
    with pytest.raises(PermissionDenied):
        actions.update_practitioner(practitioner=person, by=world.outsider, phone="3")


def test_letting_go_and_taking_back(world):
    person = enter(world)
    for is_active in (False, False, True):
        actions.set_practitioner_active(practitioner=person, is_active=is_active, by=world.manager)
    person.refresh_from_db()
    assert (person.is_active, person.version) == (True, 3)
    lines = AuditEntry.objects.filter(action__startswith="practitioner.").order_by("id")
    assert [line.action for line in lines] == [
        "practitioner.created",
        "practitioner.deactivated",
        "practitioner.activated",
    ]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"title_code": "999"}, "people_practitioner_title"),
        ({"licence_number": "TAKEN"}, "people_practitioner_licence_number_key"),
    ],
)
def test_constraints_refuse(world, changes, constraint):
    make.PractitionerFactory(licence_number="TAKEN")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.PractitionerFactory(**changes)
