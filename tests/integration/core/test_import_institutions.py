"""Institutions and departments come in by the rules of a single one."""

import pytest

from alliance.core.exchange.plan import Row
from alliance.core.identifiers import uscc_with_check
from alliance.institutions import actions as institutions
from alliance.institutions.choices import Tier
from alliance.institutions.models import Department, Institution, Relation
from tests.factories import alliance as make
from tests.factories.files import xlsx_file
from tests.integration.core.importing import bring_in, counts, speak_english, wrong

USCC = [uscc_with_check(f"1233010099900{number:03d}0") for number in range(9)]


@pytest.fixture(autouse=True)
def speaking_english(world):
    speak_english(world.office, world.manager, world.system_admin, world.township_manager)


INSTITUTION = ["uscc", "name", "tier", "type_code", "division_code"]


def test_institutions_are_added_and_changed(world):
    job = bring_in(
        world.office,
        "institutions",
        [*INSTITUTION, "beds", "grade"],
        [USCC[0], "石门镇卫生院", "Township hospital", "C220", "330122", "30", ""],
        [
            world.county.uscc,
            "云溪县第一人民医院",
            "county",
            "A100",
            "330122",
            "400",
            "Level two, A",
        ],
        [world.township.uscc, "青山镇卫生院", "township", "C220", "330100", "20", ""],
    )
    assert counts(job) == (1, 1, 1)
    added = Institution.objects.get(uscc=USCC[0])
    assert (added.short_name, added.pinyin, added.beds) == ("石门镇卫生院", "smzwsy", 30)
    world.county.refresh_from_db()
    assert (world.county.name, world.county.grade, world.county.beds) == (
        "云溪县第一人民医院",
        6,
        400,
    )
    assert world.county.short_name == "云溪县人民医院"


def test_who_maintains_one_house_adds_none(world):
    row = dict(
        zip(INSTITUTION, [USCC[0], "石门镇卫生院", "township", "C220", "330122"], strict=True)
    )
    plan = institutions.plan_institutions(
        rows=[Row(2, {**row, "short_name": ""})], by=world.manager
    )
    assert [error.message for error in plan.errors] == ["You may not add institutions."]
    assert plan.new[0].values["short_name"] == "石门镇卫生院"


def test_clinics_come_with_the_township_of_the_same_file(world):
    job = bring_in(
        world.office,
        "institutions",
        [*INSTITUTION, "parent"],
        [USCC[1], "石门村卫生室", "village", "D600", "330122", USCC[0]],
        [USCC[2], "下洋村卫生室", "village", "D600", "330122", "石门镇卫生院"],
        [USCC[3], "白沙村卫生室", "village", "D600", "330122", world.township2.name],
        [USCC[0], "石门镇卫生院", "township", "C220", "330122", ""],
        [world.village.uscc, world.village.name, "village", "D600", "330100", USCC[0]],
    )
    assert counts(job) == (4, 1, 0)
    parents = dict(
        Institution.objects.filter(tier=Tier.VILLAGE).values_list("uscc", "parent__name")
    )
    assert parents == {
        USCC[1]: "石门镇卫生院",
        USCC[2]: "石门镇卫生院",
        USCC[3]: "白沙镇卫生院",
        world.village.uscc: "石门镇卫生院",
    }


def test_institutions_keep_the_rules_of_a_single_one(world):
    job = bring_in(
        world.office,
        "institutions",
        [*INSTITUTION, "parent"],
        [USCC[0][:-1] + "0", "wrong check character", "township", "C220", "330122", ""],
        [USCC[1], "no type", "township", "22", "330122", ""],
        [USCC[2], "no province", "township", "C220", "990122", ""],
        [USCC[3], "orphan", "village", "D600", "330122", ""],
        [USCC[4], "under a county", "village", "D600", "330122", world.county.uscc],
        [USCC[5], "township under a township", "township", "C220", "330122", world.township.uscc],
        [USCC[6], "unknown parent", "village", "D600", "330122", "nobody"],
    )
    assert wrong(job) == [
        (2, "uscc"), (3, "type_code"), (4, "division_code"), (5, "parent"), (6, "parent"),
        (7, "parent"), (8, "parent"), (8, "parent"),
    ]  # fmt: skip


def test_a_clinic_keeps_its_parent_when_the_file_has_no_such_column(world):
    job = bring_in(
        world.office,
        "institutions",
        INSTITUTION,
        [world.village.uscc, "新名卫生室", "village", "D600", "330100"],
    )
    assert counts(job) == (0, 1, 0)
    world.village.refresh_from_db()
    assert (world.village.name, world.village.parent) == ("新名卫生室", world.township)


def test_two_parents_of_one_name_are_ambiguous(world):
    job = bring_in(
        world.office,
        "institutions",
        [*INSTITUTION, "parent"],
        [USCC[0], "同名卫生院", "township", "C220", "330122", ""],
        [USCC[1], "同名卫生院", "township", "C220", "330122", ""],
        [USCC[2], "村卫生室", "village", "D600", "330122", "同名卫生院"],
    )
    assert (4, "parent") in wrong(job)
    assert "several" in job.errors[0]["reason"]


def test_a_new_tier_turns_the_relations(world):
    cell = Relation.objects.get(sender=world.township, receiver=world.county2)
    assert cell.direction == "up"
    bring_in(
        world.office,
        "institutions",
        INSTITUTION,
        [world.township.uscc, "青山镇卫生院", "county", "A100", "330100"],
    )
    cell.refresh_from_db()
    assert cell.direction == "lateral"


def test_an_office_changes_no_institution_of_another_alliance(world):
    make.MembershipFactory(alliance=make.AllianceFactory(), institution=world.outside)
    rows = [INSTITUTION, [world.outside.uscc, "改名医院", "county", "A100", "330100"]]
    assert wrong(bring_in(world.office, "institutions", *rows)) == [(2, "uscc")]
    assert counts(bring_in(world.system_admin, "institutions", *rows)) == (0, 1, 0)


DEPARTMENT = ["code", "name", "specialty"]


def test_departments_of_ones_own_house_need_not_name_it(world):
    job = bring_in(
        world.manager,
        "departments",
        [*DEPARTMENT, "beds"],
        ["0301", "骨科", "04.01", "12"],
        [world.county_surgery.code, "普外科一病区", "普通外科专业", ""],
    )
    assert counts(job) == (1, 1, 0)
    added = Department.objects.get(institution=world.county, code="0301")
    assert (added.name, added.pinyin, added.beds, added.specialty) == (
        "骨科",
        "gk",
        12,
        world.surgery,
    )


def test_departments_typed_as_numbers_in_excel_keep_their_code(world):
    def dress(sheet):
        sheet["A2"].number_format = "0000"

    job = bring_in(
        world.manager, "departments", DEPARTMENT, [301, "骨科", "04.01"],
        make=lambda *rows: xlsx_file(*rows, dress=dress),
    )  # fmt: skip
    assert counts(job) == (1, 0, 0)
    assert Department.objects.filter(institution=world.county, code="0301").exists()


def test_departments_of_several_houses_by_the_office(world):
    job = bring_in(
        world.office,
        "departments",
        ["institution", *DEPARTMENT],
        [world.county.uscc, "0301", "骨科", "04.01"],
        [world.township.name, "0301", "骨科", "04.01"],
    )
    assert counts(job) == (2, 0, 0)


def test_departments_of_houses_one_does_not_maintain(world):
    job = bring_in(
        world.manager,
        "departments",
        ["institution", *DEPARTMENT],
        [world.township.uscc, "0301", "骨科", "04.01"],
        ["", "0302", "骨科", "04.01"],
        ["nobody", "0303", "骨科", "04.01"],
    )
    assert wrong(job) == [(2, "institution"), (4, "institution")]


def test_an_office_must_name_the_house(world):
    assert wrong(bring_in(world.office, "departments", DEPARTMENT, ["0301", "骨科", "04.01"])) == [
        (2, "Institution's credit code")
    ]


def test_one_code_twice_in_one_house_however_it_is_named(world):
    job = bring_in(
        world.office,
        "departments",
        ["institution", *DEPARTMENT],
        [world.county.uscc, "0301", "骨科", "04.01"],
        [world.county.name, "0301", "骨科", "04.01"],
    )
    assert wrong(job) == [(3, "code")]
