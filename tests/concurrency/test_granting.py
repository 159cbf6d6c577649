"""Two grants at once, two votes at once: exactly one. Real transactions."""

import pytest

from tests import worlds
from tests.concurrency.together import at_once, refused
from tests.factories import granting
from training.granting import actions
from training.granting.models import Application, Decision
from training.privileges import actions as register
from training.privileges.models import Privilege

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_decisions_at_once_grant_one_privilege():
    world = worlds.alliance()
    row = granting.before_committee(world)
    granting.vote(world, row, "for", "for", "for")
    answers = at_once(
        lambda: actions.decide(application=row, reason="同意", by=world.office),
        lambda: actions.decide(application=row, reason="同意", by=world.qc),
    )
    (late,) = refused(answers)
    assert late.code == "wrong_state"
    assert (Decision.objects.count(), Privilege.objects.count()) == (1, 1)


def test_the_decision_and_a_grant_by_hand_at_once_leave_one_privilege():
    world = worlds.alliance()
    row = granting.before_committee(world)
    granting.vote(world, row, "for", "for", "for")
    answers = at_once(
        lambda: actions.decide(application=row, reason="同意", by=world.office),
        lambda: register.grant(
            practitioner=world.practitioner,
            technique=world.debridement,
            institution=world.township,
            level="independent",
            valid_from=granting.ago(0),
            by=world.qc,
            ground="application",
            evidence={},
        ),
    )
    assert len(refused(answers)) == 1
    assert Privilege.objects.count() == 1


def test_two_taps_open_one_application():
    world = worlds.alliance()
    granting.ready(world)
    asked = granting.asked(world)
    answers = at_once(
        *[lambda: actions.open_application(asked=asked, by=world.doctor) for _tap in range(2)]
    )
    (late,) = refused(answers)
    assert late.code == "application_open"
    assert Application.objects.count() == 1
