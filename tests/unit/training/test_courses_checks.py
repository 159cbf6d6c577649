"""Checks on learning: each hits, clears, and lets a near miss be."""

from datetime import date, timedelta

import pytest

from alliance.core import compliance
from alliance.core.choices import Role
from alliance.institutions.models import Membership
from tests.factories import alliance as make
from tests.factories import courses as build
from training.courses.choices import EntryStatus
from training.courses.models import Contest, HoursEntry, KeyDoctor, SimulationCentre

pytestmark = pytest.mark.django_db
# With 30 days of grace 11 hours and 0 trainings are due on this day, 12 and 1 on the next.
BEFORE, JULY = date(2026, 7, 16), date(2026, 7, 17)


@pytest.fixture(autouse=True)
def one_person(world):
    """李文 is the only one who has practised before the year."""
    type(world.practitioner).objects.exclude(pk=world.practitioner.pk).update(
        practice_started_on=date(2026, 2, 1)
    )


def found(world, code, on, alliance=None):
    """Names with what else was seen, in one query."""
    pk = (alliance or world.alliance).pk
    setting = compliance.in_force(alliance_id=pk, on=on)[f"courses.{code}"]
    asked = compliance.question(setting, alliance_ids=[pk], on=on)
    rows = setting.check.rows(asked)
    return {row["subject"]: row["evidence"] for row in rows}


def me(world):
    return str(world.practitioner.public_id)


def test_hours_fall_short_by_the_day_and_not_a_day_before(world):
    build.entry(world.practitioner, on=date(2026, 3, 1), hours=11)
    build.entry(world.practitioner, on=date(2025, 12, 31), hours=99)
    build.entry(
        world.practitioner, on=date(2026, 3, 2), hours=9, title="待确认",
        status=EntryStatus.WAITING, decided_at=None,
    )  # fmt: skip
    assert found(world, "hours_short", BEFORE) == {}
    short = found(world, "hours_short", JULY)
    assert short.keys() == {me(world)}
    assert float(short[me(world)]["had"]) == 11
    assert short[me(world)]["needed"] == 12
    build.entry(world.practitioner, on=JULY, hours=1, title="补课")
    assert found(world, "hours_short", JULY) == {}


def test_who_has_nothing_is_found_with_nothing(world):
    assert float(found(world, "hours_short", JULY)[me(world)]["had"]) == 0
    assert found(world, "hours_short", date(2026, 1, 30)) == {}


def test_hours_of_a_house_in_two_alliances_count_for_both_and_are_seen_by_both(world):
    """An entry names the alliance joined first; that decides neither findings nor who may look."""
    other = make.AllianceFactory()
    make.MembershipFactory(alliance=other, institution=world.township)
    office = make.staff(Role.ALLIANCE_OFFICE, alliance=other)
    assert found(world, "hours_short", JULY, other).keys() == {me(world)}
    entry = build.entry(world.practitioner, on=date(2026, 3, 1), hours=12, alliance=world.alliance)
    for alliance, by in ((world.alliance, world.office), (other, office)):
        assert found(world, "hours_short", JULY, alliance) == {}
        assert [*HoursEntry.objects.visible_to(by)] == [entry]
    stranger = make.staff(Role.ALLIANCE_OFFICE, alliance=make.AllianceFactory())
    assert not HoursEntry.objects.visible_to(stranger).exists()


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"title_code": "000"}, {"practice_started_on": date(2026, 1, 1)}],
    ids=["has left", "has no title", "began this year"],
)
def test_hours_are_asked_of_those_who_practise_a_whole_year(world, change):
    type(world.practitioner).objects.filter(pk=world.practitioner.pk).update(**change)
    assert found(world, "hours_short", JULY) == {}


def test_members_of_the_day_only(world):
    Membership.objects.filter(institution=world.township).update(valid_until=JULY)
    assert found(world, "hours_short", JULY) == {}
    assert found(world, "hours_short", BEFORE) != {}


def test_thematic_trainings_fall_short_after_half_a_year(world):
    build.entry(world.practitioner, on=date(2026, 3, 1), hours=9)
    assert found(world, "thematic_short", BEFORE) == {}
    short = found(world, "thematic_short", JULY)
    assert short == {me(world): {"name": "李文", "year": 2026, "had": 0, "needed": 1}}
    build.entry(world.practitioner, on=JULY, hours=1, title="专题", is_thematic=True)
    assert found(world, "thematic_short", JULY) == {}
    assert found(world, "thematic_short", date(2026, 12, 31))[me(world)]["needed"] == 2


def test_a_new_surgeon_completes_the_entry_training_within_a_month(world):
    person = world.practitioner
    person.practice_started_on = date(2026, 3, 1)
    person.save()
    person.specialties.add(world.surgery)
    assert found(world, "entry_missing", date(2026, 3, 30)) == {}
    assert found(world, "entry_missing", date(2026, 3, 31)).keys() == {me(world)}
    assert found(world, "entry_missing", date(2027, 2, 28)).keys() == {me(world)}
    assert found(world, "entry_missing", date(2027, 3, 1)) == {}
    build.completion(person, build.CourseFactory(), on=date(2026, 3, 20))
    assert found(world, "entry_missing", date(2026, 4, 9)) != {}
    build.completion(person, build.CourseFactory(is_entry=True), on=date(2026, 4, 10))
    assert found(world, "entry_missing", date(2026, 4, 9)) != {}
    assert found(world, "entry_missing", date(2026, 4, 10)) == {}


def test_a_new_physician_owes_no_entry_training(world):
    person = world.practitioner
    person.practice_started_on = date(2026, 3, 1)
    person.department = make.DepartmentFactory(institution=world.township, specialty=world.medicine)
    person.save()
    person.specialties.add(world.medicine)
    assert found(world, "entry_missing", date(2026, 6, 1)) == {}
    person.department = make.DepartmentFactory(institution=world.township, specialty=world.surgery)
    person.save()
    assert found(world, "entry_missing", date(2026, 6, 1)).keys() == {me(world)}


def test_a_township_names_a_key_doctor_who_works_there(world):
    here = str(world.township.public_id)
    assert found(world, "no_key_doctor", JULY).keys() == {
        here,
        str(world.township2.public_id),
    }
    post = KeyDoctor.objects.create(
        institution=world.township, practitioner=world.practitioner, valid_from=JULY
    )
    assert here not in found(world, "no_key_doctor", JULY)
    assert here in found(world, "no_key_doctor", BEFORE)
    post.valid_until = JULY + timedelta(days=1)
    post.save()
    assert here in found(world, "no_key_doctor", JULY + timedelta(days=1))
    world.practitioner.institution = world.county
    world.practitioner.save()
    assert here in found(world, "no_key_doctor", JULY)


def test_a_county_hospital_has_a_simulation_centre(world):
    counties = {str(world.county.public_id), str(world.county2.public_id)}
    assert found(world, "no_simulation_centre", JULY).keys() == counties
    SimulationCentre.objects.create(institution=world.county, name="中心", valid_from=JULY)
    assert found(world, "no_simulation_centre", JULY).keys() == {str(world.county2.public_id)}
    assert found(world, "no_simulation_centre", BEFORE).keys() == counties


def test_an_alliance_holds_a_contest_a_year(world):
    lead = {str(world.tertiary.public_id)}
    assert found(world, "no_contest", JULY).keys() == lead
    Contest.objects.create(
        alliance=world.alliance, name="竞赛", held_on=JULY, institution=world.county
    )
    assert found(world, "no_contest", JULY) == {}
    assert found(world, "no_contest", BEFORE).keys() == lead
    assert found(world, "no_contest", date(2027, 7, 16)) == {}
    assert found(world, "no_contest", date(2027, 7, 17)).keys() == lead
