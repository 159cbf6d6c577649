"""Practitioners, accounts and invitations come in by the rules of a single one."""

import re
from datetime import date

import pytest
from django.urls import reverse

from alliance.core.choices import Role
from alliance.core.exchange import actions, spec, work
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.people.models import Invitation, Practitioner, User
from tests.factories import alliance as make
from tests.factories.files import csv_file
from tests.integration.core.importing import bring_in, counts, speak_english, wrong


@pytest.fixture(autouse=True)
def speaking_english(world):
    speak_english(world.office, world.manager, world.system_admin, world.township_manager)


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
