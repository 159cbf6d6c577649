"""Accounts: created without rights, shut with everything that was handed out."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.errors import DomainError
from alliance.core.models import AuditEntry
from alliance.people import actions
from alliance.people.models import SignIn, User
from tests.factories import alliance as make


def create(world, **changes):
    values = {"username": "zhang.san", "name": "张三", "email": "Zhang@Example.org"}
    return actions.create_user(by=world.system_admin, **values | changes)


def test_create_gives_no_role_and_a_password_to_be_changed(world):
    user, password = create(world)
    assert user.check_password(password)
    assert user.must_change_password
    assert user.email == "zhang@example.org"
    assert not user.grants.exists()
    assert not user.is_staff
    assert AuditEntry.objects.get(action="user.created").actor == world.system_admin


@pytest.mark.parametrize("who", ["security_admin", "auditor", "manager", "office", "doctor"])
def test_create_is_the_system_administrators_alone(world, who):
    with pytest.raises(PermissionDenied):
        actions.create_user(by=getattr(world, who), username="x", name="x")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "ZHANG.SAN"}, "username"),
        ({"username": "b", "email": "ZHANG@example.ORG"}, "email"),
        ({"username": "c c"}, "username"),
        ({"username": "d", "name": ""}, "name"),
        ({"username": "e", "email": "nothing"}, "email"),
    ],
    ids=["name taken in capitals", "address taken", "blank inside", "no name", "no address"],
)
def test_create_names_the_field_that_is_wrong(world, changes, field):
    create(world)
    with pytest.raises(ValidationError) as refusal:
        create(world, **{"email": "other@example.org"} | changes)
    assert field in refusal.value.message_dict


def test_update_changes_particulars_and_forgets_the_old_address(world):
    user, _password = create(world)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    actions.update_user(
        user=user, by=world.system_admin, name="张山", email="shan@example.org", phone="1"
    )
    user.refresh_from_db()
    assert (user.name, user.email, user.phone) == ("张山", "shan@example.org", "1")
    assert not EmailAddress.objects.filter(user=user).exists()
    line = AuditEntry.objects.get(action="user.changed")
    assert line.data == {"fields": ["email", "name", "phone"]}


def test_update_of_a_name_leaves_the_proven_address(world):
    user, _password = create(world)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    actions.update_user(user=user, by=world.system_admin, name="张山", email=user.email, phone="")
    assert EmailAddress.objects.get(user=user).verified
    assert AuditEntry.objects.get(action="user.changed").data == {"fields": ["name"]}


def test_update_without_a_difference_writes_nothing(world):
    user, _password = create(world)
    actions.update_user(user=user, by=world.system_admin, name="张三", email=user.email, phone="")
    assert not AuditEntry.objects.filter(action="user.changed").exists()


def test_disable_ends_roles_sessions_and_tokens(world, client):
    client.force_login(world.doctor, backend="django.contrib.auth.backends.ModelBackend")
    epoch = world.doctor.session_epoch
    SignIn.objects.create(user=world.doctor, name_digest="x", outcome="ok", session_key="k")
    actions.disable_user(user=world.doctor, by=world.system_admin, reason="gone")
    user = User.objects.get(pk=world.doctor.pk)
    assert (user.is_active, user.disabled_by) == (False, world.system_admin)
    assert user.session_epoch == epoch + 1
    assert not user.grants.in_force(timezone.localdate()).exists()
    assert not SignIn.objects.open().exists()
    actions.enable_user(user=user, by=world.system_admin)
    assert "_auth_user_id" in client.session
    response = client.get("/people/profile/")
    assert response.status_code == 302  # the session of before is dead although the account is open


def test_disable_refuses_oneself_the_shut_and_the_wrong_power(world):
    with pytest.raises(PermissionDenied):
        actions.disable_user(user=world.system_admin, by=world.system_admin)
    with pytest.raises(PermissionDenied):
        actions.disable_user(user=world.doctor, by=world.security_admin)
    actions.disable_user(user=world.doctor, by=world.system_admin)
    with pytest.raises(DomainError, match="already disabled"):
        actions.disable_user(user=world.doctor, by=world.system_admin)


def test_enable_brings_no_role_back(world):
    actions.disable_user(user=world.doctor, by=world.system_admin)
    user = actions.enable_user(user=world.doctor, by=world.system_admin)
    assert user.is_active
    assert not user.grants.in_force(timezone.localdate()).exists()
    with pytest.raises(DomainError, match="already enabled"):
        actions.enable_user(user=user, by=world.system_admin)


def test_leaving_ends_the_roles_here_and_shuts_who_has_none_left(world):
    actions.leave_institution(
        user=world.doctor, institution=world.township, by=world.township_manager
    )
    assert not User.objects.get(pk=world.doctor.pk).is_active


def test_leaving_one_of_two_houses_keeps_the_account(world):
    actions.grant_role(
        user=world.doctor, role=Role.DOCTOR, institution=world.county, by=world.security_admin
    )
    actions.leave_institution(
        user=world.doctor, institution=world.township, by=world.township_manager
    )
    user = User.objects.get(pk=world.doctor.pk)
    assert user.is_active
    assert list(user.access.institutions) == [world.county.pk]


def test_leaving_is_for_the_administrator_of_that_house_and_colleagues_there(world):
    with pytest.raises(PermissionDenied):
        actions.leave_institution(user=world.doctor, institution=world.township, by=world.manager)
    with pytest.raises(DomainError, match="no role here"):
        actions.leave_institution(user=world.doctor, institution=world.county, by=world.manager)
    with pytest.raises(PermissionDenied):
        actions.leave_institution(user=world.manager, institution=world.county, by=world.manager)


def test_reset_password_shows_a_new_one_and_ends_sessions(world):
    epoch = world.doctor.session_epoch
    password = actions.reset_password(user=world.doctor, by=world.system_admin)
    user = User.objects.get(pk=world.doctor.pk)
    assert user.check_password(password)
    assert (user.must_change_password, user.session_epoch) == (True, epoch + 1)


def test_reset_password_refuses_separated_powers_shut_accounts_and_others(world):
    for holder in (world.security_admin, world.auditor, world.system_admin):
        with pytest.raises(PermissionDenied):
            actions.reset_password(user=holder, by=world.system_admin)
    with pytest.raises(PermissionDenied):
        actions.reset_password(user=world.doctor, by=world.security_admin)
    actions.disable_user(user=world.doctor, by=world.system_admin)
    with pytest.raises(DomainError, match="disabled"):
        actions.reset_password(user=world.doctor, by=world.system_admin)


def test_remove_second_factor_is_the_security_administrators(world):
    Authenticator.objects.create(user=world.manager, type="totp", data={})
    with pytest.raises(PermissionDenied):
        actions.remove_second_factor(user=world.manager, by=world.system_admin)
    actions.remove_second_factor(user=world.manager, by=world.security_admin)
    assert not Authenticator.objects.exists()
    with pytest.raises(DomainError, match="no second factor"):
        actions.remove_second_factor(user=world.manager, by=world.security_admin)
    with pytest.raises(PermissionDenied):
        actions.remove_second_factor(user=world.security_admin, by=world.security_admin)


def test_profile_keeps_what_people_say_of_themselves(world):
    actions.update_profile(by=world.doctor, name="李小文", phone="139", language="en")
    user = User.objects.get(pk=world.doctor.pk)
    assert (user.name, user.phone, user.language) == ("李小文", "139", "en")
    line = AuditEntry.objects.get(action="profile.changed")
    assert line.data == {"fields": ["language", "name", "phone"]}
    with pytest.raises(ValidationError) as refusal:
        actions.update_profile(by=world.doctor, name="", phone="", language="en")
    assert "name" in refusal.value.message_dict


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"is_superuser": True}, "people_user_no_superuser"),
        ({"is_active": False}, "people_user_disabled_when"),
        ({"username": "TAKEN"}, "people_user_username_once"),
        ({"email": "TAKEN@example.test"}, "people_user_email_once"),
    ],
    ids=["superuser", "shut without a when", "name in capitals", "address in capitals"],
)
def test_constraints_refuse(db, changes, constraint):
    make.UserFactory(username="taken", email="taken@example.test")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.UserFactory(**changes)


def test_there_is_no_createsuperuser(db):
    with pytest.raises(ValueError, match="appoint"):
        User.objects.create_superuser("root", "root@example.org", "secret")
    assert User.objects.create_user("plain", "p@example.org", "secret").pk


def test_many_accounts_without_address_may_stand_side_by_side(db):
    make.UserFactory(email="")
    make.UserFactory(email="")
    assert User.objects.filter(email="").count() == 2
