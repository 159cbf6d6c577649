"""Each noun comes in by the rules of its room, and comes out so that it can come in again."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from alliance.catalogue import actions as catalogue
from alliance.catalogue.models import Disease, Technique
from alliance.core.choices import ImportState, Role
from alliance.core.exchange import actions, exporting, sheets, spec, work
from alliance.core.exchange.plan import Row
from alliance.core.identifiers import uscc_with_check
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.institutions import actions as institutions
from alliance.institutions.choices import Tier
from alliance.institutions.models import Department, Institution, Relation
from alliance.people.models import Invitation, Practitioner, User
from tests.factories import alliance as make
from tests.factories.files import cells, csv_file, xlsx_file

USCC = [uscc_with_check(f"1233010099900{number:03d}0") for number in range(9)]


@pytest.fixture(autouse=True)
def speaking_english(world):
    for user in (world.office, world.manager, world.system_admin, world.township_manager):
        user.language = "en"
        user.save()


def bring_in(by, table, *rows, make_file=csv_file, institution=None):
    """Upload, check and, where nothing is wrong, import."""
    job = actions.upload(
        by=by,
        table=spec.find(table),
        file=make_file(*rows),
        institution_id=getattr(institution, "pk", None),
    )
    work.check(job_id=job.pk)
    job.refresh_from_db()
    if job.state == ImportState.CHECKED:
        actions.confirm(job=job, by=by)
        work.run(job_id=job.pk)
        job.refresh_from_db()
    return job


def counts(job):
    assert job.state == ImportState.DONE, job.errors
    return job.summary["new"], job.summary["changed"], job.summary["same"]


def wrong(job):
    assert job.state == ImportState.REFUSED
    return [(error["row"], error["column"]) for error in job.errors]


# --- institutions ----------------------------------------------------------------------------------

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


# --- departments ---------------------------------------------------------------------------------

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
        make_file=lambda *rows: xlsx_file(*rows, dress=dress),
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


# --- practitioners -------------------------------------------------------------------------------

PRACTITIONER = ["licence_number", "name", "title_code", "practice_started_on"]


def test_practitioners_are_added_and_changed(world):
    here = make.PractitionerFactory(institution=world.county, name="旧名")
    job = bring_in(
        world.manager,
        "practitioners",
        [*PRACTITIONER, "sex", "department", "specialties", "licence_valid_until"],
        [
            "110330100099001",
            "单小明",
            "Attending physician",
            "2015-07-01",
            "male",
            world.county_surgery.code,
            "04.01; 03.03",
            "2030-01-01",
        ],
        [
            here.licence_number,
            "新名",
            here.title_code,
            here.practice_started_on,
            "",
            "",
            "03.03",
            "",
        ],
    )
    assert counts(job) == (1, 1, 0)
    added = Practitioner.objects.get(licence_number="110330100099001")
    assert (added.pinyin, added.sex, added.title_code, added.version) == ("sxm", "male", "233", 1)
    assert (added.institution, added.department) == (world.county, world.county_surgery)
    assert added.licence_valid_until == date(2030, 1, 1)
    assert set(added.specialties.all()) == {world.surgery, world.medicine}
    here.refresh_from_db()
    assert (here.name, here.version, list(here.specialties.all())) == ("新名", 2, [world.medicine])


def test_specialties_are_taken_away_and_left_alone(world):
    here = make.PractitionerFactory(institution=world.county)
    here.specialties.set([world.surgery])
    row = [here.licence_number, here.name, here.title_code, here.practice_started_on]
    assert counts(bring_in(world.manager, "practitioners", PRACTITIONER, row)) == (0, 0, 1)
    with_column = bring_in(
        world.manager, "practitioners", [*PRACTITIONER, "specialties"], [*row, ""]
    )
    assert counts(with_column) == (0, 1, 0)
    assert not here.specialties.exists()


def test_practitioners_keep_the_rules_of_a_single_one(world):
    elsewhere = make.PractitionerFactory(institution=world.township)
    strange = make.DepartmentFactory(institution=world.township, code="X1", name="外院科室")
    job = bring_in(
        world.manager,
        "practitioners",
        [*PRACTITIONER, "licence_valid_until", "department", "institution"],
        ["110330100099001", "future", "233", "2999-01-01", "", "", ""],
        ["110330100099002", "expired before", "233", "2015-01-01", "2014-01-01", "", ""],
        ["110330100099003", "strange department", "233", "2015-01-01", "", strange.code, ""],
        ["110330100099004", "strange house", "233", "2015-01-01", "", "", world.township.uscc],
        [elsewhere.licence_number, "held elsewhere", "233", "2015-01-01", "", "", ""],
    )
    assert wrong(job) == [
        (2, "practice_started_on"), (3, "licence_valid_until"), (4, "department"),
        (5, "institution"), (6, "licence_number"),
    ]  # fmt: skip
    assert world.township.short_name in job.errors[-1]["reason"]


def test_a_licence_that_was_let_go_comes_over(world):
    ward = make.DepartmentFactory(institution=world.township)
    gone = make.PractitionerFactory(institution=world.township, department=ward, is_active=False)
    job = bring_in(
        world.manager,
        "practitioners",
        PRACTITIONER,
        [gone.licence_number, gone.name, "233", "2015-01-01"],
    )
    assert counts(job) == (0, 1, 0)
    gone.refresh_from_db()
    assert (gone.institution, gone.department, gone.is_active) == (world.county, None, True)


# --- accounts and invitations --------------------------------------------------------------------

USER = ["username", "name", "email"]


def test_accounts_are_opened_without_role_and_password(world):
    job = bring_in(world.system_admin, "users", USER, ["zhangsan", "张三", "Zhang@hospital.test"])
    assert counts(job) == (1, 0, 0)
    user = User.objects.get(username="zhangsan")
    assert (user.name, user.email, user.has_usable_password()) == (
        "张三",
        "zhang@hospital.test",
        False,
    )
    assert not user.grants.exists()
    line = AuditEntry.objects.get(action="user.created")
    assert (line.actor, line.subject_id) == (world.system_admin, str(user.public_id))


def test_owners_of_new_accounts_set_the_password_by_mail(world, client, mailoutbox):
    counts(bring_in(world.system_admin, "users", USER, ["zhangsan", "张三", "zhang@hospital.test"]))
    client.post(reverse("account_reset_password"), {"email": "zhang@hospital.test"})
    (letter,) = mailoutbox
    assert letter.to == ["zhang@hospital.test"]
    (link,) = re.findall(r"https?://[^/]+(/\S+)", letter.body)
    page = client.get(link, follow=True)
    passwords = {"password1": "Neu-Passwort-7", "password2": "Neu-Passwort-7"}
    client.post(page.request["PATH_INFO"], passwords)
    assert User.objects.get(username="zhangsan").check_password("Neu-Passwort-7")


def test_the_dry_run_of_accounts_leaves_nothing(world):
    job = actions.upload(
        by=world.system_admin,
        table=spec.find("users"),
        file=csv_file(
            USER,
            ["zhangsan", "张三", "z@hospital.test"],
            [world.doctor.username, "改名", "d@hospital.test"],
        ),
    )
    before = User.objects.count(), AuditEntry.objects.count()
    work.check(job_id=job.pk)
    job.refresh_from_db()
    assert (job.summary["new"], job.summary["changed"]) == (1, 1)
    assert (User.objects.count(), AuditEntry.objects.count()) == before
    assert User.objects.get(pk=world.doctor.pk).name == "李文"
    assert job.summary["sample"][1]["changes"][0] == {
        "column": "Name",
        "before": "李文",
        "after": "改名",
    }


def test_accounts_are_corrected_by_name_whatever_its_case(world):
    job = bring_in(
        world.system_admin,
        "users",
        USER,
        [world.doctor.username.upper(), "李文", "new@hospital.test"],
    )
    assert counts(job) == (0, 1, 0)
    world.doctor.refresh_from_db()
    assert world.doctor.email == "new@hospital.test"


def test_accounts_keep_the_rules_of_a_single_one(world):
    service = make.UserFactory(username="client-1", is_service=True)
    job = bring_in(
        world.system_admin,
        "users",
        USER,
        ["ann", "Ann", "ann@hospital.test"],
        ["ANN", "Ann again", "ann2@hospital.test"],
        ["bob", "Bob", world.doctor.email.upper()],
        ["b o b", "Bob", "bob@hospital.test"],
        [service.username, "x", "x@hospital.test"],
    )
    assert {row for row, _column in wrong(job)} == {3, 4, 5, 6}
    assert not User.objects.filter(username="ann").exists()


INVITATION = ["email", "name", "role"]


def test_colleagues_are_invited(world):
    job = bring_in(
        world.manager,
        "invitations",
        INVITATION,
        ["wang@hospital.test", "王五", "Doctor"],
        ["zhao@hospital.test", "赵六", "liaison"],
    )
    assert counts(job) == (2, 0, 0)
    invitation = Invitation.objects.get(email="wang@hospital.test")
    assert (invitation.institution, invitation.role, invitation.invited_by) == (
        world.county,
        Role.DOCTOR,
        world.manager,
    )
    assert OutboxMessage.objects.filter(topic="people.invitation").count() == 2


def test_the_dry_run_of_invitations_sends_nothing(world):
    job = actions.upload(
        by=world.manager,
        table=spec.find("invitations"),
        file=csv_file(INVITATION, ["w@hospital.test", "王五", "doctor"]),
    )
    work.check(job_id=job.pk)
    job.refresh_from_db()
    assert job.summary["new"] == 1
    assert not Invitation.objects.exists()
    assert not OutboxMessage.objects.filter(topic="people.invitation").exists()


def test_invitations_keep_the_rules_of_a_single_one(world):
    job = bring_in(
        world.manager,
        "invitations",
        [*INVITATION, "institution", "practitioner"],
        ["a@hospital.test", "system", "interface", "", ""],
        ["b@hospital.test", "strange house", "doctor", world.township.uscc, ""],
        [
            "c@hospital.test",
            "strange practitioner",
            "doctor",
            "",
            world.practitioner.licence_number,
        ],
        ["d@hospital.test", "no practitioner", "doctor", "", "999"],
        [world.liaison.email, "holds it", "liaison", "", ""],
        ["e@hospital.test", "one", "doctor", "", ""],
        ["E@hospital.test", "two", "doctor", "", ""],
    )
    assert wrong(job) == [
        (2, "role"), (3, "institution"), (4, "practitioner"), (5, "practitioner"), (6, "email"), (8, "email"),
    ]  # fmt: skip


# --- code tables ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    ["A00", "A00.0", "A00.000", "A00.000x001", "I10.x00", "A17.000+G01*", "G01*", "A18.001+N37.0*",
     "M80000/3", "M8000/0", "M800", "M801-M804", "U07.100x003"],
)  # fmt: skip
def test_every_shape_of_disease_code(world, code):
    assert counts(bring_in(world.office, "diseases", ["code", "name"], [code, "x"])) == (1, 0, 0)


@pytest.mark.parametrize("code", ["47", "a00", "A0", "A00.0000", "M80000/33", "K35.8 or so"])
def test_what_is_no_disease_code(world, code):
    assert wrong(bring_in(world.office, "diseases", ["code", "name"], [code, "x"])) == [(2, "code")]


@pytest.mark.parametrize(
    "code", ["00.0", "47.01", "47.0101", "47.0100x001", "44.6x02", "43.9x05", "99.9999x0012"]
)
def test_every_shape_of_technique_code(world, code):
    assert counts(bring_in(world.office, "techniques", ["code", "name"], [code, "x"])) == (1, 0, 0)


@pytest.mark.parametrize("code", ["47", "4.71", "K35.8", "47.01-02"])
def test_what_is_no_technique_code(world, code):
    assert wrong(bring_in(world.office, "techniques", ["code", "name"], [code, "x"])) == [
        (2, "code")
    ]


def test_techniques_with_everything(world):
    job = bring_in(
        world.system_admin,
        "techniques",
        [
            "code",
            "name",
            "specialty",
            "category",
            "national_level",
            "is_minimally_invasive",
            "is_restricted",
            "source",
        ],
        ["51.2300", "腹腔镜下胆囊切除术", "04.01", "Surgery", "3", "是", "否", "国临版 3.0"],
        ["00.0", "治疗性超声", "", "", "", "", "", ""],
    )
    assert counts(job) == (2, 0, 0)
    technique = Technique.objects.get(code="51.2300")
    assert (technique.national_level, technique.is_minimally_invasive, technique.specialty) == (
        3,
        True,
        world.surgery,
    )
    assert Technique.objects.get(code="00.0").category == "surgery"


@pytest.mark.parametrize("plan", [catalogue.plan_diseases, catalogue.plan_techniques])
def test_code_tables_belong_to_no_single_hospital(world, plan):
    with pytest.raises(PermissionDenied):
        plan(rows=[], by=world.manager)


# --- there and back ------------------------------------------------------------------------------

EXPORTED = {
    "institutions": "office",
    "departments": "manager",
    "practitioners": "manager",
    "users": "system_admin",
    "invitations": "manager",
    "diseases": "office",
    "techniques": "system_admin",
}


def exported(by, table):
    request = SimpleNamespace(GET={})
    with exporting.export(by=by, table=spec.find(table), request=request) as file:
        return ContentFile(file.read(), name="export.xlsx")


def nasty_rows(world):
    """Rows whose cells a spreadsheet would calculate, and every optional field filled or empty."""
    make.DiseaseFactory(code="K80.200", name="=1+1", group="+86", specialty=None)
    make.DiseaseFactory(code="M80000/3", name="'quoted'", best_tier="county", is_first_visit=True)
    make.TechniqueFactory(
        code="00.0", name="@SUM(A1)", national_level=4, is_restricted=True, specialty=None
    )
    make.DepartmentFactory(
        institution=world.county, code="0301", name="-骨科", phone="+86 571 1234"
    )
    Department.objects.exclude(institution=world.county).delete()
    Practitioner.objects.exclude(institution=world.county).filter(user=None).delete()
    User.objects.filter(pk=world.doctor.pk).update(practitioner=None)
    Practitioner.objects.exclude(institution=world.county).delete()
    person = make.PractitionerFactory(
        institution=world.county, department=world.county_surgery, name="李四", phone="13800000000",
        licence_valid_until=date(2031, 5, 6),
    )  # fmt: skip
    person.specialties.set([world.surgery, world.medicine])
    make.PractitionerFactory(institution=world.county, sex="female", is_active=False)
    Institution.objects.filter(pk=world.county.pk).update(
        grade=6, beds=0, email="desk@hospital.test", address="=HYPERLINK(1)", reviews_referrals=True
    )
    User.objects.filter(email="").update(email="filled@hospital.test")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("table", EXPORTED)
def test_what_goes_out_comes_in_again_unchanged(world, table, language):
    nasty_rows(world)
    by = getattr(world, EXPORTED[table])
    if table == "invitations":
        counts(bring_in(by, table, INVITATION, ["w@hospital.test", "王五", "doctor"]))
    with translation.override(language):
        file = exported(by, table)
    rows = cells(file)
    file.seek(0)
    job = actions.upload(by=by, table=spec.find(table), file=file)
    work.check(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.CHECKED, job.errors
    assert job.summary["unknown"] == []
    assert (job.summary["new"], job.summary["changed"]) == (0, 0), job.summary["sample"]
    assert job.summary["same"] == len(rows) - 1 > 0


@pytest.mark.parametrize("table", EXPORTED)
def test_no_exported_cell_begins_a_formula(world, table):
    nasty_rows(world)
    for row in cells(exported(getattr(world, EXPORTED[table]), table)):
        for cell in row:
            assert not str(cell or "").startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("table", EXPORTED)
def test_the_template_is_a_file_that_can_be_filled_in(world, table, language):
    by = getattr(world, EXPORTED[table])
    with translation.override(language), sheets.template(spec.find(table)) as file:
        filled = ContentFile(file.read(), name="template.xlsx")
    job = actions.upload(by=by, table=spec.find(table), file=filled)
    work.check(job_id=job.pk)
    job.refresh_from_db()
    # Headers are understood and the example is left out: nothing remains but the sentence for that.
    assert "no rows below" in job.errors[0]["reason"]


def test_starter_and_national_tables_share_their_rows(world):
    bring_in(
        world.office, "diseases", ["code", "name"], [world.appendicitis.code, "急性阑尾炎，未特指"]
    )
    disease = Disease.objects.get(pk=world.appendicitis.pk)
    assert (disease.is_common, disease.specialty) == (True, world.surgery)


def test_large_file_asks_the_database_few_times(world, django_assert_max_num_queries):
    rows = [
        [f"Y{number // 1000:02d}.900x{number % 1000:03d}", f"病种{number}"]
        for number in range(3000)
    ]
    job = actions.upload(
        by=world.office, table=spec.find("diseases"), file=csv_file(["code", "name"], *rows)
    )
    with django_assert_max_num_queries(25):
        work.check(job_id=job.pk)
    actions.confirm(job=job, by=world.office)
    with django_assert_max_num_queries(40):
        work.run(job_id=job.pk)
    assert Disease.objects.filter(code__startswith="Y").count() == 3000
