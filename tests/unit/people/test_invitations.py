"""Invitations: one link, one letter, one role."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core import outbox
from alliance.core.choices import Role
from alliance.core.errors import DomainError
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.people import actions, tokens
from alliance.people.models import Invitation, User
from tests.factories import alliance as make

GOOD_PASSWORD = "Guishan-2026"


def invite(world, **changes):
    values = {
        "institution": world.county, "email": "New@Example.org", "name": "周新", "role": Role.DOCTOR,
        "by": world.manager,
    }  # fmt: skip
    return actions.invite(**values | changes)


def accept(invitation, **changes):
    values = {"username": "zhou.xin", "name": "周新", "password": GOOD_PASSWORD}
    return actions.accept_invitation(token=tokens.make(invitation), **values | changes)


def test_invite_keeps_a_digest_and_sends_the_link_once(world, settings):
    settings.SITE_URL = "https://yilian.example"
    invitation = invite(world)
    token = tokens.make(invitation)
    assert token not in str(invitation.__dict__) + str(list(OutboxMessage.objects.values()))
    outbox.relay()
    for _again in range(2):
        actions.send_invitation(invitation_id=invitation.pk)
    [letter] = mail.outbox
    assert letter.to == ["new@example.org"]
    [link] = re.findall(r"https://yilian\.example\S+", letter.body)
    assert token in link
    assert "云溪县人民医院" in letter.subject


def test_invite_lasts_as_long_as_policy_says(world):
    days = (invite(world).expires_at - timezone.now()).total_seconds() / 86400
    assert days == pytest.approx(7, abs=0.01)


@pytest.mark.parametrize("who", ["outsider", "liaison", "system_admin", "security_admin"])
def test_invite_is_for_the_administrator_of_that_house(world, who):
    with pytest.raises(PermissionDenied):
        invite(world, by=getattr(world, who))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": Role.INTERFACE}, "role"),
        ({"role": Role.AUDITOR}, "role"),
        ({"email": "nothing"}, "email"),
        ({"name": ""}, "name"),
    ],
)
def test_invite_names_the_field_that_is_wrong(world, changes, field):
    with pytest.raises(ValidationError) as refusal:
        invite(world, **changes)
    assert field in refusal.value.message_dict


def test_invite_refuses_foreign_and_taken_practitioners(world):
    with pytest.raises(ValidationError, match="another institution"):
        invite(world, practitioner=world.practitioner)
    with pytest.raises(ValidationError, match="already has an account"):
        invite(
            world,
            institution=world.township,
            by=world.township_manager,
            practitioner=world.practitioner,
        )


def test_invite_refuses_who_holds_the_role_or_has_an_open_invitation(world):
    with pytest.raises(ValidationError, match="already holds this role"):
        invite(world, email=world.county_doctor.email.upper())
    invite(world)
    with pytest.raises(ValidationError) as refusal:
        invite(world)
    assert refusal.value.message_dict == {"email": ["This person has already been invited."]}


def test_invite_refuses_an_address_whose_account_is_disabled(world):
    User.objects.filter(pk=world.doctor.pk).update(email="gone@example.org")
    actions.disable_user(user=world.doctor, by=world.system_admin)
    with pytest.raises(ValidationError) as refused:
        invite(world, email="Gone@example.org", role=Role.LIAISON)
    assert "disabled" in refused.value.message_dict["email"][0]


def test_invite_again_after_expiry_takes_the_old_one_back(world):
    old = invite(world)
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    new = invite(world)
    old.refresh_from_db()
    assert old.withdrawn_at is not None
    assert new.pk != old.pk


def test_accept_opens_an_account_with_the_role(world):
    practitioner = make.PractitionerFactory(institution=world.county)
    invitation = invite(world, practitioner=practitioner)
    user = accept(invitation)
    assert (user.email, user.practitioner) == ("new@example.org", practitioner)
    assert user.check_password(GOOD_PASSWORD)
    assert not user.must_change_password
    assert list(user.access.institutions) == [world.county.pk]
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    lines = AuditEntry.objects.filter(action__in=["user.created", "invitation.accepted"])
    assert {line.actor for line in lines} == {user}


def test_accept_works_once(world):
    invitation = invite(world)
    accept(invitation)
    with pytest.raises(DomainError, match="already been accepted"):
        accept(invitation, username="second")
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "alllowercaseletters"}, "password"),
        ({"password": "Zhou.Xin-2026", "username": "zhou.xin-2026"}, "password"),
        ({"username": "a b"}, "username"),
        ({"username": "USER-TAKEN"}, "username"),
        ({"name": " "}, "name"),
    ],
    ids=["short", "one kind", "like the name", "blank inside", "taken", "nameless"],
)
def test_accept_names_the_field_that_is_wrong_and_leaves_nothing(world, changes, field):
    make.UserFactory(username="user-taken")
    invitation = invite(world)
    with pytest.raises(ValidationError) as refusal:
        accept(invitation, **changes)
    assert field in refusal.value.message_dict
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(email="new@example.org").exists()


def test_accept_refuses_unknown_expired_and_withdrawn_links(world):
    with pytest.raises(DomainError, match="not valid"):
        actions.accept_invitation(token="x", username="a", name="a", password=GOOD_PASSWORD)
    late = invite(world)
    Invitation.objects.filter(pk=late.pk).update(
        expires_at=late.expires_at, created_at=timezone.now() - timedelta(days=9)
    )
    withdrawn = invite(world, email="b@example.org")
    actions.withdraw_invitation(invitation=withdrawn, by=world.manager)
    with pytest.raises(DomainError, match="taken back"):
        accept(withdrawn)


def test_accept_refuses_an_expired_link(world, time_machine_at):
    invitation = invite(world)
    time_machine_at(invitation.expires_at + timedelta(seconds=1))
    with pytest.raises(DomainError, match="expired"):
        accept(invitation)


def test_accept_with_a_known_address_asks_to_sign_in(world):
    make.UserFactory(email="new@example.org")
    with pytest.raises(DomainError, match="Sign in"):
        accept(invite(world))


def test_accept_as_gives_one_more_role_to_the_person_invited_only(world):
    invitation = invite(world, email=world.doctor.email)
    token = tokens.make(invitation)
    with pytest.raises(PermissionDenied):
        actions.accept_invitation_as(token=token, by=world.liaison)
    actions.accept_invitation_as(token=token, by=world.doctor)
    user = User.objects.get(pk=world.doctor.pk)
    assert set(user.access.institutions) == {world.township.pk, world.county.pk}
    with pytest.raises(DomainError, match="already been accepted"):
        actions.accept_invitation_as(token=token, by=world.doctor)


def test_renewing_kills_the_old_link_and_sends_another(world, time_machine_at):
    invitation = invite(world)
    old = tokens.make(invitation)
    outbox.relay()
    time_machine_at(timezone.now() + timedelta(days=2))
    renewed = actions.renew_invitation(invitation=invitation, by=world.manager)
    outbox.relay()
    assert len(mail.outbox) == 2
    with pytest.raises(DomainError, match="not valid"):
        actions.accept_invitation(token=old, username="a", name="a", password=GOOD_PASSWORD)
    assert accept(renewed).pk


def test_withdrawn_invitations_send_no_letter(world):
    invitation = invite(world)
    actions.withdraw_invitation(invitation=invitation, by=world.manager)
    outbox.relay()
    assert mail.outbox == []


@pytest.mark.parametrize("act", [actions.renew_invitation, actions.withdraw_invitation])
def test_only_the_house_renews_and_withdraws_and_only_what_is_open(world, act):
    invitation = invite(world)
    with pytest.raises(PermissionDenied):
        act(invitation=invitation, by=world.outsider)
    accept(invitation)
    with pytest.raises(DomainError, match="already been accepted"):
        act(invitation=invitation, by=world.manager)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"role": "auditor"}, "people_invitation_role"),
        ({"accepted_at": timezone.now()}, "people_invitation_accepted_pair"),
        ({"email": "new@example.org"}, "people_invitation_one_open"),
    ],
    ids=["a power", "accepted by nobody", "two open"],
)
def test_constraints_refuse(world, changes, constraint):
    invite(world)
    values = {
        "institution": world.county, "email": "b@example.org", "name": "b", "role": "doctor",
        "token_digest": "x", "invited_by": world.manager, "expires_at": timezone.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invitation.objects.create(**values | changes)
