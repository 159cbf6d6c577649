"""What goes out of the tables of training comes in again: nothing is new, nothing changes."""

import pytest
from django.utils import translation

from tests.factories import exams, mentoring
from tests.integration.core.importing import bring_in, counts, speak_english
from tests.integration.core.test_import_round_trip import exported
from training.exams import actions as examining
from training.mentoring import actions as teaching

pytestmark = pytest.mark.django_db

TABLES = ["exam-results", "station-results", "mentorships", "guidance-sessions", "postings"]


def lay(world):
    """Rows in every state: results that count and void ones, of paper and of the screen."""
    exams.ended_attempt(world)
    exams.result(world, score=80)
    wrong = exams.result(world, score=20)
    examining.void_result(result=wrong, reason="录错了", by=world.trainer)
    loop = exams.stations(world)["fls_loop"]
    exams.reached(world, loop, "48.5", note="=1+1")
    examining.void_station_result(
        result=exams.reached(world, loop, "99"), reason="录错了", by=world.trainer
    )
    declined = mentoring.proposed_mentorship(world)
    teaching.decline_mentorship(mentorship=declined, reason="排班", by=world.doctor)
    mentoring.agreed_mentorship(world, start=1, days=300)
    held = mentoring.guidance_session(world, hours_ago=5)
    teaching.strike_session(session=held, reason="重复", by=world.county_doctor)
    mentoring.guidance_session(world, hours_ago=3)
    mentoring.finished_posting(world)
    mentoring.planned_posting(world, start=30)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_downloads_go_in_again_unchanged(world, language):
    lay(world)
    speak_english(world.office, world.township_manager)
    for table in TABLES:
        by = world.township_manager
        with translation.override(language):
            file = exported(by, table)
        job = bring_in(by, table, make=lambda file=file: file)
        new, changed, same = counts(job)
        assert (new, changed, same > 0) == (0, 0, True), table
