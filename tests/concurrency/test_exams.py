"""One exam begun twice at the same moment, and handed in twice: one attempt, one result."""

from functools import partial

import pytest

from tests import worlds
from tests.factories import exams as build
from training.exams import actions
from training.exams.models import Attempt, ExamResult

from .together import at_once, refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_double_tap_begins_one_attempt_and_ends_it_once(transactional_db):
    world = worlds.alliance()
    exam = build.online_exam(world)
    start = partial(actions.start_attempt, exam=exam, by=world.doctor)
    begun = at_once(start, start, start)
    assert refused(begun) == []
    assert len({attempt.pk for attempt in begun}) == Attempt.objects.count() == 1
    attempt = begun[0]
    answers = build.answers(attempt, right=4)
    hand_in = partial(
        actions.hand_in, attempt=attempt, answers=answers, page="a", version=1, by=world.doctor
    )
    assert refused(at_once(hand_in, hand_in)) == []
    assert ExamResult.objects.get().score == 100
