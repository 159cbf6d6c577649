"""Worker killed, broker stopped or frozen: real processes, and what people are told in the end."""

import json
import time
import uuid
from contextlib import closing
from http.client import HTTPConnection

import pytest
from celery import Celery
from django.db import connections

from alliance.core import outbox
from alliance.core.models import OutboxMessage
from alliance.notices import actions as notices
from alliance.notices.choices import NoticeKind
from alliance.notices.models import Notice
from referrals.models import Referral
from tests import worlds
from tests.access.cast import system_of

from .processes import Platform, until, waiting_backends

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# What another system waits at most for an answer to a filing (issue: under three seconds).
FAST = 3


@pytest.fixture
def platform(tmp_path, transactional_db):
    running = Platform(tmp_path)
    running.start_broker()
    yield running
    running.stop()


@pytest.fixture
def world(transactional_db, monkeypatch):
    """Stored for good; whoever is nudged here is not the platform under test."""
    monkeypatch.setattr(outbox, "nudge", lambda: None)
    return worlds.alliance()


def send(platform, name):
    """Send a task to the platform's own broker, as beat does."""
    with Celery(broker=platform.broker_url, set_as_current=False) as app:
        app.conf.task_default_queue = "default"
        app.send_task(name)


def undone():
    return OutboxMessage.objects.filter(done_at=None).count()


def test_a_worker_killed_while_it_tells_people_tells_them_once(platform, world):
    notices.set_preferences(by=world.liaison, wanted=[NoticeKind.REFERRAL_TODO])
    leg = worlds.pending_referral(world)
    blocker = connections.create_connection("default")
    try:
        # The worker claims the message, and comes as far as writing the notice.
        blocker.set_autocommit(False)
        with blocker.cursor() as cursor:
            cursor.execute("LOCK TABLE notices_notice IN SHARE MODE")
        killed = platform.worker()
        send(platform, "core.relay_outbox")
        until(waiting_backends)
        killed.stop()
        blocker.rollback()
    finally:
        blocker.close()

    told = Notice.objects.filter(user=world.liaison, kind=NoticeKind.REFERRAL_TODO)
    until(lambda: waiting_backends() == 0)
    assert not told.exists()
    message = OutboxMessage.objects.get(
        topic="referral.moved", payload__event_id=leg.events.get().pk
    )
    assert (message.attempts, message.done_at) == (1, None)

    platform.worker()

    def swept():
        send(platform, "core.relay_outbox")
        return undone() == 0

    until(swept, every=1)
    assert told.count() == 1
    message.refresh_from_db()
    assert message.attempts == 2
    assert len([letter for letter in platform.letters() if leg.number in letter]) == 1


def test_two_workers_and_many_nudges_tell_everybody_once(platform, world):
    for serial in range(1, 9):
        person = worlds.patient(world, serial, f"病人{serial}")
        worlds.pending_referral(world, patient=person)
    workers = [platform.worker(), platform.worker()]
    for _nudge in range(8):
        send(platform, "core.relay_outbox")
    until(lambda: undone() == 0)
    assert all(worker.said("core.relay_outbox") for worker in workers)
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {1}
    told = Notice.objects.filter(user=world.liaison, text_key="referral.submit")
    assert told.count() == 8
    assert told.values("dedupe").distinct().count() == 8


def filing(world, serial):
    person = worlds.patient(world, serial, f"病人{serial}")
    return {
        "patient": str(person.public_id),
        "sender": str(world.township.public_id),
        "receiver": str(world.county.public_id),
        "direction": "up",
        "urgency": "urgent",
        "diagnoses": [world.appendicitis.code],
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "腹痛",
        "indication": "需手术",
        "consent": {"given": True},
    }


def file(port, system, body):
    """File over HTTP as another system does; how long it took and what was answered."""
    headers = {
        "Authorization": system.client.defaults["HTTP_AUTHORIZATION"],
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    began = time.monotonic()
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request("POST", "/api/v1/referrals/", json.dumps(body), headers)
        answer = line.getresponse()
        said = json.load(answer)
    assert answer.status == 201, said
    return time.monotonic() - began, said


@pytest.mark.parametrize("away", ["stopped", "frozen"])
def test_without_a_broker_filing_goes_on_and_people_hear_of_it_later(platform, world, away):
    system, port = system_of(world.township), platform.web()
    bodies = [filing(world, serial) for serial in (1, 2, 3)]
    file(port, system, bodies[0])  # everything is loaded and connected now
    if away == "stopped":
        platform.broker.stop()
    else:
        platform.broker.freeze()

    answers = [file(port, system, body) for body in bodies[1:]]
    assert [row["status"] for _seconds, row in answers] == ["pending", "pending"]
    assert max(seconds for seconds, _row in answers) < FAST
    assert Referral.objects.filter(public_id__in=[row["id"] for _s, row in answers]).count() == 2
    assert undone() >= 2

    if away == "stopped":
        platform.start_broker()
    else:
        platform.broker.thaw()
    platform.beat()
    platform.worker()
    until(lambda: undone() == 0)
    numbers = {row["number"] for _seconds, row in answers}
    told = Notice.objects.filter(user=world.liaison, text_key="referral.submit")
    assert numbers <= {notice.values["number"] for notice in told}
    assert told.count() == 3
