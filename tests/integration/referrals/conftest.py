"""Signing in people whose role asks for a second factor; counting what a page reads."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import load_reason_codes
from referrals.models import Referral

from .filing import NEW, typed


@pytest.fixture
def sign_in(browser_of):
    """Like `browser_of`, with a second factor set up where the role needs one."""

    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


@pytest.fixture
def reasons(db):
    """The coded reasons that come with the platform."""
    load_reason_codes()


@pytest.fixture
def queries_of(sign_in):
    """How many statements a page reads, once the session is warm."""

    def count(user, path):
        browser = sign_in(user)
        assert browser.get(path).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def doctor(world, sign_in):
    return sign_in(world.doctor)


@pytest.fixture
def kept(world, doctor):
    """A draft of the township's doctor, and the page that wrote it."""
    answer = doctor.post(f"{NEW}autosave/", typed(world, indication="")).json()
    return Referral.objects.get(public_id=answer["url"].split("/")[-2])
