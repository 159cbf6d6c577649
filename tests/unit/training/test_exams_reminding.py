"""Who owes a skills exam or a retraining hears of it once, before its time is over."""

from datetime import date, timedelta

import pytest

from alliance.core import outbox
from alliance.core.models import PolicySetting
from alliance.notices.models import Notice
from alliance.people.models import Absence, Practitioner
from tests.factories import exams as build
from training.exams import actions
from training.exams.models import Exam, Retraining
from training.exams.tasks import remind

pytestmark = pytest.mark.django_db
END = date(2026, 6, 30)


def before(days):
    return END - timedelta(days=days)


def told(user, key="exams.skills_soon"):
    outbox.relay()
    return Notice.objects.filter(user=user, text_key=key).count()


@pytest.fixture
def skills(world):
    exam = build.skills_exam(world)
    Exam.objects.filter(pk=exam.pk).update(created_at="2026-01-05T00:00:00Z")
    mine = Practitioner.objects.filter(pk=world.practitioner.pk)
    Practitioner.objects.exclude(pk=world.practitioner.pk).update(is_active=False)
    mine.update(practice_started_on=date(2012, 7, 1))
    return exam


def test_the_skills_exam_of_a_quarter_is_called_to_mind_once(world, skills):
    assert actions.remind_of_exams(on=before(21)) == 0
    assert actions.remind_of_exams(on=before(20)) == 1
    assert actions.remind_of_exams(on=before(0)) == 1
    assert (told(world.doctor), told(world.manager)) == (1, 0)
    notice = Notice.objects.get(text_key="exams.skills_soon")
    assert (notice.values, notice.url) == ({"day_on": "2026-06-30"}, "/training/exams/")
    # The next quarter has an end of its own.
    assert actions.remind_of_exams(on=date(2026, 9, 25)) == 1
    assert told(world.doctor) == 2


def test_who_took_it_is_away_or_has_none_to_take_is_left_alone(world, skills):
    away = Absence.objects.create(
        practitioner=world.practitioner, kind="leave", valid_from=before(30), valid_until=before(3)
    )
    assert actions.remind_of_exams(on=before(4)) == 0
    assert actions.remind_of_exams(on=before(3)) == 1
    away.delete()
    build.result(world, score=20, on=date(2026, 5, 4))
    assert actions.remind_of_exams(on=before(5)) == 0
    Exam.objects.update(is_active=False)
    assert actions.remind_of_exams(on=date(2026, 9, 25)) == 0


def test_each_alliance_says_how_long_before(world, skills):
    PolicySetting.objects.create(
        key="exam.remind_days_before", value=5, alliance=world.alliance,
        effective_from=date(2020, 1, 1), source="t",
    )  # fmt: skip
    found = [actions.remind_of_exams(on=before(days)) for days in (5, 4)]
    assert found == [0, 1]


def test_a_retraining_is_called_to_mind_until_it_is_done(world, skills):
    build.result(world, score=20, on=date(2026, 5, 4))
    owed = Retraining.objects.get()
    Retraining.objects.update(due_on=date(2026, 6, 3))
    days = [date(2026, 5, 12), date(2026, 5, 13), date(2026, 6, 3), date(2026, 6, 4)]
    assert [actions.remind_of_exams(on=day) for day in days] == [0, 1, 1, 0]
    assert told(world.doctor, "exams.retraining_soon") == 1
    assert Notice.objects.get(text_key="exams.retraining_soon").url == owed.get_absolute_url()
    assert remind.run() == 0
