"""The ledger with two sealers, the outbox with a killed worker or without a broker."""

import os
import signal
import time
from datetime import timedelta

import pytest
from celery import Celery
from django.db import connection, transaction
from django.utils import timezone

from alliance.core import ledger, outbox, tasks
from alliance.core.models import AuditEntry, LedgerSeal, OutboxMessage
from alliance.institutions.models import Specialty
from tests.factories import alliance as make

from .together import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def done(monkeypatch):
    seen = []
    monkeypatch.setattr(outbox, "_handlers", {"test.topic": lambda n: seen.append(n)})
    return seen


def test_four_sealers_at_once_make_one_chain():
    house = make.InstitutionFactory()
    for number in range(40):
        ledger.record("test.act", by=None, subject=house, number=number)
    counts = at_once(*[lambda: ledger.seal(limit=10) for _sealer in range(4)])
    assert counts == [10, 10, 10, 10]
    assert list(LedgerSeal.objects.order_by("id").values_list("id", flat=True)) == list(
        range(1, 41)
    )
    assert ledger.verify().broken is None


def test_a_line_whose_transaction_is_still_open_is_sealed_when_it_ends():
    house = make.InstitutionFactory()

    def slow():
        with transaction.atomic():
            ledger.record("test.slow", by=None, subject=house)
            time.sleep(0.6)

    def quick():
        time.sleep(0.2)
        ledger.record("test.quick", by=None, subject=house)
        return ledger.seal()

    assert at_once(slow, quick) == [None, 1]
    assert AuditEntry.objects.order_by("id").first().action == "test.slow"
    assert ledger.seal() == 1
    assert ledger.verify().held == 2


def test_many_relays_at_once_carry_out_each_message_once(done):
    outbox.put_all("test.topic", [{"n": n} for n in range(30)])
    at_once(*[outbox.relay for _worker in range(4)])
    assert sorted(done) == list(range(30))
    assert not OutboxMessage.objects.filter(done_at=None).exists()


def test_a_worker_killed_in_the_relay_loses_nothing(monkeypatch):
    """SIGKILL between the handler's work and its commit: undone, counted, carried out later."""

    def fatal(n):
        make.SpecialtyFactory(code="99.99")
        os.kill(os.getpid(), signal.SIGKILL)

    message = outbox.put("test.topic", n=1)
    monkeypatch.setattr(outbox, "_handlers", {"test.topic": fatal})
    child = os.fork()
    if child == 0:
        connection.connection = None  # the parent's; the child opens its own
        outbox.relay()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

    seen = []
    monkeypatch.setattr(outbox, "_handlers", {"test.topic": lambda n: seen.append(n)})
    message.refresh_from_db()
    assert (message.attempts, message.done_at) == (1, None)
    assert not Specialty.objects.filter(code="99.99").exists()
    assert outbox.relay() == 0  # not at once: it might kill the next worker too
    OutboxMessage.objects.update(available_at=timezone.now() - timedelta(seconds=1))
    assert outbox.relay() == 1
    assert seen == [1]


def test_without_a_broker_the_work_is_stored_and_the_effect_follows(
    done, monkeypatch, caplog, settings
):
    away = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    away.conf.update(
        task_publish_retry=settings.CELERY_TASK_PUBLISH_RETRY,
        broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    )
    monkeypatch.setattr(outbox, "current_app", away)
    started = time.monotonic()
    with transaction.atomic():
        house = make.InstitutionFactory()
        outbox.put("test.topic", n=house.pk)
        outbox.put("test.topic", n=house.pk)
    assert time.monotonic() - started < 3  # nobody waits for a broker that refuses
    assert caplog.text.count("broker unreachable") == 1
    assert tasks.relay_outbox() == 2
    assert done == [house.pk, house.pk]
