"""Banks, questions and terms: what the office writes, loads and brings in from Excel."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from alliance.core.errors import StaleVersion
from alliance.core.exchange.plan import Row, RowsRefused
from alliance.institutions.models import Alliance
from tests.factories import alliance as make
from tests.factories import exams as build
from training.exams import actions, starter
from training.exams.models import Exam, Question, QuestionBank, Station

pytestmark = pytest.mark.django_db


def fields(act):
    with pytest.raises(ValidationError) as refused:
        act()
    return list(refused.value.message_dict)


def written(number, **more):
    values = {
        "bank": "腹腔镜基础", "code": f"Q{number:03d}", "kind": "single", "text": f"第 {number} 题",
        "option_a": "对的", "option_b": "错的", "option_c": "也错", "answer": "A",
        "explanation": "解析：机密", "is_active": True,
    }  # fmt: skip
    return Row(number + 1, values | more)


def bring(world, *rows, by=None):
    return actions.import_questions(
        rows=rows, by=by or world.office, alliance_id=world.alliance.pk, progress=lambda done: None
    )


def test_questions_get_the_next_number_and_one_is_taken_once(world):
    bank = build.bank(world)
    assert [q.code for q in bank.questions.order_by("code")] == ["Q001", "Q002", "Q003", "Q004"]
    values = {"kind": "judgement", "text": "?", "answer": [0]}
    add = {"bank": bank, "by": world.office}
    assert actions.create_question(**add, values=values).code == "Q005"
    assert fields(lambda: actions.create_question(**add, values=values | {"code": "Q001"})) == [
        "code"
    ]
    assert fields(lambda: actions.create_question(**add, values=values | {"answer": []})) == [
        "answer"
    ]


def test_every_change_names_the_version_it_saw(world):
    bank = build.bank(world)
    question, exam = bank.questions.first(), build.online_exam(world)
    for edit, row, change in (
        (actions.edit_bank, {"bank": bank}, {"note": "修订"}),
        (actions.edit_question, {"question": question}, {"text": "改写"}),
        (actions.edit_exam, {"exam": exam}, {"note": "修订"}),
    ):
        assert edit(**row, by=world.office, version=1, values=change).version == 2
        with pytest.raises(StaleVersion):
            edit(**row, by=world.office, version=1, values=change)
        with pytest.raises(PermissionDenied):
            edit(**row, by=world.trainer, version=2, values=change)


def test_only_the_office_writes(world):
    bank, exam = build.bank(world), build.online_exam(world)
    for act in (
        lambda by: actions.create_bank(alliance=world.alliance, by=by, values={"name": "?"}),
        lambda by: actions.create_question(bank=bank, by=by, values={}),
        lambda by: actions.create_exam(alliance=world.alliance, by=by, values={}),
        lambda by: actions.edit_exam(exam=exam, by=by, version=1, values={}),
        lambda by: actions.load_starter_questions(alliance=world.alliance, by=by),
        lambda by: bring(world, written(1), by=by),
    ):
        with pytest.raises(PermissionDenied):
            act(world.trainer)


def test_terms_are_told_at_their_fields(world):
    assert fields(lambda: build.online_exam(world, draw_count=5)) == ["draw_count"]
    assert fields(lambda: build.online_exam(world, minutes=0)) == ["minutes"]
    assert "bank" in fields(lambda: build.online_exam(world, kind="skills"))
    build.online_exam(world)
    assert fields(lambda: build.online_exam(world)) == ["name"]


def test_an_exam_in_person_has_no_paper_and_no_clock(world):
    skills = build.skills_exam(world)
    edit = {"exam": skills, "by": world.office, "version": 1}
    edited = actions.edit_exam(**edit, values={"draw_count": 9, "minutes": 9})
    assert (edited.draw_count, edited.minutes, edited.is_online) == (0, 0, False)


def test_a_bank_of_another_alliance_is_no_bank_to_draw_from(world):
    other = make.AllianceFactory()
    bank = build.bank(world)
    QuestionBank.objects.filter(pk=bank.pk).update(alliance=other)
    bank.refresh_from_db()
    with pytest.raises(ValueError, match="own alliance"):
        build.online_exam(world, bank=bank)
    assert not Exam.objects.exists()


def test_questions_from_a_file_are_added_and_changed(world):
    build.bank(world)
    plan = bring(
        world,
        written(1),
        written(2, text='改"过\\', option_a='对"的', option_b="反\\斜", answer="B"),
        written(9, kind="multiple", answer="AC"),
        written(10, kind="judgement", option_a="", option_b="", option_c="", answer="B"),
    )
    assert plan.counts == {"new": 2, "changed": 1, "same": 1}
    changed = Question.objects.get(code="Q002")
    assert (changed.text, changed.answer, changed.version) == ('改"过\\', [1], 2)
    assert changed.options == ['对"的', "反\\斜", "也错"]
    assert Question.objects.get(code="Q009").answer == [0, 2]
    assert Question.objects.get(code="Q010").options == []


def test_what_is_wrong_in_a_file_is_told_by_row_and_column_and_nothing_comes_in(world):
    build.bank(world)
    with pytest.raises(RowsRefused) as refused:
        bring(
            world,
            written(5),
            written(6, bank="没有的"),
            written(7, answer="甲"),
            written(8, option_b="", option_c=""),
            written(9, answer="AB"),
        )
    errors = {(error.number, error.column) for error in refused.value.plan.errors}
    assert errors == {(7, "bank"), (8, "answer"), (9, "option_a"), (10, "answer")}
    assert Question.objects.count() == 4


def test_the_starter_bank_is_sound_and_loaded_once(world):
    questions = starter.questions()
    assert len(questions) >= 30
    assert (
        len({q["code"] for q in questions}) == len({q["text"] for q in questions}) == len(questions)
    )
    assert all(q["explanation"] for q in questions)
    added = actions.load_starter_questions(alliance=world.alliance, by=world.office)
    assert added == len(questions)
    assert actions.load_starter_questions(alliance=world.alliance) == 0


def test_a_starter_row_that_is_wrong_is_named(monkeypatch):
    row = {"code": "Q9", "kind": "single", "text": "?", "answer": "B", "explanation": ""}
    row |= dict.fromkeys(("option_a", "option_b", "option_c", "option_d"), "")
    monkeypatch.setattr(starter, "_rows", lambda name: iter([row]))
    with pytest.raises(starter.StarterError, match="Q9"):
        starter.questions()


def test_the_command_sets_an_alliance_up_and_knows_its_name(world, capsys):
    with translation.override("zh-hans"):
        call_command("load_exams", alliance=world.alliance.name)
    assert "added 6 stations" in capsys.readouterr().out
    assert Station.objects.filter(alliance=world.alliance).count() == 6
    with pytest.raises(CommandError):
        call_command("load_exams", alliance="没有的")
    assert Alliance.objects.count() == 1
