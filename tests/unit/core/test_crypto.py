"""Sealing values, changing keys, digests for look-up."""

from base64 import urlsafe_b64encode

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import assume, given
from hypothesis import strategies as st

from alliance.core import crypto

OLD, NEW, STRANGE = (urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2, 3))


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    settings.LOOKUP_KEY = "look-up"


def sealed_under(settings, key, text="11010519491231002X"):
    listed = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [key]
    token = crypto.encrypt(text)
    settings.FIELD_ENCRYPTION_KEYS = listed
    return token


@pytest.mark.parametrize("text", ["", "11010519491231002X", "王秀兰", "a" * 10_000])
def test_decrypt_gives_back_what_was_encrypted(text):
    assert crypto.decrypt(crypto.encrypt(text)) == text


def test_the_same_text_is_sealed_differently_and_shows_nothing():
    first, second = crypto.encrypt("11010519491231002X"), crypto.encrypt("11010519491231002X")
    assert first != second
    assert "110105" not in first


def test_an_older_key_still_opens_and_rotation_moves_to_the_newest(settings):
    token = sealed_under(settings, OLD)
    assert crypto.decrypt(token) == "11010519491231002X"
    assert crypto.needs_rotation(token)
    rotated = crypto.rotate(token)
    assert not crypto.needs_rotation(rotated)
    assert crypto.rotate(rotated) == rotated
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert crypto.decrypt(rotated) == "11010519491231002X"


def test_a_key_that_is_not_listed_is_named(settings):
    with pytest.raises(crypto.DecryptionError, match=r"no key [0-9a-f]{8}"):
        crypto.decrypt(sealed_under(settings, STRANGE))


@pytest.mark.parametrize("token", ["", "clear text", "v2.aa.bb", "v1.aa", "v1.aa."])
def test_what_was_never_sealed_is_refused(token):
    with pytest.raises(crypto.DecryptionError, match="not a sealed value"):
        crypto.decrypt(token)


@given(st.integers(0, 10_000), st.sampled_from("ABCabc012-_.="))
def test_any_change_is_found(number, other):
    token = crypto.encrypt("11010519491231002X")
    place = number % len(token)
    changed = token[:place] + other + token[place + 1 :]
    assume(changed != token)
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(changed)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([], "not set"),
        (["short"], "key 1"),
        ([NEW, urlsafe_b64encode(b"x" * 16).decode()], "key 2"),
        ([NEW, "密" * 44], "key 2"),
    ],
)
def test_wrong_keys_are_a_configuration_error(settings, keys, message):
    settings.FIELD_ENCRYPTION_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match=message):
        crypto.encrypt("x")


def test_generated_keys_are_good_keys(settings):
    settings.FIELD_ENCRYPTION_KEYS = [crypto.generate_key()]
    assert crypto.decrypt(crypto.encrypt("x")) == "x"


@pytest.mark.parametrize(
    "same", ["11010519491231002x", " 110105 19491231 002X ", "\u200b11010519491231002X"]
)
def test_lookup_digest_ignores_how_it_was_typed(same):
    digest = crypto.lookup_digest("11010519491231002X")
    assert crypto.lookup_digest(same) == digest
    assert len(digest) == crypto.DIGEST_LENGTH


def test_lookup_digest_depends_on_key_and_purpose(settings):
    digest = crypto.lookup_digest("13800000000")
    assert crypto.lookup_digest("13800000000", purpose="phone") != digest
    settings.LOOKUP_KEY = "other"
    assert crypto.lookup_digest("13800000000") != digest


def test_lookup_digest_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="nothing"):
        crypto.lookup_digest(" \u200b")


def test_lookup_digest_without_a_key_is_a_configuration_error(settings):
    settings.LOOKUP_KEY = ""
    with pytest.raises(ImproperlyConfigured, match="LOOKUP_KEY"):
        crypto.lookup_digest("x")
