"""Signing in people whose role asks for a second factor, and things to act on."""

import pytest
from allauth.mfa.models import Authenticator

from alliance.core.choices import Role
from alliance.people import actions, tokens

PASSWORD = "Guishan-2026"


@pytest.fixture
def sign_in(browser_of):
    """Like `browser_of`, with a second factor set up where the role needs one."""

    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


@pytest.fixture
def invitation(world):
    """A colleague asked to the county hospital."""
    return actions.invite(
        institution=world.county,
        email="new@example.org",
        name="周新",
        role=Role.DOCTOR,
        by=world.manager,
    )


@pytest.fixture
def token(invitation):
    """The link's token of that invitation."""
    return tokens.make(invitation)


@pytest.fixture
def api_client(world):
    """A system of the county hospital and its secret."""
    return actions.create_api_client(
        institution=world.county, name="HIS", scopes=["reference"], by=world.manager
    )


@pytest.fixture
def colleague(world):
    """A practitioner of the county hospital."""
    from tests.factories import alliance as make

    return make.PractitionerFactory(institution=world.county, department=world.county_surgery)


@pytest.fixture
def doctor(world):
    world.doctor.set_password(PASSWORD)
    world.doctor.save()
    return world.doctor
