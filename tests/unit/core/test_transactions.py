"""An action is one transaction, however many actions it is made of."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alliance.core.models import OutboxMessage
from alliance.core.transactions import one_transaction

pytestmark = pytest.mark.django_db


@one_transaction
def promise(topic, *, refuse=False):
    OutboxMessage.objects.create(topic=topic)
    if refuse:
        raise LookupError(topic)


@one_transaction
def promise_two(*, refuse=False):
    promise("first")
    promise("second", refuse=refuse)


def topics():
    return sorted(OutboxMessage.objects.values_list("topic", flat=True))


def test_an_action_in_an_action_makes_no_savepoint():
    with CaptureQueriesContext(connection) as queries:
        promise_two()
    words = [query["sql"].split()[0] for query in queries]
    # The outer pair stands for BEGIN and COMMIT: a test is a transaction itself.
    assert words == ["SAVEPOINT", "INSERT", "INSERT", "RELEASE"]
    assert topics() == ["first", "second"]


def test_what_the_inner_one_refuses_undoes_the_whole():
    with pytest.raises(LookupError):
        promise_two(refuse=True)
    assert topics() == []


def test_an_outer_one_cannot_swallow_a_refusal_and_go_on():
    @one_transaction
    def stubborn():
        with pytest.raises(LookupError):
            promise("first", refuse=True)
        promise("second")

    with pytest.raises(transaction.TransactionManagementError):
        stubborn()
    assert topics() == []


def test_a_savepoint_asked_for_lets_the_outer_one_go_on():
    @one_transaction
    def row_by_row():
        with pytest.raises(LookupError), transaction.atomic():
            promise("first", refuse=True)
        promise("second")

    row_by_row()
    assert topics() == ["second"]


def test_the_next_action_is_on_its_own_again():
    with pytest.raises(LookupError):
        promise("first", refuse=True)
    promise("second")
    assert topics() == ["second"]
