"""Promised effects: kept with the transaction, carried out after it, never lost, never for ever."""

import io
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.management import call_command
from django.db import DataError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from alliance.core import outbox, tasks
from alliance.core.errors import DomainError
from alliance.core.models import OutboxMessage
from tests.factories import alliance as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch):
    """Payloads that the handler of `test.topic` was given."""
    seen = []
    monkeypatch.setattr(outbox, "_handlers", {"test.topic": lambda **payload: seen.append(payload)})
    return seen


@pytest.fixture
def nudges(monkeypatch):
    """Tasks that were sent to the broker."""
    sent = []
    monkeypatch.setattr(outbox.current_app, "send_task", lambda name, **way: sent.append(name))
    return sent


def due_now(message):
    OutboxMessage.objects.filter(pk=message.pk).update(available_at=timezone.now())


def test_put_nudges_a_worker_once_and_only_after_the_commit(
    nudges, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.put("test.topic", n=1)
        outbox.put_all("test.topic", [{"n": 2}, {"n": 3}])
        assert nudges == []
    assert nudges == ["core.relay_outbox"]
    assert OutboxMessage.objects.count() == 3


def test_put_all_of_nothing_nudges_nobody(nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert outbox.put_all("test.topic", []) == []
    assert nudges == []


def test_a_rolled_back_promise_is_none():
    with pytest.raises(LookupError), transaction.atomic():
        outbox.put("test.topic")
        raise LookupError
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("error", [OperationalError(), ConnectionError(), TimeoutError()])
def test_a_broker_that_is_away_is_no_loss(
    done, monkeypatch, caplog, error, django_capture_on_commit_callbacks
):
    def away(name, **way):
        raise error

    monkeypatch.setattr(outbox.current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.put("test.topic", n=1)
    assert "broker unreachable" in caplog.text
    assert tasks.relay_outbox() == 1
    assert done == [{"n": 1}]


def test_relay_carries_out_oldest_first_and_once(done):
    for n in range(3):
        outbox.put("test.topic", n=n)
    assert outbox.relay() == 3
    assert outbox.relay() == 0
    assert done == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert not OutboxMessage.objects.filter(done_at=None).exists()


def test_relay_stops_at_its_limit(done):
    outbox.put_all("test.topic", [{}] * 3)
    assert outbox.relay(limit=2) == 2
    assert len(done) == 2


def test_relay_leaves_what_is_not_due(done):
    message = outbox.put("test.topic")
    later = timezone.now() + timedelta(minutes=1)
    OutboxMessage.objects.filter(pk=message.pk).update(available_at=later)
    assert outbox.relay() == 0


def test_a_failure_is_written_down_undone_and_tried_again_later(monkeypatch, caplog):
    def fail(**payload):
        make.SpecialtyFactory(code="99")
        raise SMTPServerDisconnected("no luck")

    monkeypatch.setattr(outbox, "_handlers", {"test.topic": fail})
    message = outbox.put("test.topic")
    started = timezone.now()
    assert outbox.relay() == 1
    message.refresh_from_db()
    assert message.last_error == "SMTPServerDisconnected: no luck"
    assert (message.attempts, message.done_at, message.given_up_at) == (1, None, None)
    assert message.available_at > started
    assert not type(make.SpecialtyFactory.build()).objects.filter(code="99").exists()
    assert outbox.relay() == 0


def test_waiting_doubles_with_each_attempt(monkeypatch):
    monkeypatch.setattr(outbox, "_handlers", {})
    message = outbox.put("test.topic")
    waits = []
    for _attempt in range(4):
        due_now(message)
        before = timezone.now()
        outbox.relay()
        message.refresh_from_db()
        waits.append(round((message.available_at - before).total_seconds()))
    assert waits == [2, 4, 8, 16]


@pytest.fixture
def bad_and_good(monkeypatch):
    """A message that fails with an error, and after it one that does not."""
    seen = []

    def promise(error):
        def fail():
            raise error

        handlers = {"test.bad": fail, "test.good": lambda: seen.append("good")}
        monkeypatch.setattr(outbox, "_handlers", handlers)
        outbox.put("test.good")
        return outbox.put("test.bad"), seen

    return promise


@pytest.mark.parametrize(
    "error",
    [ConnectionRefusedError(), SMTPRecipientsRefused({}), DataError(), DomainError("x", "no")],
    ids=lambda error: type(error).__name__,
)
def test_a_trouble_stops_no_other_message(bad_and_good, error):
    message, seen = bad_and_good(error)
    before = timezone.now() - timedelta(hours=1)
    OutboxMessage.objects.filter(pk=message.pk).update(available_at=before)
    assert outbox.relay() == 2
    assert seen == ["good"]


def test_a_fault_of_ours_is_told_and_the_next_run_goes_on(bad_and_good, nudges):
    message, seen = bad_and_good(ZeroDivisionError("by zero"))
    before = timezone.now() - timedelta(hours=1)
    OutboxMessage.objects.filter(pk=message.pk).update(available_at=before)
    with pytest.raises(ZeroDivisionError):
        tasks.relay_outbox()
    message.refresh_from_db()
    assert (message.last_error, message.attempts) == ("ZeroDivisionError: by zero", 1)
    assert (seen, nudges) == ([], ["core.relay_outbox"])
    assert tasks.relay_outbox() == 1
    assert (seen, nudges) == (["good"], ["core.relay_outbox"])


def test_a_topic_without_handler_is_an_error_on_its_row(monkeypatch):
    monkeypatch.setattr(outbox, "_handlers", {})
    message = outbox.put("test.nobody")
    outbox.relay()
    message.refresh_from_db()
    assert "no handler for outbox topic test.nobody" in message.last_error


def test_a_hopeless_message_is_given_up_visibly(monkeypatch):
    monkeypatch.setattr(outbox, "_handlers", {})
    message = outbox.put("test.nobody")
    for _attempt in range(outbox.MAX_ATTEMPTS):
        due_now(message)
        assert outbox.relay() == 1
    message.refresh_from_db()
    assert message.given_up_at is not None
    due_now(message)
    assert outbox.relay() == 0


def test_a_message_that_kills_its_worker_is_given_up_too(done, caplog):
    message = outbox.put("test.topic")
    OutboxMessage.objects.filter(pk=message.pk).update(attempts=outbox.MAX_ATTEMPTS)
    assert outbox.relay() == 1
    message.refresh_from_db()
    assert message.given_up_at is not None
    assert done == []
    assert "never finished" in caplog.text


def test_a_topic_has_one_handler(monkeypatch):
    monkeypatch.setattr(outbox, "_handlers", {})
    outbox.handler("test.topic")(print)
    with pytest.raises(ValueError, match="two handlers"):
        outbox.handler("test.topic")(print)


def test_what_was_given_up_is_listed_and_tried_again_on_demand(done, nudges):
    message = outbox.put("test.topic", n=1)
    given_up = {"given_up_at": timezone.now(), "attempts": 12, "last_error": "OSError: gone"}
    OutboxMessage.objects.filter(pk=message.pk).update(**given_up)
    out = io.StringIO()
    call_command("retry_outbox", stdout=out)
    assert f"{message.pk} test.topic: OSError: gone" in out.getvalue()
    assert outbox.relay() == 0
    call_command("retry_outbox", "--now", stdout=out)
    assert "1 messages are tried again" in out.getvalue()
    assert outbox.relay() == 1
    assert done == [{"n": 1}]
    assert outbox.revive() == 0


def test_messages_carried_out_a_week_ago_are_forgotten(done):
    outbox.put_all("test.topic", [{"n": 1}, {"n": 2}])
    outbox.relay(limit=1)
    OutboxMessage.objects.exclude(done_at=None).update(
        done_at=timezone.now() - tasks.KEEP_OUTBOX - timedelta(seconds=1)
    )
    assert tasks.forget_outbox() == 1
    assert OutboxMessage.objects.count() == 1


def test_a_full_batch_nudges_for_the_next(done, nudges, monkeypatch):
    monkeypatch.setattr(outbox, "BATCH", 2)
    outbox.put_all("test.topic", [{"n": n} for n in range(3)])
    tasks.relay_outbox()
    tasks.relay_outbox()
    assert nudges == ["core.relay_outbox"]
    assert len(done) == 3


def test_a_message_that_another_worker_took_over_is_left_to_it(done):
    message = outbox.put("test.topic", n=1)
    OutboxMessage.objects.filter(pk=message.pk).update(attempts=2)
    message.attempts = 1
    outbox._attempt(message)
    assert done == []
