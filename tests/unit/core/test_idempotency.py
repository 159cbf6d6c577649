"""Creates that are sent twice happen once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core import idempotency, tasks
from alliance.core.errors import KeyReused
from alliance.core.models import IdempotencyKey

pytestmark = pytest.mark.django_db


class Counter:
    """A create that says how often it ran."""

    def __init__(self):
        self.ran = 0

    def __call__(self):
        self.ran += 1
        return {"id": self.ran}


@pytest.fixture
def create():
    return Counter()


def once(create, key="k1", body=None, scope="referrals"):
    return idempotency.once(scope=scope, key=key, body=body or {"a": 1}, perform=create)


def test_the_same_key_and_body_give_the_same_answer(create):
    first, second = once(create), once(create)
    assert (first.data, first.replayed) == ({"id": 1}, False)
    assert (second.data, second.replayed) == ({"id": 1}, True)
    assert create.ran == 1


def test_the_order_of_fields_does_not_matter(create):
    once(create, body={"a": 1, "b": 2})
    assert once(create, body={"b": 2, "a": 1}).replayed


def test_another_body_under_the_same_key_is_refused(create):
    once(create)
    with pytest.raises(KeyReused) as refusal:
        once(create, body={"a": 2})
    assert (refusal.value.code, refusal.value.status) == ("idempotency_key_reused", 422)
    assert create.ran == 1


def test_scopes_do_not_meet(create):
    once(create, scope="referrals:1")
    assert not once(create, scope="referrals:2").replayed


def test_without_a_key_there_is_no_protection(create):
    once(create, key="")
    assert not once(create, key="").replayed
    assert not IdempotencyKey.objects.exists()


def test_a_failed_create_frees_its_key(create):
    def fail():
        raise LookupError

    with pytest.raises(LookupError):
        once(fail)
    assert not once(create).replayed


def test_keys_are_forgotten_after_a_week(create):
    once(create, key="old")
    once(create, key="new")
    old = timezone.now() - tasks.KEEP_KEYS - timedelta(minutes=1)
    IdempotencyKey.objects.filter(key="old").update(created_at=old)
    assert tasks.forget_idempotency_keys() == 1
    assert IdempotencyKey.objects.get().key == "new"


def test_long_keys_that_begin_alike_stay_two(create):
    once(create, key="k" * 300 + "1")
    assert not once(create, key="k" * 300 + "2").replayed
    assert once(create, key="k" * 300 + "1").replayed
