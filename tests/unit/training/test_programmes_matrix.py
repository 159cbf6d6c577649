"""Who can do what: doctors by techniques, houses by techniques, promotion; in how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import alliance as make
from tests.factories import programmes as build
from tests.unit.training.test_programmes_selectors import operated, passed
from training.privileges import actions as privileges
from training.programmes import matrix, promotion
from training.programmes.choices import Standing

pytestmark = pytest.mark.django_db


def granted(world, who, technique, level="independent", at=None):
    return privileges.grant(
        practitioner=who,
        technique=technique,
        institution=at or who.institution,
        level=level,
        valid_from=build.ago(10),
        valid_until=build.today() + timedelta(days=300),
        by=world.office,
        ground="import",
        evidence={},
    )


def ask(world, **asked):
    return matrix.matrix(
        institution_id=world.township.pk,
        alliance_id=world.alliance.pk,
        on=build.today(),
        asked=matrix.Asked(**asked),
    )


def test_every_standing_has_its_cell(world):
    row = build.enrolment(world)
    people = {
        name: make.PractitionerFactory(institution=world.township, name=name)
        for name in ("独立", "指导", "暂停", "边学边做")
    }
    granted(world, people["独立"], world.debridement)
    granted(world, people["指导"], world.debridement, "supervised")
    stopped = granted(world, people["暂停"], world.appendectomy)
    privileges.suspend(privilege=stopped, reason="并发症", by=world.qc)
    build.enrolment(world, row.programme, practitioner=people["边学边做"])
    granted(world, people["边学边做"], world.debridement, "supervised")
    found = ask(world)
    assert [column.name for column in found.columns] == ["清创缝合术", "腹腔镜下阑尾切除术"]
    cells = {one.name: cells for one, cells in found.rows}
    assert [cell.standing for cell in cells["独立"]] == [Standing.INDEPENDENT, Standing.NONE]
    assert cells["指导"][0].label == "Supervised"
    assert cells["暂停"][1].standing == Standing.SUSPENDED
    assert (cells["李文"][0].standing, cells["李文"][0].percent) == (Standing.TRAINING, 0)
    assert (cells["边学边做"][0].standing, cells["边学边做"][0].percent) == (Standing.SUPERVISED, 0)
    spelled = {one.name: pairs for one, pairs in found.spelled}
    assert [column.name for column, _cell in spelled["独立"]] == ["清创缝合术"]


@pytest.mark.parametrize(
    ("asked", "names", "columns"),
    [
        ({}, {"李文", "甲"}, 1),
        ({"everything": True}, {"李文", "甲"}, 3),
        ({"grade": "advanced"}, {"李文", "甲"}, 0),
        ({"standing": "training"}, {"李文"}, 1),
        ({"search": "李"}, {"李文"}, 1),
        ({"department_id": -1}, set(), 0),
    ],
)
def test_what_is_asked_for(world, asked, names, columns):
    build.enrolment(world)
    make.PractitionerFactory(institution=world.township, name="甲")
    make.PractitionerFactory(institution=world.township, name="离职", is_active=False)
    found = ask(world, **asked)
    assert {one.name for one in found.doctors} == names
    assert len(found.columns) == columns


def test_ten_queries_for_any_number_of_doctors(world):
    made = build.published(world)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            found = ask(world)
        return len(seen), len(found.doctors)

    for count in (1, 15):
        for _one in range(count):
            who = make.PractitionerFactory(institution=world.township)
            build.enrolment(world, made, practitioner=who)
            granted(world, who, world.appendectomy, "supervised")
            passed(world, technique=world.debridement, who=who)
            operated(world, who=who)
        queries, doctors = cost()
        assert queries <= 10
    assert doctors == 17


def test_houses_by_techniques(world):
    build.enrolment(world)
    granted(world, world.county_doctor.practitioner, world.appendectomy)
    granted(world, world.county_doctor.practitioner, world.debridement, "supervised")
    asked = {"alliance_id": world.alliance.pk, "on": build.today()}
    with CaptureQueriesContext(connection) as seen:
        found = matrix.house_matrix(**asked)
    assert len(seen) == 4
    rows = {house.pk: counts for house, counts in found.rows}
    assert rows[world.township.pk][0] == matrix.Count3(training=1)
    assert rows[world.county.pk] == [matrix.Count3(supervised=1), matrix.Count3(independent=1)]
    assert rows[world.tertiary.pk][0].is_nothing
    assert dict(found.spelled)[world.tertiary] == []
    county = matrix.house_matrix(**asked, tier="county", grade="advanced", everything=True)
    assert {house.tier for house in county.houses} == {"county"}
    assert [column.name for column in county.columns] == ["腹腔镜下阑尾切除术"]


def test_cases_towards_promotion(world):
    operated(world, role="independent")
    operated(world, role="supervised")
    operated(world, role="assistant", technique=world.appendectomy)
    operated(world, role="supervised", technique=world.gastrectomy)
    operated(world, role="independent", technique=make.TechniqueFactory())
    (found,) = promotion.promotion(
        [world.practitioner], alliance_id=world.alliance.pk, on=build.today()
    )
    assert (found.basic, found.basic_needed, found.basic_met) == (1, 50, False)
    assert (found.advanced, found.advanced_needed, found.advanced_met) == (2, 20, False)
