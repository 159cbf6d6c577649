"""Rules about people: facts in, errors out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alliance.core.choices import Role
from alliance.people import rules

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({}, set()),
        ({"practice_started_on": TODAY + timedelta(days=1)}, {"practice_started_on"}),
        ({"licence_valid_until": date(2010, 1, 1)}, {"licence_valid_until"}),
        ({"practice_started_on": None, "licence_valid_until": None}, set()),
        ({"department_institution_id": 1}, set()),
        ({"department_institution_id": 2}, {"department"}),
    ],
    ids=["good", "starts tomorrow", "licence ended before", "nothing said", "own", "foreign house"],
)
def test_practitioner_errors(facts, fields):
    good = {
        "practice_started_on": date(2012, 7, 1),
        "licence_valid_until": date(2030, 1, 1),
        "department_institution_id": None,
    }
    errors = rules.practitioner_errors(**good | facts, institution_id=1, on=TODAY)
    assert set(errors) == fields


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({}, set()),
        ({"role": Role.INTERFACE}, {"role"}),
        ({"valid_from": TODAY - timedelta(days=1)}, {"valid_from"}),
        ({"valid_from": TODAY, "valid_until": TODAY}, {"valid_until"}),
        ({"valid_from": TODAY, "valid_until": TODAY + timedelta(days=1)}, set()),
    ],
    ids=["good", "for systems", "in the past", "no time at all", "one day"],
)
def test_grant_errors(facts, fields):
    good = {"role": Role.DOCTOR, "valid_from": None, "valid_until": None}
    assert set(rules.grant_errors(**good | facts, on=TODAY)) == fields


def failures(*minutes_ago):
    return [NOW - timedelta(minutes=m) for m in minutes_ago]


@pytest.mark.parametrize(
    ("ago", "until"),
    [
        ((), None),
        ((1, 2, 3, 4), None),
        ((1, 2, 3, 4, 5), 29),
        ((29, 29, 29, 29, 29), 1),
        ((30, 31, 32, 33, 34), None),
        ((1, 10, 20, 25, 30), 29),
        ((1, 10, 20, 25, 32), None),
    ],
    ids=["none", "four", "five", "almost over", "over", "just within", "too far apart"],
)
def test_locked_until(ago, until):
    expected = None if until is None else NOW + timedelta(minutes=until)
    assert rules.locked_until(failures(*ago), limit=5, minutes=30, now=NOW) == expected


@pytest.mark.parametrize(("age", "due"), [(89, False), (90, True), (400, True)])
def test_password_is_due(age, due):
    changed_at = NOW - timedelta(days=age)
    assert rules.password_is_due(changed_at=changed_at, days=90, now=NOW) is due


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/126 Safari/537 Edg/126", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/126 Safari/537", "Chrome · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0 Chrome/1", "WeChat · Android"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_device_of(agent, words):
    assert rules.device_of(agent) == words
