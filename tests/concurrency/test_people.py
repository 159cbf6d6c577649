"""One link, one role, one lockout: whatever is tried at the same moment. Real transactions."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alliance.core.choices import Role
from alliance.people import actions, tokens
from alliance.people.models import Invitation, Practitioner, RoleGrant, SignIn, User
from tests import worlds
from tests.factories import alliance as make

from .together import at_once, refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "Guishan-2026"


def invite(world, by=None, email="new@example.org"):
    return actions.invite(
        institution=world.county, email=email, name="周新", role=Role.DOCTOR, by=by or world.manager
    )


def test_one_link_opened_twice_at_once_makes_one_account():
    world = worlds.alliance()
    token = tokens.make(invite(world))
    answers = at_once(
        *[
            lambda name=name: actions.accept_invitation(
                token=token, username=name, name="周新", password=PASSWORD
            )
            for name in ("first", "second", "third")
        ]
    )
    assert len(refused(answers)) == 2
    assert {answer.code for answer in refused(answers)} <= {"invitation_used", "account_exists"}
    assert User.objects.filter(email="new@example.org").count() == 1
    assert RoleGrant.objects.filter(user__email="new@example.org").count() == 1


def test_a_link_accepted_and_taken_back_at_once_has_one_end():
    world = worlds.alliance()
    invitation = invite(world)
    token = tokens.make(invitation)
    answers = at_once(
        lambda: actions.accept_invitation(
            token=token, username="zhou", name="周新", password=PASSWORD
        ),
        lambda: actions.withdraw_invitation(invitation=invitation, by=world.manager),
    )
    assert len(refused(answers)) == 1
    invitation.refresh_from_db()
    assert (invitation.accepted_at is None) != (invitation.withdrawn_at is None)
    assert User.objects.filter(username="zhou").exists() == (invitation.accepted_at is not None)


def test_the_same_person_invited_twice_at_once_gets_one_letter():
    world = worlds.alliance()
    managers = [User.objects.get(pk=world.manager.pk) for _thread in range(2)]
    answers = at_once(*[lambda by=by: invite(world, by) for by in managers])
    [loser] = refused(answers)
    assert isinstance(loser, ValidationError)
    assert "email" in loser.message_dict
    assert Invitation.objects.count() == 1


def test_two_powers_granted_at_once_leave_one():
    world = worlds.alliance()
    newcomer = make.UserFactory()
    second = make.staff(Role.SECURITY_ADMIN)
    answers = at_once(
        lambda: actions.grant_role(user=newcomer, role=Role.AUDITOR, by=world.security_admin),
        lambda: actions.grant_role(user=newcomer, role=Role.SYSTEM_ADMIN, by=second),
    )
    [loser] = refused(answers)
    assert "role" in loser.message_dict
    assert newcomer.grants.count() == 1


def test_two_security_administrators_cannot_remove_each_other_at_once():
    world = worlds.alliance()
    second = make.staff(Role.SECURITY_ADMIN)
    first = world.security_admin
    answers = at_once(
        lambda: actions.withdraw_role(grant=second.grants.get(), by=first),
        lambda: actions.withdraw_role(grant=first.grants.get(), by=second),
    )
    [loser] = refused(answers)
    # Who comes second is the last one left, or, read a moment later, none any more.
    assert isinstance(loser, PermissionDenied) or loser.code == "last_security_admin"
    assert RoleGrant.objects.filter(role=Role.SECURITY_ADMIN, valid_until=None).count() == 1


def test_one_vacant_power_is_appointed_once():
    answers = at_once(
        *[
            lambda name=name: actions.appoint(
                role=Role.AUDITOR, username=name, name=name, email=f"{name}@example.org"
            )
            for name in ("a", "b", "c")
        ]
    )
    assert len(refused(answers)) == 2
    assert User.objects.count() == 1


def test_many_guesses_at_once_do_not_slip_past_the_lock():
    world = worlds.alliance()
    name = world.doctor.username
    answers = at_once(
        *[lambda: actions.begin_attempt(name=name, ip=None, agent="") for _guess in range(12)]
    )
    passed = [attempt for attempt, until in answers if until is None]
    assert len(passed) <= 5
    assert SignIn.objects.count() == 12


def test_one_licence_entered_at_two_houses_at_once_is_held_once():
    world = worlds.alliance()

    def enter(house, by):
        return actions.create_practitioner(
            institution=house, by=by, name="欧阳明", licence_number="110330100000777",
            title_code="233", practice_started_on=make.LONG_AGO,
        )  # fmt: skip

    answers = at_once(
        lambda: enter(world.county, world.manager),
        lambda: enter(world.township, world.township_manager),
    )
    [loser] = refused(answers)
    assert "licence_number" in loser.message_dict
    assert Practitioner.objects.filter(licence_number="110330100000777").count() == 1
