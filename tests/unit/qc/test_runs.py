"""Runs of checks: opened once, cleared by themselves, the same in whatever order days are asked."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.core import compliance
from alliance.core.errors import DomainError
from alliance.core.models import OutboxMessage, PolicySetting
from alliance.institutions.actions import change_policy
from qc import actions
from qc.actions import runs
from qc.choices import RunState
from qc.models import CheckRun, Finding
from tests.factories import alliance as make

from .conftest import CODE, day

pytestmark = pytest.mark.django_db


def periods():
    """(house, first day, day after the last) of every finding that lasted."""
    rows = Finding.objects.exclude(opened_on=None).values_list(
        "institution_id", "opened_on", "cleared_on"
    )
    return sorted((row for row in rows if row[1] != row[2]), key=str)


def test_what_is_wrong_is_opened_once_and_cleared_by_itself(world, wished):
    wished.wrong = {day(0): [world.county.pk], day(1): [world.county.pk]}
    for number in (0, 1, 1, 2, 2):
        wished.run(day(number))
    assert periods() == [(world.county.pk, day(0), day(2))]
    finding = Finding.objects.get()
    assert finding.evidence == {"name": "云溪县人民医院"}
    assert (finding.severity, finding.weight, finding.citation) == ("major", 2, "")
    assert (finding.opened_by.day, finding.cleared_by.day) == (day(0), day(2))


def test_evidence_stays_as_it_was_seen(world, wished):
    wished.wrong = {day(0): [world.county.pk], day(1): [world.county.pk]}
    wished.run(day(0))
    world.county.name = "云溪县总医院"
    world.county.save()
    wished.run(day(1))
    assert Finding.objects.get().evidence == {"name": "云溪县人民医院"}


def test_what_goes_wrong_again_points_to_the_time_before(world, wished):
    wished.wrong = {day(0): [world.county.pk], day(2): [world.county.pk]}
    for number in range(3):
        wished.run(day(number))
    first, second = Finding.objects.order_by("opened_on")
    assert (first.cleared_on, second.opened_on, second.previous) == (day(1), day(2), first)


def test_counts_stand_on_the_run(world, wished):
    wished.wrong = {day(0): [world.county.pk, world.township.pk], day(1): [world.township2.pk]}
    wished.run(day(0))
    wished.run(day(1))
    run = CheckRun.objects.get(day=day(1))
    assert (run.found, run.opened, run.cleared, run.state) == (1, 1, 2, RunState.DONE)
    assert run.finished_at is not None


def test_a_late_day_stretches_parts_and_fills(world, wished):
    stretched, parted, filled = world.county.pk, world.township.pk, world.township2.pk
    wished.wrong = {
        day(0): [parted],
        day(1): [stretched, filled],
        day(2): [stretched, parted],
    }
    for number in (0, 2, 1):
        wished.run(day(number))
    assert periods() == sorted(
        [
            (stretched, day(1), None),
            (parted, day(0), day(1)),
            (parted, day(2), None),
            (filled, day(1), day(2)),
        ],
        key=str,
    )


truths = st.lists(st.sets(st.integers(0, 2)), min_size=1, max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(truths=truths, chooser=st.randoms(use_true_random=False))
def test_any_order_of_days_gives_the_same_periods(world, wished, truths, chooser):
    houses = [world.county.pk, world.township.pk, world.township2.pk]
    wished.wrong = {day(n): [houses[one] for one in wrong] for n, wrong in enumerate(truths)}
    in_order = list(range(len(truths)))
    shuffled = in_order[:]
    chooser.shuffle(shuffled)
    answers = []
    for order in (in_order, shuffled, [*shuffled, *shuffled]):
        with transaction.atomic():
            for number in order:
                wished.run(day(number))
            answers.append(periods())
            transaction.set_rollback(True)
    assert answers[0] == answers[1] == answers[2]


def test_a_day_that_lasts_is_looked_at_again_once_it_is_over(world, wished):
    today = timezone.localdate()
    actions.plan_runs(day=today)
    run = CheckRun.objects.get(day=today)
    actions.carry_out(run_id=run.pk)
    assert wished.asked[-1].until <= timezone.now()
    assert len(actions.plan_runs(day=today)) == 1


def test_a_day_that_is_over_is_asked_until_its_end(world, wished):
    wished.run(day(0))
    assert wished.asked[-1].until == timezone.make_aware(datetime.combine(day(1), time.min))


def test_planning_twice_changes_nothing(wished):
    assert len(actions.plan_runs(day=day(0))) == 1
    assert actions.plan_runs(day=day(0)) == []
    assert OutboxMessage.objects.filter(topic="qc.run").count() == 1


def test_a_run_that_is_done_is_not_done_again(wished):
    (key,) = actions.plan_runs(day=day(0))
    assert actions.carry_out(run_id=key) is True
    assert actions.carry_out(run_id=key) is False
    assert len(wished.asked) == 1


def test_a_check_that_was_switched_off_clears_what_it_found(world, wished):
    yesterday = timezone.localdate() - timedelta(days=1)
    wished.wrong = {yesterday - timedelta(days=1): [world.county.pk]}
    wished.run(yesterday - timedelta(days=1))
    change_policy(
        key=f"check.{CODE}.on",
        value=False,
        alliance=world.alliance,
        by=world.office,
        effective_from=timezone.localdate(),
        source="医联体办公室",
        reason="试点结束",
    )
    today = timezone.localdate()
    wished.wrong[today] = [world.county.pk]
    wished.run(today)
    assert Finding.objects.get().cleared_on == today
    assert actions.plan_runs(day=today + timedelta(days=1)) == []


def test_a_failing_run_stays_and_is_given_up_after_a_while(wished, monkeypatch):
    def broken(question):
        raise LookupError("no such table")

    (key,) = actions.plan_runs(day=day(0))
    broken_check = replace(compliance.checks()[CODE], rows=broken)
    monkeypatch.setitem(compliance._checks, CODE, broken_check)
    for _attempt in range(5):
        CheckRun.objects.update(available_at=timezone.now())
        with pytest.raises(LookupError):
            actions.carry_out(run_id=key)
        actions.note_failure(run_ids=[key], error="LookupError: no such table")
    CheckRun.objects.update(available_at=timezone.now())
    assert actions.carry_out(run_id=key) is False
    run = CheckRun.objects.get(pk=key)
    assert (run.state, run.last_error) == (RunState.FAILED, "LookupError: no such table")
    assert Finding.objects.count() == 0


def test_the_sweep_calls_for_runs_that_nobody_finished(wished):
    (key,) = actions.plan_runs(day=day(0))
    assert actions.sweep_runs() == []
    CheckRun.objects.update(available_at=timezone.now() - timedelta(minutes=6))
    assert actions.sweep_runs() == [key]


def test_a_claimed_run_is_left_to_whoever_claimed_it(wished):
    (key,) = actions.plan_runs(day=day(0))
    CheckRun.objects.update(available_at=timezone.now() + timedelta(minutes=1))
    assert actions.carry_out(run_id=key) is False


def test_a_worker_that_was_overtaken_leaves_the_run_to_the_other(wished, monkeypatch):
    (key,) = actions.plan_runs(day=day(0))
    claim = runs._claim

    def overtaken(run_ids):
        mine = claim(run_ids)
        monkeypatch.setattr(runs, "_claim", claim)
        CheckRun.objects.update(available_at=timezone.now())  # it was thought dead
        assert actions.carry_out(run_id=key) is True
        return mine

    monkeypatch.setattr(runs, "_claim", overtaken)
    assert actions.carry_out(run_id=key) is False
    assert len(wished.asked) == 1
    run = CheckRun.objects.get(pk=key)
    assert (run.state, run.attempts) == (RunState.DONE, 2)


def test_the_run_of_a_check_that_is_no_more_fails_and_keeps_what_it_found(
    world, wished, monkeypatch
):
    wished.wrong = {day(0): [world.county.pk]}
    wished.run(day(0))
    (key,) = actions.plan_runs(day=day(1))
    monkeypatch.setattr(compliance, "_checks", {})
    assert actions.carry_out(run_id=key) is True
    run = CheckRun.objects.get(pk=key)
    assert (run.state, run.last_error) == (RunState.FAILED, "no such check")
    assert Finding.objects.get().cleared_on is None


def test_running_now_is_for_those_who_may_and_is_in_the_ledger(world, wished):
    keys = actions.run_now(alliance=world.alliance, day=date(2026, 3, 3), by=world.qc)
    assert CheckRun.objects.get(pk=keys[0]).asked_by == world.qc
    with pytest.raises(PermissionDenied, match="Run scheduled checks"):
        actions.run_now(alliance=world.alliance, day=date(2026, 3, 3), by=world.manager)


def test_major_findings_are_told_to_the_house_and_notices_are_not_for_old_days(world, wished):
    wished.wrong = {day(0): [world.county.pk], day(1): [world.county.pk]}
    wished.run(day(1))
    told = OutboxMessage.objects.filter(topic="qc.found")
    assert told.get().payload["institution_id"] == world.county.pk
    wished.run(day(0))
    assert told.count() == 1


def test_a_waiver_cannot_be_given_to_what_is_right_again(world, wished):
    wished.wrong = {day(0): [world.county.pk]}
    wished.run(day(0))
    wished.run(day(1))
    finding = Finding.objects.get()
    with pytest.raises(DomainError, match="right again"):
        actions.waive_finding(
            finding=finding, reason="等待", until=day(90), by=world.qc, version=finding.version
        )


def test_the_command_catches_up_on_missed_nights_once(world, wished, capsys):
    call_command("run_checks", "--until", str(day(3)), "--days", "3")
    assert "3 runs done." in capsys.readouterr().out
    assert [question.on for question in wished.asked] == [day(1), day(2), day(3)]
    call_command("run_checks", "--until", str(day(3)), "--days", "3")
    assert "0 runs done." in capsys.readouterr().out


@pytest.mark.parametrize("days", [["--until", "2999-01-01"], ["--days", "0"]])
def test_the_command_refuses_days_to_come(wished, days):
    with pytest.raises(CommandError, match="today or an earlier"):
        call_command("run_checks", *days)


@pytest.fixture
def neighbour(world):
    """A second alliance, which one of the townships has joined too."""
    group = make.AllianceFactory(name="青山县医共体")
    make.MembershipFactory(alliance=group, institution=world.township2)
    return group


def decide(alliance, key, value):
    PolicySetting.objects.create(
        alliance=alliance, key=key, value=value, effective_from=date(2026, 1, 1), source="办公室"
    )


def test_alliances_are_asked_about_together_each_with_its_own_weight(world, wished, neighbour):
    decide(neighbour, f"check.{CODE}.severity", "critical")
    decide(neighbour, f"check.{CODE}.citation", "青山县规定")
    wished.wrong = {day(0): [world.county.pk, world.township2.pk], day(1): [world.county.pk]}
    wished.run(day(0))
    wished.run(day(1))
    assert [asked.alliance_ids for asked in wished.asked] == [(world.alliance.pk, neighbour.pk)] * 2
    rows = Finding.objects.values_list(
        "alliance", "institution", "severity", "citation", "cleared_on", "opened_by__alliance"
    )
    ours, theirs = world.alliance.pk, neighbour.pk
    assert set(rows) == {
        (ours, world.county.pk, "major", "", None, ours),
        (ours, world.township2.pk, "major", "", day(1), ours),
        (theirs, world.township2.pk, "critical", "青山县规定", day(1), theirs),
    }
    counts = CheckRun.objects.values_list("alliance", "day", "found", "opened", "cleared")
    assert set(counts) == {
        (ours, day(0), 2, 2, 0),
        (theirs, day(0), 1, 1, 0),
        (ours, day(1), 1, 0, 1),
        (theirs, day(1), 0, 0, 1),
    }


def test_a_day_is_late_for_one_alliance_and_not_for_another(world, wished, neighbour):
    shared = world.township2.pk
    wished.wrong = {day(0): [shared], day(2): [shared]}
    wished.run(day(0))
    of_day_2 = actions.plan_runs(day=day(2))
    first = CheckRun.objects.get(pk__in=of_day_2, alliance=world.alliance)
    assert actions.carry_out(run_id=first.pk) is True
    wished.run(day(1))
    mine, theirs = Finding.objects.filter(alliance=world.alliance), neighbour.findings
    assert set(mine.values_list("opened_on", "cleared_on")) == {(day(0), day(1)), (day(2), None)}
    assert set(theirs.values_list("opened_on", "cleared_on")) == {(day(0), day(1))}


def test_alliances_with_other_numbers_are_asked_apart(world, wished, neighbour, monkeypatch):
    heeding = replace(compliance.checks()[CODE], heeds=("mentoring.mentees_most",))
    monkeypatch.setitem(compliance._checks, CODE, heeding)
    decide(neighbour, "mentoring.mentees_most", 2)
    wished.run(day(0))
    asked = {one.alliance_ids: dict(one.settings) for one in wished.asked}
    assert asked == {
        (world.alliance.pk,): {"mentoring.mentees_most": 5},
        (neighbour.pk,): {"mentoring.mentees_most": 2},
    }


def test_an_alliance_that_breaks_a_check_is_tried_by_itself_the_next_time(
    world, wished, neighbour, monkeypatch
):
    def broken(question):
        if neighbour.pk in question.alliance_ids:
            raise LookupError("no such thing")
        return wished.rows(question)

    keys = actions.plan_runs(day=day(0))
    told = OutboxMessage.objects.filter(topic="qc.run")
    assert [message.payload for message in told] == [{"run_ids": keys}]
    monkeypatch.setitem(compliance._checks, CODE, replace(compliance.checks()[CODE], rows=broken))
    with pytest.raises(LookupError):
        actions.carry_out_all(run_ids=keys)
    CheckRun.objects.update(available_at=timezone.now() - timedelta(minutes=6))
    told.delete()
    assert actions.sweep_runs() == keys
    assert [message.payload for message in told] == [{"run_ids": [key]} for key in keys]
    assert actions.carry_out_all(run_ids=keys[:1]) == 1
    with pytest.raises(LookupError):
        actions.carry_out_all(run_ids=keys[1:])
    states = CheckRun.objects.order_by("pk").values_list("state", "attempts")
    assert list(states) == [(RunState.DONE, 2), (RunState.WAITING, 2)]
