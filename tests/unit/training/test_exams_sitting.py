"""Sitting an exam: one attempt at a time, nothing lost, nothing late, no answer shown early."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.people.models import Practitioner
from tests.factories import exams as build
from training.exams import actions, selectors
from training.exams.models import Attempt, Exam, ExamResult, Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam(world):
    return build.online_exam(world)


@pytest.fixture
def attempt(world, exam):
    return build.open_attempt(world, exam)


def save(attempt, world, answers, *, page="one", version=1):
    return actions.save_answers(
        attempt=attempt, answers=answers, page=page, version=version, by=world.doctor
    )


def hand_in(attempt, world, answers, *, version=1):
    return actions.hand_in(
        attempt=attempt, answers=answers, page="one", version=version, by=world.doctor
    )


def after(attempt, **more):
    return time_machine.travel(attempt.due_at + timedelta(**more), tick=False)


def refusal(act):
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def test_a_paper_is_drawn_and_stays_as_it_was_drawn(world, exam, attempt):
    assert (attempt.number, len(attempt.paper)) == (1, 4)
    assert attempt.due_at - attempt.started_at == timedelta(minutes=30)
    Question.objects.update(text="改过", answer=[1])
    attempt.refresh_from_db()
    assert {question["text"] for question in attempt.paper} == {f"第 {n} 题" for n in (1, 2, 3, 4)}
    assert AuditEntry.objects.filter(action="exam.started").count() == 1


def test_a_second_tap_finds_the_attempt_under_way(world, exam, attempt):
    assert build.open_attempt(world, exam) == attempt
    assert Attempt.objects.count() == 1


def test_whoever_lost_the_answer_to_a_saving_saves_again(world, attempt):
    save(attempt, world, {"0": [0]})
    saved = save(attempt, world, {"0": [0], "1": [0]}, version=1)
    assert saved.answers == {"0": [0], "1": [0]}


def test_another_tab_that_saw_less_is_told_so_and_changes_nothing(world, attempt):
    save(attempt, world, {"0": [0]})
    with pytest.raises(StaleVersion):
        save(attempt, world, {"0": [1]}, page="two", version=1)
    with pytest.raises(StaleVersion):
        save(attempt, world, {"0": [1]}, page="", version=1)
    newest = save(attempt, world, {"0": [2]}, page="two", version=2)
    assert (newest.answers, newest.version) == ({"0": [2]}, 3)
    with pytest.raises(StaleVersion):
        hand_in(attempt, world, {"0": [0]}, version=2)


def test_an_exam_is_marked_when_handed_in(world, exam, attempt):
    ended = hand_in(attempt, world, build.answers(attempt, right=3))
    assert (ended.ending, ended.result.score, ended.result.passed) == ("handed_in", 75, True)
    assert ended.result.held_on == timezone.localdate()
    assert selectors.passed_exams([world.practitioner.pk], on=timezone.localdate()) == {
        world.practitioner.pk: {exam.pk: timezone.localdate()}
    }
    again = hand_in(attempt, world, {})
    assert again.result.score == 75
    assert ExamResult.objects.count() == 1
    assert refusal(lambda: save(attempt, world, {})) == "attempt_ended"


def test_answers_within_the_grace_still_count(world, attempt):
    with after(attempt, seconds=20):
        ended = hand_in(attempt, world, build.answers(attempt, right=4))
    assert (ended.ending, ended.result.score) == ("handed_in", 100)


def test_what_comes_late_does_not_count_and_what_was_saved_does(world, attempt):
    save(attempt, world, build.answers(attempt, right=3))
    with after(attempt, seconds=31):
        ended = hand_in(attempt, world, build.answers(attempt, right=4), version=2)
    assert (ended.ending, ended.result.score) == ("time_out", 75)


def test_saving_late_ends_the_attempt(world, attempt):
    with after(attempt, minutes=5):
        ended = save(attempt, world, build.answers(attempt, right=4))
    assert (ended.ending, ended.result.score, ended.answers) == ("time_out", 0, {})


def test_one_s_own_attempt_is_closed_when_its_time_is_over(world, attempt):
    assert refusal(lambda: actions.close_attempt(attempt=attempt, by=world.doctor)) == "time_left"
    with after(attempt, seconds=0):
        closed = actions.close_attempt(attempt=attempt, by=world.doctor)
        assert actions.close_attempt(attempt=attempt, by=world.doctor).version == closed.version
    assert closed.ending == "time_out"


def test_what_nobody_came_back_to_is_closed_once_and_its_owner_told(world, attempt):
    save(attempt, world, build.answers(attempt, right=4))
    assert actions.close_overdue() == 0
    with after(attempt, seconds=10):
        assert actions.close_overdue() == 0
    with after(attempt, days=1):
        assert actions.close_overdue() == 1
        assert actions.close_overdue() == 0
    result = ExamResult.objects.get()
    assert (result.score, result.held_on) == (100, timezone.localdate(attempt.due_at))
    assert OutboxMessage.objects.filter(topic="exams.result").count() == 1


def test_a_forgotten_attempt_does_not_stand_in_the_way_of_the_next(world, exam, attempt):
    with after(attempt, days=2):
        second = build.open_attempt(world, exam)
    attempt.refresh_from_db()
    assert (attempt.ending, second.number) == ("time_out", 2)


def test_attempts_wait_run_out_and_are_given_again(world, exam):
    build.ended_attempt(world, exam, right=0)
    assert refusal(lambda: build.open_attempt(world, exam)) == "wait"
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        build.ended_attempt(world, exam, right=0)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert refusal(lambda: build.open_attempt(world, exam)) == "attempts_used_up"
        actions.give_attempt(
            exam=exam, practitioner=world.practitioner, reason="停电中断", by=world.trainer
        )
        ended = build.ended_attempt(world, exam)
        assert (ended.number, ended.result.passed) == (3, True)
        assert refusal(lambda: build.open_attempt(world, exam)) == "already_passed"


def test_what_cannot_be_begun_says_why(world, exam):
    skills = build.skills_exam(world)
    assert refusal(lambda: build.open_attempt(world, skills)) == "in_person"
    assert refusal(lambda: build.open_attempt(world, exam, world.liaison)) == "no_practitioner"
    exam.bank.questions.first().__class__.objects.filter(code="Q001").update(is_active=False)
    assert refusal(lambda: build.open_attempt(world, exam)) == "bank_too_small"
    Exam.objects.filter(pk=exam.pk).update(is_active=False)
    assert refusal(lambda: build.open_attempt(world, exam)) == "exam_closed"


def test_others_and_strangers_sit_nothing(world, exam, attempt):
    with pytest.raises(PermissionDenied):
        actions.start_attempt(exam=exam, by=world.qc)
    with pytest.raises(PermissionDenied):
        actions.close_attempt(attempt=attempt, by=world.county_doctor)
    Practitioner.objects.filter(pk=world.practitioner.pk).update(institution=world.outside)
    world.doctor.practitioner.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.start_attempt(exam=exam, by=world.doctor)


def test_who_has_left_takes_no_exam(world, exam):
    Practitioner.objects.filter(pk=world.practitioner.pk).update(is_active=False)
    world.doctor.practitioner.refresh_from_db()
    assert refusal(lambda: build.open_attempt(world, exam)) == "no_practitioner"
