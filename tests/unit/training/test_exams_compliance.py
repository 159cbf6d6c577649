"""The checks on skills exams and retrainings: what hits, what clears, and near misses."""

from datetime import date, timedelta

import pytest

from alliance.core import compliance
from alliance.people.models import Absence, Practitioner
from tests.factories import exams as build
from training.exams import actions
from training.exams.models import Exam

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 20)
LATE = date(2026, 6, 16)


def found(world, code, *, on=ON):
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=on)[code]
    question = compliance.question(setting, alliance_ids=[world.alliance.pk], on=on)
    mine = str(world.practitioner.public_id)
    rows = list(setting.check.rows(question))
    return [row for row in rows if code != "exams.skills_missed" or row["subject"] == mine]


def missed(world, *, on=ON):
    return found(world, "exams.skills_missed", on=on)


@pytest.fixture
def skills(world):
    """A skills exam that the alliance has held for long."""
    exam = build.skills_exam(world)
    Exam.objects.filter(pk=exam.pk).update(created_at="2026-01-05T00:00:00Z")
    return exam


def test_who_has_not_taken_the_skills_exam_is_found_near_the_quarter_s_end(world, skills):
    (row,) = missed(world)
    assert row["house_id"] == world.township.pk
    assert (row["facet"], row["due_on"]) == ("2026Q2", date(2026, 7, 1))
    assert row["evidence"] == {"name": "李文", "quarter": "2026Q2"}


def test_taking_it_clears_the_finding_even_where_it_is_failed(world, skills):
    taken = build.result(world, score=20, on=date(2026, 5, 4))
    assert missed(world) == []
    actions.void_result(result=taken, reason="录错", by=world.trainer)
    assert len(missed(world)) == 1


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"title_code": "255"}, {"practice_started_on": date(2026, 4, 2)}],
    ids=["left", "no physician", "began in the quarter"],
)
def test_near_misses(world, skills, change):
    Practitioner.objects.filter(pk=world.practitioner.pk).update(**change)
    assert missed(world) == []


def test_who_is_away_or_works_at_another_tier_is_not_asked(world, skills):
    Absence.objects.create(
        practitioner=world.practitioner,
        kind="leave",
        valid_from=ON,
        valid_until=ON + timedelta(days=1),
    )
    assert missed(world) == []
    assert len(missed(world, on=ON + timedelta(days=1))) == 1
    Practitioner.objects.filter(pk=world.practitioner.pk).update(institution=world.tertiary)
    assert missed(world, on=ON + timedelta(days=1)) == []


def test_an_alliance_that_held_no_such_exam_by_then_finds_nobody(world):
    assert missed(world) == []
    exam = build.skills_exam(world)
    Exam.objects.filter(pk=exam.pk).update(created_at="2026-07-02T00:00:00Z")
    assert missed(world) == []
    build.result(world, practitioner=world.county_doctor.practitioner, on=date(2026, 6, 1))
    assert len(missed(world)) == 1


def test_an_earlier_quarter_is_asked_until_this_one_nears_its_end(world, skills):
    build.result(world, on=date(2026, 2, 1))
    assert missed(world, on=LATE) == []
    assert len(missed(world, on=LATE + timedelta(days=1))) == 1


def test_a_retraining_past_its_date_is_found_until_it_is_done(world):
    failed = build.result(world, score=10, on=date(2026, 5, 1))
    due = failed.retraining.due_on
    code = "exams.retraining_overdue"
    assert found(world, code, on=due) == []
    (row,) = found(world, code, on=due + timedelta(days=1))
    assert row["subject"] == str(failed.retraining.public_id)
    assert (row["house_id"], row["due_on"]) == (world.township.pk, due)
    assert row["evidence"] == {
        "name": "李文", "exam": "季度技能考核", "due_on": due.isoformat(),
    }  # fmt: skip
    actions.finish_retraining(
        retraining=failed.retraining,
        done_on=due + timedelta(days=3),
        note="打结",
        version=1,
        by=world.trainer,
    )
    assert len(found(world, code, on=due + timedelta(days=2))) == 1
    assert found(world, code, on=due + timedelta(days=3)) == []
