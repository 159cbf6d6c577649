"""Results of exams in person and of stations that come in as files, by the actions of their pages."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from alliance.core.choices import ImportState
from alliance.core.exchange.plan import Row
from alliance.core.exchange.spec import Place, find
from alliance.core.models import PolicySetting
from alliance.notices.models import Notice
from tests.factories import alliance as make
from tests.factories import exams as build
from tests.integration.core.importing import bring_in, counts, reasons, speak_english
from training.exams import actions, notices
from training.exams.models import ExamResult, Retraining, StationResult

pytestmark = pytest.mark.django_db

HEAD = ["held_on", "practitioner", "exam", "score", "note"]
STATION = ["held_on", "practitioner", "station", "value", "voided"]


@pytest.fixture(autouse=True)
def speaking_english(world):
    speak_english(world.trainer, world.office, world.township_manager)


def licence(world):
    return world.practitioner.licence_number


def day(offset=0):
    return str(timezone.localdate() + timedelta(days=offset))


def test_results_of_a_paper_exam_come_in_once(world):
    build.skills_exam(world)
    colleague = make.PractitionerFactory(institution=world.township)
    rows = [
        [day(-2), licence(world), "季度技能考核", "85", "笔试"],
        [day(-2), colleague.licence_number, "季度技能考核", "40", ""],
    ]
    assert counts(bring_in(world.trainer, "exam-results", HEAD, *rows)) == (2, 0, 0)
    result = ExamResult.objects.get(practitioner=world.practitioner)
    assert (result.score, result.passed, result.note) == (85, True, "笔试")
    assert (result.assessor, result.institution) == (world.trainer, world.township)
    # As on the page: who failed owes a retraining and is told.
    owed = Retraining.objects.get()
    assert owed.practitioner == colleague
    notices.tell_result(result_id=owed.cause_id)
    assert Notice.objects.filter(text_key="exams.retraining").exists()
    again = bring_in(world.office, "exam-results", HEAD, *rows)
    assert counts(again) == (0, 0, 2)
    assert ExamResult.objects.count() == 2


def test_what_the_page_refuses_the_file_refuses_at_its_cell(world):
    exam = build.skills_exam(world)
    build.online_exam(world)
    build.result(world, score=80)
    stranger = make.PractitionerFactory(institution=world.outside)
    gone = make.PractitionerFactory(institution=world.township, is_active=False)
    mine = make.PractitionerFactory(institution=world.township)
    world.trainer.practitioner = mine
    world.trainer.save()
    twin = [day(-9), licence(world), exam.name, "90", ""]
    job = bring_in(
        world.trainer, "exam-results", HEAD,
        [day(1), licence(world), exam.name, "90", ""],
        [day(), licence(world), exam.name, "90", ""],
        [day(), stranger.licence_number, exam.name, "90", ""],
        [day(), gone.licence_number, exam.name, "90", ""],
        [day(), mine.licence_number, exam.name, "90", ""],
        [day(), licence(world), "基础理论", "90", ""],
        [day(), "nobody", "unknown", "90", ""],
        [day(), licence(world), exam.name, "101", ""],
        twin, twin,
    )  # fmt: skip
    assert job.state == ImportState.REFUSED
    assert reasons(job) == [
        (2, "held_on"), (3, "score"), (4, ""), (5, "practitioner"), (6, ""), (7, ""),
        (8, "practitioner"), (8, "exam"), (9, "score"), (11, ""),
    ]  # fmt: skip
    assert "with another score" in job.errors[1]["reason"]
    assert job.errors[-1]["reason"] == "Row 10 already brings this entry."
    # The dry run entered results to see what comes of them, and took each of them back.
    assert ExamResult.objects.count() == 1


def test_an_exam_no_longer_used_takes_no_results(world):
    exam = build.skills_exam(world)
    row = [day(), licence(world), exam.name, "90", ""]
    actions.edit_exam(exam=exam, by=world.office, version=1, values={"is_active": False})
    job = bring_in(world.trainer, "exam-results", HEAD, row)
    assert [one["reason"] for one in job.errors] == ["“季度技能考核” is no longer in use."]


def test_several_tries_a_day_are_several_results(world):
    build.stations(world)
    rows = [
        [day(-1), licence(world), "fls_loop", "60", ""],
        [day(-1), licence(world), "fls_loop", "50.5", ""],
        [day(-1), licence(world), "fls_loop", "90", "yes"],
    ]
    assert counts(bring_in(world.trainer, "station-results", STATION, *rows)) == (2, 0, 1)
    assert sorted(StationResult.objects.values_list("value", "passed")) == [
        (50.5, True), (60, False)
    ]  # fmt: skip
    assert counts(bring_in(world.trainer, "station-results", STATION, *rows)) == (0, 0, 3)
    job = bring_in(
        world.trainer, "station-results", STATION,
        [day(), licence(world), "fls_animal", "1.5", ""],
        [day(), licence(world), "animal_cases", "1.5", ""],
    )  # fmt: skip
    assert reasons(job) == [(2, "station"), (3, "value")]


def test_only_who_assesses_brings_results_in(world):
    table = find("exam-results")
    for user, may in [
        (world.trainer, True), (world.township_manager, True), (world.office, True),
        (world.doctor, False), (world.qc, False),
    ]:  # fmt: skip
        assert table.may_import(user) is may
    place = Place(on=timezone.localdate(), institution_id=world.township.pk)
    for plan in (actions.plan_exam_results, actions.plan_station_results):
        with pytest.raises(PermissionDenied):
            plan(rows=[], by=world.doctor, place=place)


def test_a_house_without_an_alliance_has_no_exams_to_name(world):
    exam = build.skills_exam(world)
    row = Row(2, {"practitioner": licence(world), "exam": exam.name, "score": 90})
    place = Place(on=timezone.localdate(), institution_id=world.outside.pk)
    plan = actions.plan_exam_results(rows=[row], by=world.trainer, place=place)
    assert [error.column for error in plan.errors] == ["exam"]


def test_a_file_of_more_rows_than_policy_lets_in_is_refused(world):
    build.skills_exam(world)
    PolicySetting.objects.create(
        key="import.rows_by_action", value=1, effective_from=date(2020, 1, 1), source="t"
    )
    rows = [[day(-n), licence(world), "季度技能考核", "90", ""] for n in (1, 2)]
    job = bring_in(world.office, "exam-results", HEAD, *rows)
    assert reasons(job) == [(3, "")]
    assert "At most 1 new rows" in job.errors[0]["reason"]
