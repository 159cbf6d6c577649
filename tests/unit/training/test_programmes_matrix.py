"""Who can do what: doctors by techniques, houses by techniques, promotion; in how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from alliance.core.models import PolicySetting
from alliance.people.models import PracticeSite
from tests.factories import alliance as make
from tests.factories import programmes as build
from tests.factories import standards as admissions
from tests.unit.training.test_programmes_selectors import operated, passed
from training.privileges import actions as privileges
from training.privileges import selectors as register
from training.privileges.models import Privilege
from training.programmes import matrix, promotion
from training.programmes.actions.exporting import export_matrix
from training.programmes.choices import Need, StageKind, Standing

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
        institution=world.township,
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
    cells = {one.name: [cell for _column, cell in pairs] for one, pairs in found.rows}
    assert [cell.standing for cell in cells["独立"]] == [Standing.INDEPENDENT, Standing.NONE]
    assert cells["指导"][0].label == "Supervised"
    assert cells["暂停"][1].standing == Standing.SUSPENDED
    assert cells["暂停"][1].said.startswith("Suspended: Graded Advanced")
    assert (cells["李文"][0].standing, cells["李文"][0].percent) == (Standing.TRAINING, 0)
    assert (cells["边学边做"][0].standing, cells["边学边做"][0].percent) == (Standing.SUPERVISED, 0)
    spelled = {one.name: pairs for one, pairs in found.spelled}
    (line,) = spelled["独立"]
    assert (line.mark, [column.name for column, _cell in line.cells]) == ("✓", ["清创缝合术"])
    assert [line.mark for line in spelled["李文"]] == [""]


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


def everything_asked(world):
    """A programme that asks for something of every kind."""
    return build.published(
        world,
        build.THEORY,
        (StageKind.THEORY, (Need.COURSE, 1, {"variety": "technique"}), (Need.HOURS, 9, {})),
        (StageKind.SIMULATION, (Need.STATION, 1, {"station_code": "peg"})),
        (StageKind.CLINICAL, (Need.CASES, 2, {"part": "supervised"}), (Need.MONTHS, 1, {})),
        build.ASSESSMENT,
    )


def test_ten_queries_for_any_number_of_doctors(world):
    made = everything_asked(world)

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
    admissions.admitted(world)
    granted(world, world.county_doctor.practitioner, world.appendectomy)
    granted(world, world.county_doctor.practitioner, world.debridement, "supervised")
    granted(world, make.PractitionerFactory(institution=world.county), world.gastrectomy)
    asked = {"alliance_id": world.alliance.pk, "on": build.today()}
    with CaptureQueriesContext(connection) as seen:
        found = matrix.house_matrix(**asked)
    assert len(seen) == 4
    rows = {house.pk: counts for house, counts in found.rows}
    assert rows[world.township.pk][0] == matrix.Counts(training=1)
    assert rows[world.county.pk] == [
        matrix.Counts(supervised=1), matrix.Counts(independent=1), matrix.Counts(blocked=1),
    ]  # fmt: skip
    assert rows[world.tertiary.pk][0].is_nothing
    assert dict(found.spelled)[world.tertiary] == []
    county = matrix.house_matrix(**asked, tier="county", grade="advanced", everything=True)
    assert {house.tier for house in county.houses} == {"county"}
    assert [column.name for column in county.columns] == ["腹腔镜下阑尾切除术"]


# What a doctor of a house is, by which the answer differs.
PEOPLE = {
    "plain": {},
    "licence ended": {"licence_valid_until": build.ago(1)},
    "licence ends today": {"licence_valid_until": build.ago(0)},
    "young": {"practice_started_on": build.ago(400)},
}
STANDINGS = {"yes": Standing.INDEPENDENT, "supervised": Standing.SUPERVISED}


def people_of_every_kind(world, house):
    """Doctors of every kind, each with a privilege for something, supervised and not, or stopped."""
    techniques = (world.debridement, world.appendectomy, world.gastrectomy)
    for about in PEOPLE.values():
        for level in ("independent", "supervised"):
            who = make.PractitionerFactory(institution=house, **about)
            for technique in techniques:
                granted(world, who, technique, level)
    stopped, gone, later = (make.PractitionerFactory(institution=house) for _each in range(3))
    for technique in techniques:
        privileges.suspend(
            privilege=granted(world, stopped, technique), reason="并发症", by=world.qc
        )
        privileges.withdraw(privilege=granted(world, gone, technique), reason="停用", by=world.qc)
        row = granted(world, later, technique)
        Privilege.objects.filter(pk=row.pk).update(valid_from=build.ago(-1))


def one_by_one(who, technique, house):
    return register.may_perform(
        practitioner_id=who.pk,
        technique_id=technique,
        institution_id=house.pk,
        on=build.today(),
    )


def needs_of_its_own(world):
    """A newer edition: debridement needs two years, appendectomies twenty, suspended somewhere."""
    edition = make.EditionFactory(alliance=world.alliance)
    for technique, grade, tiers, years in (
        (world.debridement, "basic", ["township", "county"], 1),
        (world.appendectomy, "advanced", ["township", "county"], 20),
        (world.gastrectomy, "complex", ["county"], 2),
    ):
        make.EntryFactory(edition=edition, technique=technique, grade=grade, tiers=tiers)
        make.RequirementFactory(
            edition=edition, grade="", technique=technique, side="operator", kind="years",
            minimum=years,
        )  # fmt: skip
    make.RequirementFactory(
        edition=edition, grade="basic", side="operator", kind="years", minimum=30
    )
    edition.status, edition.effective_from = "published", build.ago(20)
    edition.published_at = "2026-01-01T00:00Z"
    edition.save()


def admitted_here_and_there(world):
    admissions.admitted(world)
    stopped = admissions.admitted(world, technique=world.gastrectomy)
    admissions.suspended(stopped, world, valid_from=build.ago(3))


def no_admission_needed(world):
    world.gastrectomy.is_restricted = True
    world.gastrectomy.save()
    PolicySetting.objects.create(
        alliance=world.alliance, key="admission.grades", value="none",
        effective_from=build.ago(9), source="test",
    )  # fmt: skip


@pytest.mark.parametrize(
    "lay",
    [lambda w: None, admitted_here_and_there, no_admission_needed, needs_of_its_own],
    ids=["as founded", "admitted", "no admission needed", "another edition"],
)
def test_cells_and_counts_say_what_may_perform_says(world, lay):
    lay(world)
    answers = {}
    for house in (world.county, world.township):
        people_of_every_kind(world, house)
        found = matrix.matrix(
            institution=house,
            alliance_id=world.alliance.pk,
            on=build.today(),
            asked=matrix.Asked(everything=True),
        )
        for who, cells in found.rows:
            for column, cell in cells:
                answer = one_by_one(who, column.technique_id, house)
                answers[house.pk, column.technique_id, who.pk] = answer
                if answer.may:
                    assert cell.standing == STANDINGS[answer.verdict]
                    assert cell.why == ()
                elif answer.privilege_id:
                    is_suspended = "suspended" in answer.codes
                    expected = Standing.SUSPENDED if is_suspended else Standing.BLOCKED
                    assert cell.standing == expected
                    assert cell.why == tuple(one.text for one in answer.reasons) != ()
                else:
                    assert cell == matrix.NOTHING
    counts = matrix.house_matrix(
        alliance_id=world.alliance.pk, on=build.today(), everything=True
    ).counts
    for (house, technique), count in counts.items():
        here = [one for key, one in answers.items() if key[:2] == (house, technique)]
        verdicts = [one.verdict for one in here]
        assert count.independent == verdicts.count("yes")
        assert count.supervised == verdicts.count("supervised")
        stopped = [one for one in here if not one.may and one.privilege_id is not None]
        assert count.suspended == sum("suspended" in one.codes for one in stopped)
        assert count.blocked == len(stopped) - count.suspended
    assert {one.verdict for one in answers.values()} == {"yes", "supervised", "no"}


def test_who_is_licensed_elsewhere_too_counts_where_they_may(world):
    visitor = world.county_doctor.practitioner
    granted(world, visitor, world.debridement, at=world.township)
    asked = {"alliance_id": world.alliance.pk, "on": build.today()}
    pair = world.township.pk, world.debridement.pk
    assert matrix.house_matrix(**asked).counts[pair] == matrix.Counts(blocked=1)
    PracticeSite.objects.create(
        practitioner=visitor, institution=world.township, valid_from=build.ago(5)
    )
    assert matrix.house_matrix(**asked).counts[pair] == matrix.Counts(independent=1)


def test_who_works_elsewhere_stands_below_the_staff_with_the_same_answers(world):
    visitor, guest = (
        world.county_doctor.practitioner,
        make.PractitionerFactory(institution=world.county, name="外院"),
    )
    make.PractitionerFactory(institution=world.county, name="无关")
    for who, begun, ended in ((visitor, 5, None), (guest, 50, build.ago(1))):
        granted(world, who, world.debridement, at=world.township)
        PracticeSite.objects.create(
            practitioner=who, institution=world.township, valid_from=build.ago(begun),
            valid_until=ended,
        )  # fmt: skip
    make.PractitionerFactory(institution=world.township, name="甲")
    found = ask(world)
    names = [one.name for one in found.doctors]
    assert set(names[:2]) == {"李文", "甲"}
    assert set(names[2:]) == {visitor.name, "外院"}
    for who, standing in ((visitor, Standing.INDEPENDENT), (guest, Standing.BLOCKED)):
        cell = found.cell(who.pk, world.debridement.pk)
        answer = one_by_one(who, world.debridement.pk, world.township)
        assert (cell.standing, cell.why) == (standing, tuple(one.text for one in answer.reasons))
    counts = matrix.house_matrix(alliance_id=world.alliance.pk, on=build.today()).counts
    pair = world.township.pk, world.debridement.pk
    assert counts[pair] == matrix.Counts(independent=1, blocked=1)
    assert {one.name for one in ask(world, search="外").doctors} == {"外院"}


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


def test_a_visitor_leaves_for_excel_with_their_own_house(world):
    visitor = world.county_doctor.practitioner
    granted(world, visitor, world.debridement, at=world.township)
    PracticeSite.objects.create(
        practitioner=visitor, institution=world.township, valid_from=build.ago(5)
    )
    with export_matrix(found=ask(world), institution=world.township, by=world.manager) as file:
        told = list(load_workbook(file).active.iter_rows(values_only=True))
    rows = {row[0]: row[1] for row in told}
    assert rows[visitor.name].endswith(f"· {world.county}")
