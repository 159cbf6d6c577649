"""Signing in people whose role asks for a second factor."""

import pytest
from allauth.mfa.models import Authenticator


@pytest.fixture
def sign_in(browser_of):
    """Like `browser_of`, with a second factor set up where the role needs one."""

    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign
