"""Checks run twice, in parallel, and killed in the middle: the same findings, none lost or doubled."""

import threading
from datetime import date

import pytest
from celery import Celery
from django.db import connection, connections
from django.db.models import Count
from django.utils import timezone

from alliance.core import outbox
from qc import actions
from qc.choices import RunState
from qc.models import CheckRun, Finding
from tests import worlds
from tests.factories import alliance as make

from .processes import Platform, until, waiting_backends

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DAY = date(2026, 3, 2)
CODE = "people.licence_ending"


@pytest.fixture
def world(transactional_db, monkeypatch):
    """Twenty licences have ended; whoever is nudged here is not the platform under test."""
    monkeypatch.setattr(outbox, "nudge", lambda: None)
    found = worlds.alliance()
    make.PractitionerFactory.create_batch(20, institution=found.township, licence_valid_until=DAY)
    return found


def planned(world):
    actions.plan_runs(day=DAY)
    return CheckRun.objects.get(check_code=CODE, day=DAY)


def test_eight_workers_at_one_run_find_everything_once(world):
    run, start, done = planned(world), threading.Barrier(8), []

    def work():
        try:
            start.wait()
            done.append(actions.carry_out(run_id=run.pk))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done) == [False] * 7 + [True]
    assert Finding.objects.count() == 20


def test_groups_of_runs_that_overlap_find_everything_once(world):
    other = make.MembershipFactory(institution=world.township).alliance
    keys = actions.plan_runs(day=DAY)
    keys = list(CheckRun.objects.filter(pk__in=keys, check_code=CODE).values_list("pk", flat=True))
    start, done = threading.Barrier(4), []

    def work(group):
        try:
            start.wait()
            done.append(actions.carry_out_all(run_ids=group))
        finally:
            connection.close()

    groups = [keys, keys[::-1], keys[:1], keys[1:]]
    workers = [threading.Thread(target=work, args=[group]) for group in groups]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(keys), sum(done)) == (2, 2)
    found = Finding.objects.values_list("alliance").annotate(n=Count("pk"))
    assert set(found) == {(world.alliance.pk, 20), (other.pk, 20)}


def test_two_days_of_one_check_at_once_do_not_double(world):
    keys = [planned(world).pk]
    actions.plan_runs(day=date(2026, 3, 3))
    keys.append(CheckRun.objects.get(check_code=CODE, day=date(2026, 3, 3)).pk)
    start = threading.Barrier(2)

    def work(key):
        try:
            start.wait()
            actions.carry_out(run_id=key)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[key]) for key in keys]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    rows = Finding.objects.values_list("opened_on", "cleared_on")
    assert set(rows) == {(DAY, None)}
    assert len(rows) == 20


@pytest.fixture
def platform(tmp_path, transactional_db):
    running = Platform(tmp_path)
    running.start_broker()
    yield running
    running.stop()


def test_a_worker_killed_in_the_middle_leaves_a_run_that_another_finishes(platform, world):
    run = planned(world)
    blocker = connections.create_connection("default")
    try:
        # The worker has claimed the run and looked; opening the findings waits for this lock.
        blocker.set_autocommit(False)
        with blocker.cursor() as cursor:
            cursor.execute("LOCK TABLE qc_finding IN SHARE MODE")
        worker = platform.worker()
        queue(platform, run.pk)
        until(lambda: waiting_backends())
        worker.stop()
    finally:
        blocker.rollback()
        blocker.close()
    run.refresh_from_db()
    assert (run.state, run.attempts, Finding.objects.count()) == (RunState.WAITING, 1, 0)
    CheckRun.objects.filter(pk=run.pk).update(available_at=timezone.now())
    platform.worker()
    queue(platform, run.pk)
    until(lambda: CheckRun.objects.filter(pk=run.pk, state=RunState.DONE).exists())
    run.refresh_from_db()
    assert (run.attempts, run.found, Finding.objects.count()) == (2, 20, 20)


def queue(platform, run_id):
    """Queue the run at the platform's own broker, as the outbox does."""
    with Celery(broker=platform.broker_url, set_as_current=False) as app:
        app.send_task("qc.run_check", args=[[run_id]], queue="compliance")
