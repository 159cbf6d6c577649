"""Mentorships, guidance and postings that come in as files, by the actions of their pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core.choices import ImportState
from alliance.core.exchange.spec import find
from tests.factories import alliance as make
from tests.factories import logbook
from tests.factories import mentoring as build
from tests.integration.core.importing import bring_in, counts, reasons, speak_english
from training.mentoring.choices import MentorshipStatus, PostingStatus
from training.mentoring.models import GuidanceSession, Mentorship, Posting

pytestmark = pytest.mark.django_db

PAIR = ["mentor", "mentee", "technique", "valid_from", "valid_until", "goals"]
SESSION = ["starts_at", "minutes_taken", "mode", "mentor", "institution", "participants",
           "technique", "minutes", "struck_reason"]  # fmt: skip
POSTING = ["kind", "practitioner", "to_institution", "department", "valid_from", "valid_until",
           "plan"]  # fmt: skip


@pytest.fixture(autouse=True)
def speaking_english(world):
    speak_english(world.township_manager, world.office, world.trainer, world.county_doctor)


def day(offset=0):
    return str(timezone.localdate() + timedelta(days=offset))


def at(hours):
    return f"{timezone.localtime() - timedelta(hours=hours):%Y-%m-%d %H:%M}"


def licences(world):
    return world.county_doctor.practitioner.licence_number, world.practitioner.licence_number


def test_a_file_proposes_mentorships_and_agrees_for_nobody_who_can_answer(world):
    mentor, mentee = licences(world)
    silent = make.PractitionerFactory(institution=world.township)
    row = [mentor, mentee, "", day(), day(200), "独立完成清创缝合"]
    other = [mentor, silent.licence_number, "", day(), day(200), "独立完成清创缝合"]
    job = bring_in(world.township_manager, "mentorships", PAIR, row, other)
    assert counts(job) == (2, 0, 0)
    asked = Mentorship.objects.get(mentee=world.practitioner)
    assert asked.status == MentorshipStatus.PROPOSED
    assert (asked.mentor_agreed_at, asked.mentee_agreed_at) == (None, None)
    # Somebody without an account signs on paper: the house speaks for them, as on the page.
    signed = Mentorship.objects.get(mentee=silent)
    assert (signed.mentor_agreed_at, signed.mentee_agreed_by) == (None, world.township_manager)
    again = bring_in(world.township_manager, "mentorships", PAIR, row, other)
    assert counts(again) == (0, 0, 2)


def test_mentorships_are_refused_as_on_the_page(world):
    mentor, mentee = licences(world)
    known = build.proposed_mentorship(world)
    junior = make.PractitionerFactory(institution=world.township, title_code="234")
    rows = [
        [mentor, mentee, "", str(known.valid_from), day(30), "?"],
        [junior.licence_number, mentee, "", day(), day(9), "?"],
        [mentor, mentee, "86.2200x011", day(), day(9), "?"],
        [mentor, mentee, "", day(-30), day(-9), "?"],
        [mentor, "nobody", "x", day(), day(9), "?"],
    ]
    job = bring_in(world.office, "mentorships", PAIR, *rows)
    assert reasons(job) == [
        (2, "valid_until"), (3, "mentor"), (4, "mentor"), (5, "valid_until"), (5, "mentee"),
        (6, "mentee"), (6, "technique"),
    ]  # fmt: skip
    assert "another end" in job.errors[0]["reason"]
    assert Mentorship.objects.count() == 1
    foreign = make.PractitionerFactory(institution=world.tertiary, title_code="231")
    mine = [foreign.licence_number, mentor, "", day(), day(9), "?"]
    job = bring_in(world.township_manager, "mentorships", PAIR, mine)
    assert "do not look after" in job.errors[0]["reason"]


def test_guidance_that_was_held_comes_in_once(world):
    mentor, mentee = licences(world)
    row = [at(30), "90", "remote", mentor, "", mentee, "86.2200x011", "远程指导", ""]
    struck = [at(50), "90", "remote", mentor, "", mentee, "", "远程指导", "重复"]
    job = bring_in(world.trainer, "guidance-sessions", SESSION, row, struck)
    assert counts(job) == (1, 0, 1)
    held = GuidanceSession.objects.get()
    assert (held.institution, held.technique) == (world.township, world.debridement)
    assert [*held.participants.all()] == [world.practitioner]
    assert held.ends_at - held.starts_at == timedelta(minutes=90)
    again = bring_in(world.trainer, "guidance-sessions", SESSION, row, struck)
    assert counts(again) == (0, 0, 2)


def test_guidance_is_refused_as_on_the_page(world):
    mentor, mentee = licences(world)
    build.guidance_session(world, hours_ago=5)

    def row(hours=20, minutes="60", who=mentee, house=""):
        return [at(hours), minutes, "onsite", mentor, house, who, "", "示范", ""]

    job = bring_in(
        world.trainer, "guidance-sessions", SESSION,
        row(hours=-2), row(hours=24 * 40), row(hours=4.5), row(minutes="800"), row(30, who=mentor),
        row(who="nobody"), row(40, house=world.county.name), row(house="?"),
    )  # fmt: skip
    assert job.state == ImportState.REFUSED
    assert reasons(job) == [
        (2, "starts_at"), (3, "starts_at"), (4, "starts_at"), (5, "minutes_taken"),
        (6, "participants"), (7, "participants"), (8, ""), (9, "institution"),
    ]  # fmt: skip
    assert GuidanceSession.objects.count() == 1


def test_guidance_comes_in_with_the_cases_it_was_about(world):
    mentor, mentee = licences(world)
    assisted = {"operator": world.county_doctor.practitioner, "role": "independent",
                "supervisor": None}  # fmt: skip
    both = [logbook.case(world), logbook.case(world, external_case_number="ZY9", **assisted)]
    other = logbook.case(
        world, operator=make.PractitionerFactory(institution=world.township), role="independent",
        supervisor=None,
    )  # fmt: skip
    void = logbook.case(world, status="void", closing_reason="录错")
    numbers = [case.external_case_number for case in both]
    head = [*SESSION, "case_numbers"]

    def row(hours, *named, who=mentee):
        return [at(hours), "60", "onsite", mentor, "", who, "", "示范", "", "；".join(named)]

    job = bring_in(
        world.trainer, "guidance-sessions", head, row(5, numbers[0], other.external_case_number),
        row(6, void.external_case_number), row(7, "无"), row(8, numbers[0], who="nobody"),
    )  # fmt: skip
    assert reasons(job) == [
        (2, "case_numbers"),
        (3, "case_numbers"),
        (4, "case_numbers"),
        (5, "participants"),
    ]
    job = bring_in(world.trainer, "guidance-sessions", head, row(5, *numbers), row(6))
    assert counts(job) == (2, 0, 0)
    first, second = GuidanceSession.objects.order_by("-starts_at")
    assert [case.external_case_number for case in first.cases.order_by("pk")] == numbers
    assert not second.cases.exists()
    table = find("guidance-sessions")
    (told,) = [column for column in table.columns if column.name == "case_numbers"]
    assert {told.show(one) for one in table.found(by=world.trainer)} == {""}


def test_a_year_s_plan_of_postings_comes_in_as_plans(world):
    _mentor, mentee = licences(world)
    surgery = world.county_surgery
    row = ["rotation", mentee, world.county.uscc, surgery.name, day(10), day(190), "普外科轮训"]
    assert counts(bring_in(world.township_manager, "postings", POSTING, row)) == (1, 0, 0)
    planned = Posting.objects.get()
    assert (planned.status, planned.department) == (PostingStatus.PLANNED, surgery)
    assert (planned.from_institution, planned.to_institution) == (world.township, world.county)
    assert counts(bring_in(world.office, "postings", POSTING, row)) == (0, 0, 1)
    wrong = [
        ["rotation", mentee, world.county.uscc, "", day(10), day(99), "?"],
        ["dispatch", mentee, world.county.uscc, "", day(300), day(400), "?"],
        ["rotation", mentee, world.county.name, "无此科", day(300), day(400), "?"],
        ["rotation", mentee, "?", surgery.name, day(300), day(400), "?"],
    ]
    job = bring_in(world.office, "postings", POSTING, *wrong)
    assert reasons(job) == [
        (2, "valid_until"), (3, "to_institution"), (4, "department"), (5, "to_institution")
    ]  # fmt: skip
    stranger = licences(world)[0]
    job = bring_in(
        world.township_manager, "postings", POSTING,
        ["rotation", stranger, world.tertiary.uscc, "", day(10), day(90), "?"],
    )  # fmt: skip
    assert "do not look after" in job.errors[0]["reason"]


def test_who_brings_these_tables_in(world):
    for name, allowed in [
        ("mentorships", {world.township_manager, world.office}),
        ("postings", {world.township_manager, world.office}),
        ("guidance-sessions", {world.township_manager, world.trainer}),
    ]:
        people = {world.township_manager, world.office, world.trainer, world.doctor, world.qc}
        assert {user for user in people if find(name).may_import(user)} == allowed
