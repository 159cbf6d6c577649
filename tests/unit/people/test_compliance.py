"""The check on licences: what makes it hit, what clears it, and near misses."""

from datetime import date, timedelta

import pytest

from alliance.core import compliance
from alliance.people.models import Practitioner

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)


def found(world, *, on=ON):
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=on)["people.licence_ending"]
    return list(
        setting.check.rows(compliance.question(setting, alliance_ids=[world.alliance.pk], on=on))
    )


def licence_until(world, day, **more):
    Practitioner.objects.filter(pk=world.practitioner.pk).update(licence_valid_until=day, **more)


def test_a_licence_that_ends_within_the_notice_is_found(world):
    licence_until(world, ON + timedelta(days=60))
    (row,) = found(world)
    assert row["subject"] == str(world.practitioner.public_id)
    assert row["house_id"] == world.township.pk
    assert row["due_on"] == ON + timedelta(days=60)
    assert row["evidence"] == {"name": "李文", "until_on": "2026-05-01"}


def test_one_that_ended_long_ago_is_found_too(world):
    licence_until(world, ON - timedelta(days=400))
    assert len(found(world)) == 1


@pytest.mark.parametrize(
    ("day", "more"),
    [
        (ON + timedelta(days=61), {}),
        (None, {}),
        (ON, {"is_active": False}),
    ],
    ids=["a day too far", "without end", "left"],
)
def test_near_misses(world, day, more):
    licence_until(world, day, **more)
    assert found(world) == []


def test_a_renewed_licence_is_right_again(world):
    licence_until(world, ON)
    assert len(found(world)) == 1
    licence_until(world, ON + timedelta(days=365))
    assert found(world) == []


def test_people_of_houses_outside_the_alliance_are_not_looked_at(world):
    licence_until(world, ON, institution=world.outside)
    assert found(world) == []
