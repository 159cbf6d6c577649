"""Where else people practise, and when they do not work."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.core.models import AuditEntry
from alliance.people import actions as people
from alliance.people.models import Absence, PracticeSite
from tests.factories import alliance as make

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def placed():
    """A practitioner registered at a second house in May and away in May."""
    person = make.PractitionerFactory()
    house = make.InstitutionFactory()
    PracticeSite.objects.create(
        practitioner=person, institution=house, valid_from=MAY, valid_until=JUNE
    )
    Absence.objects.create(practitioner=person, kind="leave", valid_from=MAY, valid_until=JUNE)
    return person, house


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"valid_from": JULY, "valid_until": JUNE}, "people_practicesite_period"),
        ({"valid_from": date(2026, 5, 31), "valid_until": None}, "people_practicesite_no_overlap"),
    ],
)
def test_sites_refuse(placed, values, constraint):
    person, house = placed
    PracticeSite.objects.create(practitioner=person, institution=house, valid_from=JUNE)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PracticeSite.objects.create(practitioner=person, institution=house, **values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"valid_from": JULY, "valid_until": JULY}, "people_absence_period"),
        ({"valid_from": JUNE, "valid_until": JULY, "kind": "party"}, "people_absence_kind"),
        ({"valid_from": date(2026, 5, 31), "valid_until": JULY}, "people_absence_no_overlap"),
    ],
)
def test_absences_refuse(placed, values, constraint):
    person, _house = placed
    Absence.objects.create(practitioner=person, kind="illness", valid_from=JUNE, valid_until=JULY)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Absence.objects.create(practitioner=person, **{"kind": "leave", **values})


def test_only_the_staff_s_own_house_knows_who_is_away(world, placed):
    person, _house = placed
    away = Absence.objects.get(practitioner=person)
    person.institution = world.township
    person.save()
    assert away in Absence.objects.visible_to(world.township_manager)
    assert away not in Absence.objects.visible_to(world.manager)
    assert away not in Absence.objects.visible_to(world.doctor)


def test_in_force_is_a_half_open_question(placed):
    person, _house = placed
    assert Absence.objects.in_force(date(2026, 5, 31)).filter(practitioner=person).exists()
    assert not Absence.objects.in_force(JUNE).exists()


def test_a_house_registers_whom_it_lets_practise(world):
    person = world.practitioner
    site = people.add_site(
        practitioner=person,
        institution=world.county,
        valid_from=MAY,
        by=world.manager,
        note=" 周三 ",
    )
    assert (site.note, site.valid_until) == ("周三", None)
    for by, house, error in [
        (world.township_manager, world.county, PermissionDenied),
        (world.township_manager, world.township, ValidationError),
        (world.manager, world.county, ValidationError),
    ]:
        with pytest.raises(error):
            people.add_site(practitioner=person, institution=house, valid_from=JUNE, by=by)
    with pytest.raises(PermissionDenied):
        people.end_site(site=site, by=world.township_manager)
    assert people.end_site(site=site, by=world.manager).valid_until == timezone.localdate()
    with pytest.raises(DomainError):
        people.end_site(site=site, by=world.manager)
    acts = AuditEntry.objects.filter(subject_id=str(person.public_id)).order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["site.added", "site.ended"]
