"""A cache that is away is an empty one."""

import pytest
from redis.exceptions import RedisError

from alliance.core.cache import ForgivingCache

AWAY = ForgivingCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 1}})


@pytest.mark.parametrize(
    ("operation", "arguments", "answer"),
    [
        ("add", ("k", 1), True),
        ("get", ("k", "default"), "default"),
        ("set", ("k", 1), None),
        ("touch", ("k",), False),
        ("delete", ("k",), False),
        ("has_key", ("k",), False),
        ("incr", ("k", 3), 3),
        ("get_many", (["k"],), {}),
        ("set_many", ({"k": 1},), ["k"]),
        ("delete_many", (["k"],), None),
    ],
)
def test_every_operation_goes_on_without_it(caplog, operation, arguments, answer):
    assert getattr(AWAY, operation)(*arguments) == answer
    assert "cache unreachable" in caplog.text


def test_a_server_that_did_not_answer_is_left_alone_for_a_while(caplog):
    assert [AWAY.get("k", n) for n in range(3)] == [0, 1, 2]
    assert caplog.text.count("cache unreachable") == 1
    AWAY.resting.update(dict.fromkeys(AWAY.resting, 0))
    AWAY.get("k")
    assert caplog.text.count("cache unreachable") == 2


def test_counting_without_it_is_counting_from_nothing(caplog):
    assert AWAY.count("k", timeout=5, beside="other") == (1, None)
    assert "cache unreachable" in caplog.text


def test_readiness_is_told_the_truth():
    with pytest.raises(RedisError):
        AWAY.ping()


def test_a_cache_that_is_there_works(db):
    from django.core.cache import cache

    assert cache.add("k", 1)
    assert not cache.add("k", 2)
    assert cache.incr("k") == 2
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b"]) == {"a": 1, "b": 2}
    assert cache.touch("a")
    assert cache.delete("a")
    assert not cache.has_key("a")
    cache.delete_many(["b", "k"])
    assert cache.get("b") is None
    cache.set("other", {"a": 1})
    assert [cache.count("n", timeout=5, beside="gone") for _ in range(2)] == [(1, None), (2, None)]
    assert cache.count("n", timeout=5, beside="other") == (3, {"a": 1})
    cache.touch("n", 0)
    assert cache.count("n", timeout=5, beside="k") == (1, None)
    cache.ping()
