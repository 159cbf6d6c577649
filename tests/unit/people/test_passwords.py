"""Passwords: by policy, remembered, generated."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance.core.models import PolicySetting
from alliance.people import passwords
from tests.factories import alliance as make

validator = passwords.PolicyPasswordValidator()


def set_policy(key, value):
    PolicySetting.objects.create(
        key=key, value=value, effective_from=timezone.localdate(), source="test"
    )


@pytest.mark.parametrize("password", ["Aa1-", "abcdefghijk", "abcdefgh12", "ABCDEFGH"])
def test_weak_passwords_are_refused(db, password):
    with pytest.raises(ValidationError):
        validator.validate(password)


@pytest.mark.parametrize("password", ["Abcdefg1", "abcdef1-", "密码Abc123"])
def test_good_passwords_pass(db, password):
    validator.validate(password)


def test_policy_is_read_when_asked(db):
    set_policy("security.password_length", 20)
    with pytest.raises(ValidationError, match="20 characters"):
        validator.validate("Abcdefg1")
    assert "20" in validator.get_help_text()


def test_former_passwords_are_remembered_and_refused(db):
    user = make.UserFactory()
    for number in range(6):
        user.set_password(f"Secret-{number}")
        user.save()
    with pytest.raises(ValidationError, match="before"):
        validator.validate("Secret-5", user)
    with pytest.raises(ValidationError, match="before"):
        validator.validate("Secret-1", user)
    validator.validate("Secret-0", user)


def test_history_is_not_kept_for_ever(db, monkeypatch):
    monkeypatch.setattr(passwords, "_HISTORY_KEPT", 2)
    user = make.UserFactory()
    for number in range(4):
        user.set_password(f"Secret-{number}")
        user.save()
    assert user.former_passwords.count() == 2


def test_a_new_password_satisfies_the_duty_to_change_it(db):
    user = make.UserFactory(must_change_password=True)
    user.set_password("Secret-1")
    user.save()
    user.refresh_from_db()
    assert not user.must_change_password


def test_nobody_elses_hook_is_disturbed():
    assert validator.password_changed("x", None) is None


def test_generated_passwords_satisfy_policy_and_differ(db):
    set_policy("security.password_length", 30)
    set_policy("security.password_classes", 4)
    made = {passwords.generate() for _time in range(20)}
    assert len(made) == 20
    for password in made:
        validator.validate(password)
        assert not set(password) & set("0O1lI")
