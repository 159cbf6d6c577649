"""Checks on what was operated: each with what makes it hit, what clears it, and a near miss."""

from datetime import date, timedelta

import pytest

from alliance.core import compliance
from tests.factories import logbook as make
from tests.factories import privileges
from training.logbook.models import Case
from training.privileges.choices import Level
from training.privileges.models import Override, Suspension

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def found(world, code, *, on=DAY + timedelta(days=1), **parameters):
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=on)[f"logbook.{code}"]
    question = compliance.question(setting, alliance_ids=[world.alliance.pk], on=on)
    question.settings.update(parameters)
    return list(setting.check.rows(question))


@pytest.fixture
def alone(world, time_machine):
    """The township's doctor debrided a wound independently at home."""
    time_machine.move_to("2026-03-02T10:00+08:00", tick=False)
    case = make.case(world, role="independent", supervisor=None)
    time_machine.move_to("2026-06-01T10:00+08:00", tick=False)
    Case.objects.update(created_at="2026-03-02T10:00+08:00")
    return case


def held(world, **more):
    mine = {"practitioner": world.practitioner, "technique": world.debridement}
    return privileges.bare(world, **{**mine, "institution": world.township, **more})


def test_an_operation_without_a_privilege_is_found(world, alone):
    (row,) = found(world, "without_privilege")
    assert row["subject"] == str(alone.public_id)
    assert row["house_id"] == world.township.pk
    assert row["evidence"]["name"] == "李文"
    assert found(world, "without_privilege", on=DAY + timedelta(days=90)) == []
    assert found(world, "without_privilege", on=DAY - timedelta(days=1)) == []


def test_a_privilege_of_that_day_clears_it_one_from_the_next_day_does_not(world, alone):
    late = held(world, valid_from=DAY + timedelta(days=1))
    assert found(world, "without_privilege")
    late.delete()
    mine = held(world)
    assert found(world, "without_privilege") == []
    Suspension.objects.create(
        privilege=mine, valid_from=DAY, reason="Review", suspended_by=world.qc
    )
    assert found(world, "without_privilege")


def test_a_supervised_privilege_is_enough_under_supervision_only(world, alone):
    held(world, level=Level.SUPERVISED)
    assert found(world, "without_privilege")
    Case.objects.update(role="supervised", supervisor=world.county_doctor.practitioner)
    assert found(world, "without_privilege") == []
    Case.objects.update(role="assistant")
    assert found(world, "without_privilege") == []


def test_a_recorded_emergency_answers_for_itself(world, alone):
    Override.objects.create(
        alliance=world.alliance,
        practitioner=world.practitioner,
        technique=world.debridement,
        institution=world.township,
        at="2026-03-02T22:00+08:00",
        reason="Nobody else within an hour",
        recorded_by=world.doctor,
        report_due_at="2026-03-04T22:00+08:00",
    )
    assert found(world, "without_privilege") == []


def test_an_operation_above_the_grade_of_its_house_is_found(world, alone):
    assert found(world, "above_grade") == []
    Case.objects.update(institution=world.village)
    assert found(world, "above_grade") == []
    Case.objects.update(technique=world.appendectomy)
    assert len(found(world, "above_grade")) == 1
    Case.objects.update(institution=world.county)
    assert found(world, "above_grade") == []


def test_an_operator_short_of_years_is_found(world, alone):
    began = world.practitioner.practice_started_on
    assert found(world, "years_short") == []
    type(world.practitioner).objects.update(practice_started_on=date(2021, 3, 3))
    (row,) = found(world, "years_short")
    assert row["evidence"]["years"] == 4
    type(world.practitioner).objects.update(practice_started_on=date(2021, 3, 2))
    assert found(world, "years_short") == []
    assert began.year == 2012


def test_a_privilege_hardly_used_for_a_year_is_found(world, alone):
    mine = held(world, valid_from=date(2024, 6, 1))
    on = date(2026, 5, 31)
    (row,) = found(world, "low_volume", on=on)
    assert row["subject"] == str(mine.public_id)
    assert row["evidence"]["count"] == 0
    Case.objects.update(
        status="confirmed", confirmed_at="2026-03-03T10:00+08:00", confirmed_by=world.qc
    )
    (row,) = found(world, "low_volume", on=on, cases=2)
    assert row["evidence"]["count"] == 1
    assert found(world, "low_volume", on=on, cases=1) == []
    assert found(world, "low_volume", on=date(2025, 5, 31)) == []
