"""What somebody has learnt is noted soon after; a lost message is made up for in the night."""

import logging

import pytest

from alliance.core import outbox
from alliance.core.models import OutboxMessage
from alliance.people.models import Practitioner
from tests.factories import alliance as make
from tests.factories import courses as learn
from tests.factories import exams as sit
from tests.factories import logbook
from tests.factories import programmes as build
from tests.unit.training.test_programmes_selectors import passed
from training.courses import actions as ledger
from training.privileges.models import Privilege
from training.programmes import actions
from training.programmes.choices import EnrolmentStatus, EventKind, Need, StageKind

pytestmark = pytest.mark.django_db


def messages():
    return OutboxMessage.objects.filter(topic="programmes.look", done_at=None)


def learning(world, *need):
    """李文 in a programme of one requirement, up to date."""
    row = build.enrolment(world, build.published(world, (StageKind.THEORY, need)))
    outbox.relay()
    assert not messages().exists()
    return row


def operate(world):
    logbook.teach(world, world.debridement, valid_from=build.ago(200))
    logbook.done(world, technique=world.debridement, performed_on=build.ago(3))


def confirmed_hours(world):
    entry = learn.claim(world)
    assert not messages().exists()
    ledger.confirm_hours(entry=entry, by=world.township_manager)


@pytest.mark.parametrize(
    ("need", "act"),
    [
        ((Need.EXAM, 1, {"variety": "skills"}), sit.result),
        ((Need.EXAM, 1, {"variety": "theory"}), lambda w: sit.ended_attempt(w, theory(w))),
        (
            (Need.STATION, 1, {"station_code": "fls_peg_transfer"}),
            lambda w: sit.reached(w, sit.stations(w)["fls_peg_transfer"], "30"),
        ),
        ((Need.HOURS, 2, {}), confirmed_hours),
        ((Need.CASES, 1, {"part": "supervised"}), operate),
        ((Need.CASES, 12, {"part": "supervised"}), build.confirmed_prior),
    ],
    ids=["exam", "online", "station", "hours", "case", "prior"],
)
def test_what_is_learnt_is_noted_soon(world, need, act):
    row = learning(world, *need)
    act(world)
    assert [one.payload for one in messages()] == [{"practitioner_id": world.practitioner.pk}]
    outbox.relay()
    row.refresh_from_db()
    assert row.status == EnrolmentStatus.DONE
    assert row.events.filter(kind=EventKind.STAGE_PASSED).count() == 1
    assert actions.look_at(practitioner_id=world.practitioner.pk) == 0


def theory(world):
    return sit.online_exam(world, technique=world.debridement)


def test_who_learns_nothing_is_not_looked_at(world):
    sit.result(world)
    build.confirmed_prior(world)
    assert not messages().exists()


def test_what_was_learnt_before_counts_on_enrolling_and_on_coming_back(world):
    passed(world, technique=world.debridement, days=200)
    row = build.enrolment(world)
    outbox.relay()
    assert row.events.get(kind=EventKind.STAGE_PASSED).stage.kind == "theory"
    actions.leave(enrolment=row, reason="调离", by=world.township_manager)
    actions.resume(enrolment=row, by=world.township_manager)
    assert messages().count() == 1


def test_a_lost_message_is_made_up_for_in_the_night(world):
    row = learning(world, Need.EXAM, 1, {"variety": "skills"})
    sit.result(world)
    messages().delete()
    assert actions.advance_all() == 1
    row.refresh_from_db()
    assert row.status == EnrolmentStatus.DONE


def test_what_a_rule_forbids_for_one_stops_nobody_else(world, caplog):
    one = build.enrolment(world)
    person = make.PractitionerFactory(institution=world.township)
    other = build.enrolment(world, one.programme, practitioner=person)
    passed(world, technique=world.debridement, days=20)
    passed(world, technique=world.debridement, days=20, who=person)
    Practitioner.objects.filter(pk=world.practitioner.pk).update(is_active=False)
    with caplog.at_level(logging.WARNING):
        assert actions.advance_all() == 1
    assert "does not move: not_active" in caplog.text
    assert not one.events.filter(kind=EventKind.STAGE_PASSED).exists()
    assert other.events.filter(kind=EventKind.STAGE_PASSED).exists()
    assert Privilege.objects.get().practitioner == person
