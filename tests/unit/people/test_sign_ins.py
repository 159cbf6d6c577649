"""Attempts to sign in: counted, noted, forgotten; sessions ended by their owner alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core.models import AuditEntry
from alliance.people import actions, selectors, tasks
from alliance.people.models import SignIn


def note(user, key="key"):
    return actions.note_sign_in(user=user, session_key=key, ip="192.0.2.1", agent="A" * 300)


def test_a_typed_name_is_kept_as_a_digest_only(db):
    attempt, until = actions.begin_attempt(name="my secret password", ip=None, agent="x")
    assert until is None
    assert "secret" not in str(attempt.__dict__)
    assert attempt.name_digest == selectors.login_digest(" MY SECRET password ")


def test_an_empty_name_is_nobodys(db):
    assert selectors.user_by_login("  ") is None


def test_a_sign_in_keeps_session_place_and_device(world):
    row = note(world.doctor)
    assert (row.session_key, row.ip, len(row.agent)) == ("key", "192.0.2.1", 200)
    assert AuditEntry.objects.filter(action="login", actor=world.doctor).exists()


def test_nobody_ends_the_session_of_another(world):
    with pytest.raises(PermissionDenied):
        actions.end_session(sign_in=note(world.doctor), by=world.liaison)


def test_a_password_change_ends_the_others_and_follows_this_one(world):
    here, there, foreign = note(world.doctor), note(world.doctor, "there"), note(world.liaison)
    actions.note_password_change(user=world.doctor, sign_in_id=here.pk, session_key="new")
    rows = {row.pk: row for row in SignIn.objects.all()}
    assert (rows[here.pk].session_key, rows[here.pk].ended_at) == ("new", None)
    assert rows[there.pk].ended_at is not None
    assert rows[foreign.pk].ended_at is None


@pytest.mark.parametrize("added", [True, False])
def test_second_factors_come_and_go_on_the_ledger(world, added):
    actions.note_second_factor(user=world.doctor, added=added)
    action = "user.second_factor_added" if added else "user.second_factor_dropped"
    assert AuditEntry.objects.get().action == action


def test_the_task_forgets_attempts_older_than_the_law_asks(world):
    old, young = note(world.doctor), note(world.doctor, "young")
    for row, days in ((old, 181), (young, 179)):
        SignIn.objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(days=days))
    assert tasks.forget_sign_ins() == 1
    assert SignIn.objects.get() == young


def test_open_sessions_leave_out_those_that_ran_out(world):
    note(world.doctor, "ran-out-by-itself")
    assert selectors.open_sessions(world.doctor) == []


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"outcome": "odd"}, "people_signin_outcome"),
        ({"outcome": "ok", "user": None}, "people_signin_ok_has_user"),
    ],
)
def test_constraints_refuse(world, values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SignIn.objects.create(**{"user": world.doctor, "name_digest": "x"} | values)
