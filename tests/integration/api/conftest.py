"""Other systems: an institution's client with a token, speaking JSON."""

import json
import secrets
from datetime import timedelta

import pytest
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.test import APIClient

from alliance.core.choices import Role
from alliance.people.models import ApiClient
from tests.factories import alliance as make

ALL = "reference patients referrals notices"


class System(APIClient):
    """The system of one institution; `account` is who the ledger will name."""

    def __init__(self, institution, scopes=ALL, role=Role.INTERFACE):
        super().__init__()
        self.account = make.staff(role, institution=institution, is_service=True)
        application = ApiClient.objects.create(
            name="HIS",
            user=self.account,
            institution=institution,
            scopes=scopes,
            client_type=ApiClient.CLIENT_CONFIDENTIAL,
            authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        )
        self.token = get_access_token_model().objects.create(
            token=secrets.token_urlsafe(20),
            application=application,
            scope=scopes,
            expires=timezone.now() + timedelta(hours=1),
        )
        self.credentials(HTTP_AUTHORIZATION=f"Bearer {self.token.token}", HTTP_ACCEPT_LANGUAGE="en")

    def post(self, path, data=None, **extra):
        """Send JSON, even what Python's strings can hold and UTF-8 cannot."""
        body = json.dumps({} if data is None else data)
        return self.generic("POST", path, body, content_type="application/json", **extra)


@pytest.fixture
def township(world):
    """The township hospital's system."""
    return System(world.township)


@pytest.fixture
def county(world):
    """The county hospital's system."""
    return System(world.county)


@pytest.fixture
def outsider(world):
    """The system of a hospital outside the alliance."""
    return System(world.outside)


@pytest.fixture
def stranger(db):
    """A system without a token."""
    client = APIClient()
    client.credentials(HTTP_ACCEPT_LANGUAGE="en")
    return client
