"""Whose practitioners leave in a file: of one's own houses, of one's members, or all."""

import pytest
from django.utils import timezone

from alliance.people.models import Practitioner
from alliance.people.tables import Practitioners
from tests.factories import alliance as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(world):
    """One practitioner in each of these houses, beside those of the cast."""
    houses = {"township": world.township, "county": world.county, "outside": world.outside}
    return {name: make.PractitionerFactory(institution=house) for name, house in houses.items()}


@pytest.mark.parametrize(
    ("who", "houses"),
    [
        ("township_manager", {"township"}),
        ("liaison", {"county"}),
        ("office", {"township", "county"}),
        ("system_admin", {"township", "county", "outside"}),
        ("doctor", set()),
    ],
)
def test_the_file_holds_those_one_exports_for(world, staff, who, houses):
    by = getattr(world, who)
    found = set(Practitioner.objects.exported_by(by, timezone.localdate()))
    assert {name for name, person in staff.items() if person in found} == houses
    assert set(Practitioners().exported(by=by)) == found
