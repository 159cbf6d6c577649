"""System checks: wrong settings stop the start with an id and a sentence."""

import base64

import pytest
from django.db import OperationalError, ProgrammingError

from alliance.core import checks

GOOD = base64.urlsafe_b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("keys", "look_up", "ids"),
    [
        ([GOOD], "0123456789abcdef", []),
        ([], "0123456789abcdef", ["core.E001"]),
        ([GOOD, "short"], "0123456789abcdef", ["core.E001"]),
        (["?"], "0123456789abcdef", ["core.E001"]),
        ([GOOD], "short", ["core.E002"]),
    ],
    ids=["good", "no key", "one short key", "no base64", "short look-up key"],
)
def test_keys(settings, keys, look_up, ids):
    settings.FIELD_ENCRYPTION_KEYS, settings.LOOKUP_KEY = keys, look_up
    assert [error.id for error in checks.keys(None)] == ids


class Broken:
    """A user model whose table fails."""

    def __init__(self, error):
        self.error = error
        self._default_manager = self

    def filter(self, **kwargs):
        raise self.error


def test_before_the_first_migration_there_is_nothing_to_check(monkeypatch):
    monkeypatch.setattr(checks, "get_user_model", lambda: Broken(ProgrammingError()))
    assert checks.accounts_fit_the_mode(None, databases=["default"]) == []


def test_a_database_that_is_away_does_not_stop_the_web(monkeypatch, caplog):
    monkeypatch.setattr(checks, "get_user_model", lambda: Broken(OperationalError("away")))
    checks.refuse_unsafe_start()
    assert "database is away" in caplog.text
