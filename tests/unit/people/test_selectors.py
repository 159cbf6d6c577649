"""What others may ask about people."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from alliance.core.choices import Role
from alliance.people import actions, selectors
from tests.factories import alliance as make


def test_staff_with_roles_are_active_people_of_these_houses(world):
    on = timezone.localdate()

    def staff(*roles):
        houses = [world.county.pk, world.township.pk]
        return set(selectors.staff_with_roles(institution_ids=houses, roles=list(roles), on=on))

    assert staff(Role.LIAISON) == {world.liaison.pk, world.township_liaison.pk}
    actions.create_api_client(
        institution=world.county, name="HIS", scopes=["reference"], by=world.manager
    )
    assert staff(Role.INTERFACE) == set()
    actions.disable_user(user=world.liaison, by=world.system_admin)
    assert staff(Role.LIAISON) == {world.township_liaison.pk}


def test_office_of_an_alliance(world):
    on = timezone.localdate()
    assert selectors.office_of(world.alliance.pk, on=on) == [world.office.pk]
    assert selectors.office_of(make.AllianceFactory().pk, on=on) == []


@pytest.mark.parametrize(("who", "lacks"), [("manager", True), ("doctor", False), ("qc", False)])
def test_who_lacks_a_second_factor(world, who, lacks):
    user = getattr(world, who)
    assert selectors.lacks_second_factor(user) is lacks
    Authenticator.objects.create(user=user, type="totp", data={})
    assert not selectors.lacks_second_factor(user)


def test_without_account_are_active_practitioners_who_cannot_sign_in(world):
    free = make.PractitionerFactory(institution=world.township)
    make.PractitionerFactory(institution=world.township, is_active=False)
    make.PractitionerFactory(institution=world.county)
    assert list(selectors.without_account([world.township.pk])) == [free]


@pytest.mark.parametrize(("email", "known"), [("", False), ("nobody@example.org", False)])
def test_has_account(world, email, known):
    assert selectors.has_account(email) is known
    assert selectors.has_account(world.doctor.email.upper())
