"""The demo alliance has bookings with a mentor, whatever they said."""

from random import Random

import pytest
from django.utils import timezone

from equipment.bookings.models import Booking, Charge
from equipment.demo.mentored import load_mentored
from tests.factories import bookings as make
from tests.factories.alliance import PractitionerFactory
from tests.factories.devices import needed
from tests.factories.privileges import bare as privilege
from training.demo import Scene

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_mentor_who_is_asked_who_agreed_and_who_is_called(world):
    make.may_operate(world, level="supervised")
    known = world.county_doctor
    for person in (known.practitioner, PractitionerFactory(institution=world.county)):
        privilege(world, practitioner=person, technique=world.debridement, institution=world.county)
    device = make.lent(world)
    needed(device.type, world.debridement)
    # The first hour of that day is taken.
    today = timezone.localdate()
    houses = {"tertiary": world.tertiary, "counties": [world.county], "townships": []}
    scene = Scene(world.alliance, **houses, staff={}, today=today, dice=Random(1))  # noqa: S311
    scene.accounts = {world.practitioner.pk: world.doctor, known.practitioner_id: known}
    make.bare(world, device=device, starts_at=scene.moment(-3, 9), hours=1)
    load_mentored(scene)
    rows = Booking.objects.exclude(mentor=None).order_by("starts_at")
    found = list(rows.values_list("status", "mentor_word", "is_supervised"))
    assert found == [
        ("completed", "agreed", True), ("confirmed", "asked", True),
        ("confirmed", "agreed", True), ("confirmed", "call", True),
    ]  # fmt: skip
    assert timezone.localtime(rows[1].starts_at).hour == 13
    assert [row.people.count() for row in rows] == [2] * 4
    assert list(rows[0].events.values_list("act", flat=True)) == [
        "book", "mentor_yes", "check_in", "check_out",
    ]  # fmt: skip
    assert Charge.objects.get().booking == rows[0]
