"""What the database refuses about exams, whatever the code above it does."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from training.exams.models import (
    Attempt,
    Exam,
    ExamResult,
    ExtraAttempt,
    Question,
    QuestionBank,
    Retraining,
    Station,
    StationResult,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def rows(world):
    """One good row of each kind, and `more`: how to make another one, with changes."""
    now = timezone.now()
    who = {
        "alliance": world.alliance,
        "practitioner": world.practitioner,
        "institution": world.township,
    }
    bank = {"alliance": world.alliance, "name": "题库"}
    exam = {
        "alliance": world.alliance, "name": "理论", "kind": "theory", "draw_count": 1,
        "minutes": 10, "pass_mark": 80, "attempts_allowed": 3,
    }  # fmt: skip
    made = SimpleNamespace(bank=QuestionBank.objects.create(**bank))
    exam["bank"] = made.bank
    made.exam = Exam.objects.create(**exam)
    question = {
        "bank": made.bank, "code": "1", "kind": "single", "text": "?",
        "options": ["a", "b"], "answer": [0],
    }  # fmt: skip
    attempt = {
        **who, "exam": made.exam, "number": 1, "paper": [], "pass_mark": 80, "started_at": now,
        "due_at": now + timedelta(minutes=10),
    }  # fmt: skip
    result = {
        **who, "exam": made.exam, "held_on": DAY, "score": 90, "passed": True,
        "assessor": world.trainer,
    }  # fmt: skip
    station = {
        "alliance": world.alliance, "code": "peg", "name": "移物", "kind": "fls",
        "metric": "seconds", "threshold": 48,
    }  # fmt: skip
    made.question = Question.objects.create(**question)
    made.attempt = Attempt.objects.create(**attempt)
    made.result = ExamResult.objects.create(**result)
    made.station = Station.objects.create(**station)
    reached = {
        **who, "station": made.station, "held_on": DAY, "value": Decimal(40), "passed": True,
        "assessor": world.trainer,
    }  # fmt: skip
    made.reached = StationResult.objects.create(**reached)
    retraining = {**who, "cause": made.result, "due_on": DAY}
    extra = {
        "alliance": world.alliance, "exam": made.exam, "practitioner": world.practitioner,
        "reason": "?", "given_by": world.trainer,
    }  # fmt: skip
    made.more = {
        "bank": (QuestionBank, bank),
        "question": (Question, question | {"code": "2"}),
        "exam": (Exam, exam | {"name": "另一场"}),
        "attempt": (Attempt, attempt | {"number": 2, "submitted_at": now, "ending": "time_out"}),
        "result": (ExamResult, result),
        "station": (Station, station | {"code": "cut"}),
        "reached": (StationResult, reached),
        "retraining": (Retraining, retraining),
        "extra": (ExtraAttempt, extra),
    }
    return made


BROKEN = [
    ("exams_questionbank_name_once", "bank", {}),
    ("exams_question_code_once", "question", {"code": "1"}),
    ("exams_question_kind", "question", {"kind": "essay"}),
    ("exams_question_options", "question", {"options": ["a"]}),
    ("exams_question_options", "question", {"kind": "judgement"}),
    ("exams_question_answer", "question", {"answer": []}),
    ("exams_question_answer", "question", {"answer": [0, 1]}),
    ("exams_question_answer", "question", {"kind": "multiple"}),
    ("exams_exam_name_once", "exam", {"name": "理论"}),
    ("exams_exam_kind", "exam", {"kind": "oral"}),
    ("exams_exam_in_person", "exam", {"kind": "skills"}),
    ("exams_exam_online_terms", "exam", {"draw_count": 0}),
    ("exams_exam_online_terms", "exam", {"minutes": 0}),
    ("exams_exam_pass_mark", "exam", {"pass_mark": 101}),
    ("exams_exam_pass_mark", "exam", {"pass_mark": 0}),
    ("exams_exam_attempts", "exam", {"attempts_allowed": 0}),
    ("exams_attempt_number_once", "attempt", {"number": 1}),
    ("exams_attempt_one_open", "attempt", {"submitted_at": None, "ending": ""}),
    ("exams_attempt_period", "attempt", {"due_at": timezone.now() - timedelta(days=1)}),
    ("exams_attempt_ended", "attempt", {"ending": ""}),
    ("exams_examresult_score", "result", {"score": 101}),
    ("exams_examresult_source", "result", {"assessor": None}),
    ("exams_examresult_void_whole", "result", {"void_reason": "?"}),
    ("exams_station_code_once", "station", {"code": "peg"}),
    ("exams_station_kind", "station", {"kind": "robot"}),
    ("exams_station_metric", "station", {"metric": "metres"}),
    ("exams_station_threshold", "station", {"threshold": 0}),
    ("exams_stationresult_value", "reached", {"value": 0}),
    ("exams_stationresult_void_whole", "reached", {"voided_at": timezone.now()}),
    ("exams_retraining_done_whole", "retraining", {"done_on": DAY}),
    ("exams_extraattempt_reason", "extra", {"reason": ""}),
]


def test_the_database_keeps_what_must_never_be_false(rows):
    for name, kind, change in BROKEN:
        model, good = rows.more[kind]
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model.objects.create(**good | change)


@pytest.mark.parametrize("kind", ["question", "exam", "attempt", "result", "station", "reached"])
def test_what_is_right_is_let_through(rows, kind):
    model, good = rows.more[kind]
    assert str(model.objects.create(**good))


def test_every_thing_says_what_it_is_and_where(rows):
    for kind, (model, good) in rows.more.items():
        row = getattr(rows, kind, None) or model.objects.create(**good)
        assert str(row)
