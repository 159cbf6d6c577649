"""Moments that people promise or report: possible ones only, and none that calendars cannot hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from referrals import actions
from referrals.models import Referral
from tests import worlds

LONG_PAST, FAR = datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)
SOON = timedelta(hours=2)


def refused(field, act):
    with pytest.raises(ValidationError) as error:
        act()
    assert list(error.value.message_dict) == [field]


@pytest.mark.parametrize("at", [LONG_PAST, FAR])
def test_promised_moments_lie_within_a_year(world, at):
    leg = worlds.accepted_referral(world)
    refused("at", lambda: worlds.step(leg, "reserve", world.liaison, at=at, place="门诊"))
    refused("expected_at", lambda: worlds.step(leg, "depart", world.doctor, expected_at=at))
    person = worlds.patient(world, 3, "赵大山")
    refused("expected_at", lambda: worlds.pending_referral(world, patient=person, expected_at=at))
    assert Referral.objects.count() == 1
    soon = timezone.now() + SOON
    assert worlds.step(leg, "reserve", world.liaison, at=soon, place="门诊").reserved_at == soon


def test_a_stored_draft_that_waited_leaves_without_its_arrival(world):
    data = worlds.filing(world, expected_at=timezone.now() - SOON)
    draft = actions.create_referral(
        by=world.doctor, institution=world.township, data=data, submit=False
    )
    leg = worlds.step(draft, "submit", world.doctor, consent=data["consent"])
    assert (leg.status, leg.expected_at) == ("pending", None)


@pytest.mark.parametrize("at", [LONG_PAST, FAR])
def test_a_death_is_neither_before_birth_nor_to_come(world, at):
    leg = worlds.pending_referral(world)
    refused("at", lambda: worlds.step(leg, "mark_deceased", world.doctor, at=at))


@pytest.mark.parametrize("on", [date(2020, 1, 1), date(9999, 12, 31)])
def test_the_next_visit_is_ahead_but_not_beyond_a_year(world, on):
    leg = worlds.back_leg(world)
    for move in ("accept", "arrive", "start_care"):
        leg = worlds.step(leg, move, world.doctor)
    visit = {"note": "愈合良好", "outcome": "recovered"}
    refused("next_on", lambda: worlds.step(leg, "follow_up", world.doctor, next_on=on, **visit))
