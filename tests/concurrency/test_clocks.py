"""Several schedulers at the same clocks: everybody is told once, a leg lapses once."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from alliance.core import outbox
from alliance.core.models import OutboxMessage
from alliance.notices.models import Notice
from referrals import actions
from referrals.choices import AlertLevel, Status
from referrals.models import ClockAlert, Referral, ReferralEvent
from tests import worlds

from .together import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LEGS = range(1, 7)


@pytest.fixture
def legs(transactional_db):
    """Six legs whose desks will not act in time."""
    world = worlds.alliance()
    return [
        worlds.pending_referral(world, patient=worlds.patient(world, serial, f"病人{serial}"))
        for serial in LEGS
    ]


def late(legs, **more):
    return max(leg.due_at for leg in legs) + timedelta(**more)


def test_four_watchers_at_once_and_again_tell_each_level_once(legs):
    watch = partial(actions.due_alerts, now=late(legs, days=30))
    at_once(*[watch] * 4)
    at_once(*[watch] * 2)
    owed = {AlertLevel.DUE, AlertLevel.MANAGER, AlertLevel.OFFICE}
    told = list(ClockAlert.objects.values_list("referral", "level"))
    assert sorted(told) == sorted((leg.pk, level) for leg in legs for level in owed)
    assert OutboxMessage.objects.filter(topic="referral.clock").count() == len(told)

    at_once(*[outbox.relay] * 4)
    notices = Notice.objects.filter(text_key__startswith="clock.")
    assert notices.count() == len(told)  # one desk, one manager, one office
    assert notices.values("user", "dedupe").distinct().count() == len(told)


def test_a_watcher_and_somebody_who_acts_at_last(legs):
    """The leg that is moved meanwhile keeps its new clock, told or not."""
    leg, now = legs[0], late(legs, days=30)
    desk = worlds.User.objects.get(name="陈联络")
    at_once(
        partial(actions.due_alerts, now=now),
        lambda: worlds.step(leg, "accept", desk),
    )
    fresh = Referral.objects.get(pk=leg.pk)
    assert fresh.status == Status.ACCEPTED
    assert fresh.due_at != leg.due_at
    actions.due_alerts(now=now)
    for due in (leg.due_at, fresh.due_at):
        levels = list(ClockAlert.objects.filter(referral=leg, due_at=due).values_list("level"))
        assert len(levels) == len(set(levels))


def test_two_schedulers_let_a_leg_lapse_once(legs):
    at = late(legs, days=20)
    actions.due_alerts(now=at)
    at_once(*[partial(actions.lapse_due, now=at - timedelta(days=2))] * 2)
    warned = ClockAlert.objects.filter(level=AlertLevel.LAPSE)
    assert warned.count() == len(legs)  # both sides, once
    with time_machine.travel(at, tick=False):
        at_once(*[partial(actions.lapse_due, now=timezone.now())] * 2)
    assert set(Referral.objects.values_list("status", flat=True)) == {Status.LAPSED}
    assert ReferralEvent.objects.filter(move="lapse").count() == len(legs)
