"""Exams on their pages: nothing right is shown early, nothing is lost, forms do what they say."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from tests.access.cast import give_second_factor
from tests.factories import exams as build
from tests.factories.files import png
from training.exams.models import Attempt, Exam, ExamResult, Question, StationResult

pytestmark = pytest.mark.django_db
SECRET = "机密"


@pytest.fixture
def attempt(world):
    return build.open_attempt(world)


@pytest.fixture
def doctor(world, browser_of):
    return browser_of(world.doctor)


@pytest.fixture
def office(world, browser_of):
    give_second_factor(world.office)
    return browser_of(world.office)


def at(route, row):
    return reverse(f"exams:{route}", args=[row.public_id])


def sent(version=1, answers=(), **more):
    return {"version": version, **{f"q{place}": one for place, one in answers}, **more}


@pytest.mark.parametrize("name", ["Quarterly skills exam 2026", "第三季度"])
def test_the_list_says_the_kind_once(name):
    exam = Exam(kind="skills", name=name)
    words = render_to_string("exams/_exam.html", {"row": {"exam": exam}})
    assert (words.count("Quarterly skills exam"), words.count(name)) == (1, 1)


ALL_RIGHT = [(place, "0") for place in range(4)]


def test_what_is_right_reaches_no_browser_before_the_end(world, doctor, attempt):
    for url in (at("sit", attempt), at("exam", attempt.exam), reverse("exams:list")):
        assert SECRET not in doctor.get(url).content.decode()
    page = doctor.get(at("sit", attempt))
    assert all(set(q) <= {"number", "name", "kind", "input", "text", "options", "answered"}
               for q in page.context["paper"])  # fmt: skip
    assert page["Cache-Control"].startswith("max-age=0")
    saved = doctor.post(at("autosave", attempt), sent(answers=ALL_RIGHT))
    assert set(saved.json()) == {"version", "saved_at"}
    assert doctor.get(at("attempt", attempt)).url == at("sit", attempt)
    doctor.post(at("hand_in", attempt), sent(2, ALL_RIGHT, act="hand_in"))
    assert SECRET in doctor.get(at("attempt", attempt)).content.decode()
    assert doctor.get(at("sit", attempt)).url == at("attempt", attempt)


def test_a_line_that_dropped_after_the_saving_loses_nothing(doctor, attempt):
    url = at("autosave", attempt) + "?page=one"
    doctor.post(url, sent(answers=[(0, "0")]))
    assert doctor.post(url, sent(answers=[(0, "0"), (1, "0")])).status_code == 200
    other = doctor.post(at("autosave", attempt) + "?page=two", sent(answers=[(0, "1")]))
    assert other.status_code == 412
    attempt.refresh_from_db()
    assert attempt.answers == {"0": [0], "1": [0]}
    assert doctor.get(at("sit", attempt)).context["answered"] == 2


def test_open_questions_are_asked_about_once(doctor, attempt):
    url = at("hand_in", attempt) + "?page=one"
    asked = doctor.post(url, sent(answers=ALL_RIGHT[:3], act="hand_in"))
    assert (asked.status_code, asked.context["left"]) == (422, [4])
    assert doctor.post(url, sent(answers=ALL_RIGHT[:3], act="save")).status_code == 200
    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    done = doctor.post(url, sent(answers=ALL_RIGHT[:3], act="sure"))
    assert done.url == at("attempt", attempt)
    assert ExamResult.objects.get().score == 75
    assert doctor.post(url, sent(act="sure")).url == at("attempt", attempt)


def run_out(attempt):
    """The time of this attempt was over two minutes ago."""
    now = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=now - timedelta(minutes=32), due_at=now - timedelta(minutes=2)
    )


def test_too_late_tells_what_counts(doctor, attempt):
    doctor.post(at("autosave", attempt), sent(answers=ALL_RIGHT[:3]))
    run_out(attempt)
    assert doctor.get(at("sit", attempt)).context["over"]
    late = doctor.post(at("hand_in", attempt), sent(2, ALL_RIGHT, act="hand_in"))
    assert late.status_code == 409
    assert "What was saved by" in late.content.decode()
    assert doctor.post(at("autosave", attempt), sent(3, ALL_RIGHT)).status_code == 409
    assert ExamResult.objects.get().score == 75


def test_saving_after_the_time_says_so(doctor, attempt):
    run_out(attempt)
    assert doctor.post(at("autosave", attempt), sent(answers=ALL_RIGHT)).status_code == 409
    assert ExamResult.objects.get().score == 0


def test_the_time_that_is_over_is_closed_by_a_tap(doctor, attempt):
    run_out(attempt)
    assert doctor.post(at("close", attempt)).url == at("attempt", attempt)
    assert Attempt.objects.get().ending == "time_out"


def test_an_exam_is_begun_by_one_tap_and_gone_on_with_by_the_next(world, doctor):
    exam = build.online_exam(world)
    first = doctor.post(at("start", exam))
    assert doctor.post(at("start", exam)).url == first.url
    assert doctor.get(at("exam", exam)).context["running"] == Attempt.objects.get()
    listed = doctor.get(reverse("exams:list")).context["rows"]
    assert [row.standing for row in listed] == ["open"]
    assert "An attempt is under way" in doctor.get(reverse("training:home")).content.decode()


def test_the_office_announces_and_changes_an_exam(world, office):
    bank = build.bank(world)
    form = office.get(reverse("exams:exam_new")).context["form"]
    assert form.initial["pass_mark"] == 80
    values = {
        "name": "年度理论", "kind": "theory", "bank": bank.pk, "draw_count": 4, "minutes": 20,
        "pass_mark": 80, "attempts_allowed": 3, "wait_days": 1, "is_active": "on",
        "idempotency_key": "a",
    }  # fmt: skip
    wrong = office.post(reverse("exams:exam_new"), values | {"draw_count": 5})
    assert list(wrong.context["form"].errors) == ["draw_count"]
    assert office.post(reverse("exams:exam_new"), values).status_code == 302
    assert office.post(reverse("exams:exam_new"), values).status_code == 302
    exam = Exam.objects.get()
    changed = values | {"minutes": 25, "version": 1, "technique": world.appendectomy.code}
    assert office.post(at("exam_edit", exam), changed).url == exam.get_absolute_url()
    assert office.post(at("exam_edit", exam), changed).status_code == 412
    exam.refresh_from_db()
    assert (exam.minutes, exam.technique) == (25, world.appendectomy)
    assert office.get(at("exam_edit", exam)).context["form"].initial["minutes"] == 25


def test_the_office_keeps_banks_and_questions(world, office):
    made = office.post(
        reverse("exams:bank_new"), {"name": "阑尾", "is_active": "on", "idempotency_key": "a"}
    )
    add = made.url + "questions/new/"
    question = {
        "kind": "multiple", "text": "哪些？", "options": "甲\n\n乙\n丙", "answer": "a，C",
        "is_active": "on", "idempotency_key": "b",
    }  # fmt: skip
    assert list(office.post(add, question | {"answer": "9"}).context["form"].errors) == ["answer"]
    assert office.post(add, question).url == add
    row = Question.objects.get()
    assert (row.options, row.answer, row.code) == (["甲", "乙", "丙"], [0, 2], "Q001")
    form = office.get(at("question", row)).context["form"]
    assert (form.initial["options"], form.initial["answer"]) == ("甲\n乙\n丙", "AC")
    edit = question | {"version": 1, "code": "Q001", "answer": "AB"}
    assert office.post(at("question", row), edit).url == made.url
    assert office.post(made.url + "edit/", {"name": "阑尾炎", "version": 1}).url == made.url
    assert list(office.get(made.url, {"search": "哪些"}).context["listing"].rows) == [row]
    assert office.get(made.url, {"kind": "?"}).status_code == 422
    office.post(reverse("exams:bank_starter"))
    exported = office.get(reverse("core:export", args=["questions"]))
    assert exported.getvalue()[:2] == b"PK"


def test_the_office_sets_stations_up(world, office):
    office.post(reverse("exams:station_seed"))
    rows = office.get(reverse("exams:stations")).context["rows"]
    assert [row["station"].code for row in rows][-1] == "animal_cases"
    station = rows[0]["station"]
    values = {
        "name": "移物", "code": station.code, "kind": "fls", "metric": "seconds",
        "threshold": "50", "order": 0, "is_active": "on", "version": 1,
    }  # fmt: skip
    assert office.get(at("station_edit", station)).context["form"].initial["threshold"] == "48"
    assert office.post(at("station_edit", station), values).status_code == 302
    new = values | {"code": "knots", "idempotency_key": "a"}
    assert office.post(reverse("exams:station_new"), new).status_code == 302
    station.refresh_from_db()
    assert station.threshold == 50


def test_a_trainer_enters_results_one_after_the_other(world, browser_of):
    trainer, loop = browser_of(world.trainer), build.stations(world)["fls_loop"]
    person = world.practitioner
    found = trainer.get(reverse("exams:trainees"), {"search": "李文"}).json()["results"]
    assert [one["id"] for one in found] == [str(person.public_id)]
    assert found[0]["hint"] == str(world.township)
    values = {
        "station": loop.pk, "practitioner": str(person.public_id),
        "held_on": str(timezone.localdate()), "value": "51", "idempotency_key": "a",
    }  # fmt: skip
    entered = trainer.post(reverse("exams:station_record"), values | {"evidence": png()})
    assert f"station={loop.public_id}" in entered.url
    assert trainer.get(entered.url).context["form"].initial["station"] == loop
    result = StationResult.objects.get()
    assert (result.passed, result.evidence_name) == (True, "photo.png")
    skills = build.skills_exam(world)
    exam = values | {"exam": skills.pk, "score": 40, "idempotency_key": "b"}
    answer = trainer.post(reverse("exams:record"), exam)
    failed = ExamResult.objects.get()
    assert answer.url == failed.get_absolute_url()
    assert "retraining" in trainer.get(answer.url).content.decode()
    asked = {"practitioner": str(person.public_id), "exam": str(skills.public_id)}
    initial = trainer.get(reverse("exams:record"), asked).context["form"].initial
    assert initial["practitioner"] == person.public_id
    assert trainer.get(reverse("exams:record"), {"exam": "x"}).status_code == 200
    assert trainer.post(at("result_void", failed), {"reason": ""}).status_code == 422
    assert trainer.get(at("result_evidence", failed)).status_code == 404


def test_a_trainer_sees_how_far_somebody_is_and_helps_on(world, browser_of):
    exam = build.online_exam(world, attempts_allowed=1)
    build.ended_attempt(world, exam, right=0)
    build.result(world, score=30)
    build.reached(world, build.stations(world)["animal_cases"], 12)
    trainer, page = browser_of(world.trainer), at("learner", world.practitioner)
    context = trainer.get(page).context
    assert {row.exam: row.standing for row in context["rows"]}[exam] == "used_up"
    assert [(row["done"], row["most"]) for row in context["stations"]][-1] == (12, 20)
    assert context["skills"].failed_on == timezone.localdate()
    values = {"exam": exam.pk, "reason": "", "idempotency_key": "a"}
    assert trainer.post(at("further", world.practitioner), values).status_code == 422
    given = trainer.post(at("further", world.practitioner), values | {"reason": "停电"})
    assert given.url == page
    owed = context["retrainings"][0]
    done = {"version": 1, "done_on": str(timezone.localdate()), "note": ""}
    assert trainer.post(at("retraining_done", owed), done).status_code == 422
    assert trainer.post(at("retraining_done", owed), done | {"note": "打结"}).status_code == 302
    everything = trainer.get(reverse("exams:retrainings"), {"all": "1"}).context["listing"].rows
    assert everything == [owed]
    assert not trainer.get(reverse("exams:retrainings")).context["listing"].rows


def test_lists_and_their_exports_are_filtered_alike(world, browser_of):
    build.result(world, score=90)
    build.result(world, score=20)
    build.reached(world, build.stations(world)["fls_loop"], 40)
    trainer = browser_of(world.trainer)
    rows = trainer.get(reverse("exams:results"), {"passed": "false"}).context["listing"].rows
    assert [row.score for row in rows] == [20]
    assert trainer.get(reverse("exams:results"), {"since": "x"}).status_code == 422
    for table in ("exam-results", "station-results"):
        answer = trainer.get(reverse("core:export", args=[table]), {"passed": "true"})
        assert answer.getvalue()[:2] == b"PK"
    name = "exam-results"
    way_in = reverse("core:import-new", args=[name])
    assert way_in in trainer.get(reverse("exams:results")).content.decode()
    assert trainer.get(way_in).status_code == 200
    doctor = browser_of(world.doctor)
    assert way_in not in doctor.get(reverse("exams:results")).content.decode()


def test_an_assessor_enters_results_by_the_api_once(world, browser_of):
    loop, trainer = build.stations(world)["fls_loop"], browser_of(world.trainer)
    person = {"practitioner": str(world.practitioner.public_id)}
    sent = person | {"station": str(loop.public_id), "held_on": str(timezone.localdate())}
    url, key = reverse("api:station-result-list"), {"Idempotency-Key": "sheet-1"}
    more = {"content_type": "application/json", "headers": key}
    assert list(trainer.post(url, sent | {"value": "-1"}, **more).json()["errors"]) == ["value"]
    answers = [trainer.post(url, sent | {"value": "50.5"}, **more) for _ in range(2)]
    assert [(answer.status_code, answer.json()["value"]) for answer in answers] == [
        (201, "50.50")
    ] * 2
    assert answers[0].json()["passed"] is True
    (row,) = trainer.get(url, {"station": str(loop.public_id), "passed": "true"}).json()["results"]
    assert (row["station_code"], row["is_void"]) == ("fls_loop", False)
    (station,) = trainer.get(reverse("api:station-list"), {"search": "fls_loop"}).json()["results"]
    assert (station["id"], station["metric"]) == (str(loop.public_id), "seconds")
    exam = build.skills_exam(world)
    sent = person | {"exam": str(exam.public_id), "held_on": str(timezone.localdate()), "score": 90}
    answer = trainer.post(reverse("api:exam-result-list"), sent, content_type="application/json")
    assert (answer.status_code, answer.json()["passed"]) == (201, True)
