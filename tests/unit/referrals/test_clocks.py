"""Who hears of a clock, when, and what happens when nobody acts at all."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from alliance.core import outbox
from alliance.core.models import OutboxMessage, PolicySetting
from alliance.notices.models import Notice
from referrals import actions, notices
from referrals.choices import AlertLevel, Status
from referrals.models import ClockAlert, Referral
from tests import worlds
from tests.factories import alliance as make

L = AlertLevel
pytestmark = pytest.mark.django_db


@pytest.fixture
def leg(world):
    return worlds.pending_referral(world)


def run(leg, **late):
    """What a run tells that comes so long after the due time."""
    before = set(ClockAlert.objects.values_list("level", flat=True))
    actions.due_alerts(now=leg.due_at + timedelta(**late))
    return set(ClockAlert.objects.values_list("level", flat=True)) - before


def test_each_level_is_told_at_its_moment_and_once(leg):
    assert run(leg, minutes=-1) == {L.WARNING}
    assert run(leg, minutes=-1) == set()
    assert run(leg, seconds=1) == {L.DUE}
    assert run(leg, days=30) == {L.MANAGER, L.OFFICE}
    assert run(leg, days=31) == set()
    assert OutboxMessage.objects.filter(topic="referral.clock").count() == 4


def test_a_run_that_comes_late_tells_everything_at_once_and_warns_of_nothing_past(leg):
    assert run(leg, days=30) == {L.DUE, L.MANAGER, L.OFFICE}
    assert run(leg, days=30) == set()


def test_a_new_clock_starts_its_own_alerts(leg, world):
    run(leg, days=30)
    accepted = worlds.step(leg, "accept", world.liaison)
    assert run(accepted, days=30) == set()  # the same levels again …
    assert ClockAlert.objects.filter(due_at=accepted.due_at).count() == 3  # … of another clock


def test_desk_then_manager_then_office_are_told(leg, world):
    run(leg, days=30)
    for alert in ClockAlert.objects.all():
        notices.clock(alert_id=alert.pk)
    told = {
        level: set(Notice.objects.filter(text_key=f"clock.{level}").values_list("user", flat=True))
        for level in (L.DUE, L.MANAGER, L.OFFICE)
    }
    assert told == {
        L.DUE: {world.liaison.pk},
        L.MANAGER: {world.manager.pk},
        L.OFFICE: {world.office.pk},
    }


def owing(world, serial):
    """An emergency that left with an impression only."""
    person = worlds.patient(world, serial, f"病人{serial}")
    data = {"urgency": "emergency", "present_illness": "", "patient": person}
    return worlds.pending_referral(world, **data)


def test_paperwork_that_does_not_come_is_told_once_and_never_hides_what_comes_after(world):
    first, second = owing(world, 1), owing(world, 3)
    now = max(first.paperwork_due_at, second.paperwork_due_at) + timedelta(minutes=1)
    Referral.objects.update(next_alert_at=None)
    assert actions.due_alerts(now=now, limit=1) == 1
    assert actions.due_alerts(now=now, limit=1) == 1
    assert actions.due_alerts(now=now, limit=1) == 0
    told = ClockAlert.objects.values_list("referral", "level")
    assert set(told) == {(first.pk, L.DUE), (second.pk, L.DUE)}


def test_a_run_looks_at_no_more_legs_than_it_is_told_to(world):
    legs = [
        worlds.pending_referral(world, patient=worlds.patient(world, serial)) for serial in (1, 3)
    ]
    late = max(leg.due_at for leg in legs) + timedelta(days=30)
    assert [actions.due_alerts(now=late, limit=1) for _ in range(3)] == [1, 1, 0]
    assert set(ClockAlert.objects.values_list("referral", flat=True)) == {leg.pk for leg in legs}


def test_a_run_that_another_overtakes_tells_nothing_twice(world, monkeypatch):
    first, second = owing(world, 1), owing(world, 3)
    now = max(first.paperwork_due_at, second.paperwork_due_at) + timedelta(seconds=1)
    Referral.objects.update(next_alert_at=None)

    def overtaken(*args, **payload):
        monkeypatch.undo()
        actions.due_alerts(now=now)
        outbox.put(*args, **payload)

    monkeypatch.setattr(outbox, "put", overtaken)
    actions.due_alerts(now=now)
    told = OutboxMessage.objects.filter(topic="referral.clock")
    alerts = ClockAlert.objects.filter(level=L.DUE).values_list("pk", flat=True)
    assert len(alerts) == 2
    assert sorted(message.payload["alert_id"] for message in told) == sorted(alerts)


def lapse(leg, **late):
    """The leg after a run that comes so long after its due time, everybody having been told."""
    at = leg.due_at + timedelta(**late)
    actions.due_alerts(now=at)
    for moment in (at - timedelta(days=3), at):  # the first run warns both sides
        with time_machine.travel(moment, tick=False):
            actions.lapse_due(now=timezone.now())
    leg.refresh_from_db()
    return leg


def test_a_leg_lapses_when_nobody_acted_for_as_long_as_policy_says(leg):
    assert lapse(leg, days=13).status == Status.PENDING
    assert lapse(leg, days=15).status == Status.LAPSED
    event = leg.events.order_by("version").last()
    assert (event.move, event.by, event.reason_code) == ("lapse", None, "no_answer")


def test_nothing_lapses_before_everybody_was_told(leg):
    with time_machine.travel(leg.due_at + timedelta(days=15), tick=False):
        assert actions.lapse_due(now=timezone.now()) == 0


def test_an_alliance_may_wait_longer_than_the_platform(leg, world):
    PolicySetting.objects.create(
        alliance=world.alliance,
        key="lapse.hours",
        value=30 * 24,
        effective_from=make.LONG_AGO,
        source="章程",
    )
    assert lapse(leg, days=15).status == Status.PENDING
    assert lapse(leg, days=31).status == Status.LAPSED


def test_legs_that_never_lapse_do_not_stand_before_those_that_do(world):
    arrived = worlds.step(worlds.accepted_referral(world), "arrive", world.liaison)
    waiting = worlds.pending_referral(world, patient=worlds.patient(world, 3, "赵大山"))
    Referral.objects.update(next_alert_at=None)
    late = max(arrived.due_at, waiting.due_at) + timedelta(days=15)
    assert actions.lapse_due(now=late - timedelta(days=2), limit=1) == 0
    with time_machine.travel(late, tick=False):
        assert actions.lapse_due(now=timezone.now(), limit=1) == 1
    waiting.refresh_from_db()
    assert waiting.status == Status.LAPSED


def test_both_sides_are_warned_two_days_before_a_leg_lapses_and_once(leg, world):
    actions.due_alerts(now=leg.due_at + timedelta(days=1))
    for hours in (-1, 1, 2):
        actions.lapse_due(now=leg.due_at + timedelta(days=12, hours=hours))
    warning = ClockAlert.objects.get(level=L.LAPSE)
    assert warning.at == leg.due_at + timedelta(days=12, hours=1)
    notices.clock(alert_id=warning.pk)
    told = Notice.objects.filter(text_key="clock.lapse")
    assert {notice.user_id for notice in told} == {
        world.doctor.pk,
        world.township_liaison.pk,
        world.liaison.pk,
    }
    assert told[0].values["lapse_at"] == (warning.at + timedelta(days=2)).isoformat()
    leg.refresh_from_db()
    assert leg.status == Status.PENDING


def test_a_scheduler_that_slept_for_weeks_warns_first_and_lapses_later(leg):
    late = leg.due_at + timedelta(days=40)
    actions.due_alerts(now=late)
    assert [actions.lapse_due(now=late + timedelta(hours=hours)) for hours in (0, 1, 47)] == [0] * 3
    with time_machine.travel(late + timedelta(hours=48), tick=False):
        assert actions.lapse_due(now=timezone.now()) == 1


def test_paperwork_is_warned_of_told_and_escalated_on_the_senders_side(world):
    leg = owing(world, 1)
    Referral.objects.update(next_alert_at=None)
    due = leg.paperwork_due_at
    for late in ({"hours": -5}, {"seconds": 1}, {"days": 1}, {"days": 2}):
        actions.due_alerts(now=due + timedelta(**late))
    for alert in ClockAlert.objects.all():
        notices.clock(alert_id=alert.pk)
    mine = {world.doctor.pk, world.township_liaison.pk}
    assert told_by_level() == {
        L.WARNING: mine,
        L.DUE: mine,
        L.MANAGER: {world.township_manager.pk},
        L.OFFICE: {world.office.pk},
    }
    assert set(Notice.objects.values_list("values__clock", flat=True)) == {"paperwork"}


def told_by_level():
    told = {}
    for key, user in Notice.objects.values_list("text_key", "user"):
        told.setdefault(key.removeprefix("clock."), set()).add(user)
    return told


def test_a_draft_is_its_writers_affair_alone(world):
    draft = actions.save_draft(by=world.doctor, institution=world.township, form_data={})
    assert run(draft, days=-1) == {L.WARNING}
    assert run(draft, days=30) == {L.DUE}
    for alert in ClockAlert.objects.all():
        notices.clock(alert_id=alert.pk)
    assert told_by_level() == {L.WARNING: {world.doctor.pk}, L.DUE: {world.doctor.pk}}


def test_an_alert_that_comes_after_somebody_acted_tells_nobody(leg, world):
    run(leg, seconds=1)
    worlds.step(leg, "accept", world.liaison)
    notices.clock(alert_id=ClockAlert.objects.get().pk)
    assert not Notice.objects.filter(text_key__startswith="clock.").exists()


def test_an_appointment_that_passes_is_asked_of_both_houses(world):
    leg = worlds.accepted_referral(world)
    at = timezone.now() + timedelta(days=1)
    leg = worlds.step(leg, "reserve", world.liaison, at=at, place="门诊三楼")
    run(leg, seconds=1)
    notices.clock(alert_id=ClockAlert.objects.get().pk)
    mine = {world.doctor.pk, world.township_liaison.pk, world.liaison.pk}
    assert told_by_level() == {L.DUE: mine}
