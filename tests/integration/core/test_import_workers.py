"""Workers at an import: how far they are, two at once, and one that is killed."""

import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.db import connection, transaction
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from alliance.catalogue.models import Disease
from alliance.core.choices import ImportState
from alliance.core.exchange import actions, jobs, progress, spec, work
from alliance.core.exchange.plan import Plan
from alliance.core.models import AuditEntry, ImportJob, OutboxMessage
from alliance.core.tasks import forget_import_files
from tests import worlds
from tests.integration.core.importing import (
    GOOD,
    HEAD,
    checked,
    confirmed,
    run,
    speak_english,
    upload,
)


@pytest.fixture
def office(world):
    speak_english(world.office)
    return world.office


def test_progress_is_told_outside_the_transaction(office, monkeypatch):
    monkeypatch.setattr(progress, "_EVERY", 0)
    told = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: told.append(value))
    run(confirmed(office, *GOOD))
    assert ("reading", 3, 0) in told
    assert ("reading", 3, 3) in told
    assert told[-1] == ("writing", 2, 3)


def test_progress_is_told_a_few_times_a_second(office):
    meter = progress.Meter(1)
    meter.report("reading", 1, 10)
    meter.report("reading", 2, 10)
    assert progress.standing(1) == progress.Standing("reading", 1, 10)
    meter.clear()
    assert progress.standing(1) is None


def test_a_cache_that_is_away_stops_nothing(office, monkeypatch, caplog):
    def away(*args, **more):
        raise RedisConnectionError

    for name in ("get", "set", "delete"):
        monkeypatch.setattr(RedisCache, name, away)
    job = confirmed(office, *GOOD)
    with caplog.at_level(logging.CRITICAL):
        assert run(job).state == ImportState.DONE
        assert progress.standing(job.pk) is None


@pytest.fixture
def lasting_office(transactional_db):
    office = worlds.alliance().office
    office.language = "en"
    office.save()
    return office


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_import_bring_it_in_once(lasting_office, monkeypatch):
    job = confirmed(lasting_office, *GOOD)
    inside, go_on = threading.Event(), threading.Event()
    table = spec.find("diseases")
    save = table.save
    calls = []

    def slow(rows, **more):
        calls.append(1)
        inside.set()
        assert go_on.wait(20)
        return save(rows, **more)

    def worker():
        work.run(job_id=job.pk)
        connection.close()

    monkeypatch.setattr(table, "save", slow)
    first = threading.Thread(target=worker)
    first.start()
    assert inside.wait(20)
    assert jobs.is_claimed(job.pk)
    work.run(job_id=job.pk)
    go_on.set()
    first.join(20)
    work.run(job_id=job.pk)
    job.refresh_from_db()
    assert (len(calls), job.state) == (1, ImportState.DONE)
    assert not jobs.is_claimed(job.pk)
    assert AuditEntry.objects.filter(action="import.done").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_taps_on_import_at_once_confirm_once(lasting_office):
    job = checked(lasting_office, *GOOD)
    barrier = threading.Barrier(2)

    def tap():
        barrier.wait(20)
        actions.confirm(job=job, by=lasting_office)
        connection.close()

    taps = [threading.Thread(target=tap) for _tap in range(2)]
    for one in taps:
        one.start()
    for one in taps:
        one.join(20)
    assert AuditEntry.objects.filter(action="import.confirmed").count() == 1
    assert OutboxMessage.objects.filter(topic="core.run_import").count() == 1


DYING_WORKER = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from django.test import override_settings
from alliance.core.exchange import spec, work
connection.settings_dict["NAME"] = sys.argv[2]
table = spec.find("diseases")
save = table.save
def die(rows, **more):
    save(rows, **more)
    os.kill(os.getpid(), signal.SIGKILL)
table.save = die
with override_settings(MEDIA_ROOT=sys.argv[3]):
    work.run(job_id=int(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_goes_on(lasting_office, settings):
    job = confirmed(lasting_office, *GOOD)
    name = connection.settings_dict["NAME"]
    died = subprocess.run(
        [sys.executable, "-c", DYING_WORKER, str(job.pk), name, str(settings.MEDIA_ROOT)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "alliance.config.settings.test"},
        cwd=settings.BASE_DIR,
        timeout=60,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    job.refresh_from_db()
    assert job.state == ImportState.IMPORTING
    assert not Disease.objects.filter(code="K80.200").exists()
    actions.resume(job=job, by=lasting_office)
    assert run(job).state == ImportState.DONE
    assert Disease.objects.filter(code="K80.200").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_table_come_in_one_after_the_other(lasting_office, monkeypatch):
    one, other = (
        confirmed(lasting_office, HEAD, ["K80.200", name]) for name in ("first", "second")
    )
    waiting = threading.Event()
    wait_for_table = jobs.wait_for_table

    def watched(name):
        waiting.set()
        wait_for_table(name)

    def worker():
        work.run(job_id=other.pk)
        connection.close()

    thread = threading.Thread(target=worker)
    with transaction.atomic():
        jobs.wait_for_table("diseases")
        monkeypatch.setattr(jobs, "wait_for_table", watched)
        thread.start()
        assert waiting.wait(20)
        work.run(job_id=one.pk)
    thread.join(20)
    other.refresh_from_db()
    assert (other.state, other.summary["changed"]) == (ImportState.DONE, 1)
    assert Disease.objects.get(code="K80.200").name == "second"


def test_plan_without_rows():
    assert Plan().counts == {"new": 0, "changed": 0, "same": 0}


@pytest.mark.parametrize("lost", ["file", "record"])
def test_a_file_no_longer_kept(office, lost):
    job = confirmed(office, *GOOD)
    if lost == "file":
        Path(job.file.path).unlink()
    else:
        ImportJob.objects.update(file="")
    assert run(job).state == ImportState.FAILED
    assert "Upload it again" in job.errors[0]["reason"]


def test_old_files_are_forgotten(office):
    old, young, waiting = (upload(office, *GOOD) for _file in range(3))
    ImportJob.objects.filter(pk__in=[old.pk, young.pk]).update(state=ImportState.DONE)
    long_ago = timezone.now() - timedelta(days=40)
    ImportJob.objects.filter(pk__in=[old.pk, waiting.pk]).update(created_at=long_ago)
    assert forget_import_files() == 1
    assert not Path(old.file.path).exists()
    assert Path(young.file.path).exists()
    assert Path(waiting.file.path).exists()
    assert not ImportJob.objects.get(pk=old.pk).file
    assert forget_import_files() == 0
