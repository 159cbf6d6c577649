"""Everybody who knocks at a door: each role in the house whose things these are, and elsewhere.

The things belong to the township (`here`), were sent to the county (`there`); another township of
the alliance is no party (`beside`), nor is a county hospital of another alliance (`outside`).
"""

import copy
import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from alliance.core.choices import Role
from alliance.people import sessions
from alliance.people.models import ApiClient
from tests.factories import alliance as make

HERE = frozenset({"doctor", "liaison", "manager"})
THERE = frozenset({"their_doctor", "their_liaison", "their_manager"})
BESIDE = frozenset({"other_doctor", "other_liaison", "other_manager"})
OUTSIDE = frozenset({"outside_manager"})
# Roles without patients at an institution are alike: one speaks for all.
KEEPERS = frozenset({"keeper"})
TRAINERS = frozenset({"trainer"})
ALLIANCE = frozenset({"office", "qc"})
OTHER_ALLIANCE = frozenset({"other_office"})
POWERS = frozenset({"system_admin", "security_admin", "auditor"})
ANONYMOUS = frozenset({"anonymous"})

PEOPLE = HERE | THERE | BESIDE | OUTSIDE | KEEPERS | TRAINERS | ALLIANCE | OTHER_ALLIANCE | POWERS
PARTIES = HERE | THERE
MANAGERS = frozenset({"manager", "their_manager", "other_manager", "outside_manager"})
DESKS = MANAGERS | {"liaison", "their_liaison", "other_liaison"}
OFFICES = frozenset({"office", "other_office"})
CLINICAL = HERE | THERE | BESIDE | OUTSIDE
OVERSEERS = ALLIANCE | OTHER_ALLIANCE

# Other systems, each signed in for its institution.
SYSTEM = frozenset({"system"})
THEIR_SYSTEM = frozenset({"their_system"})
OTHER_SYSTEMS = frozenset({"other_system", "outside_system"})
SYSTEMS = SYSTEM | THEIR_SYSTEM | OTHER_SYSTEMS
SCOPES = "reference patients referrals notices findings training cases privileges equipment"


@dataclass
class Visitor:
    """Somebody at the door, with the cookies or the token that say who."""

    client: Client
    account: object = None

    def knock(self, method, path, **request):
        """One request, as if it were the first: cookies set by earlier ones are gone."""
        cookies = copy.deepcopy(self.client.cookies)
        try:
            return getattr(self.client, method)(path, **request)
        finally:
            self.client.cookies = cookies


def accounts(world):
    """The people of the cast by their part."""
    group = make.AllianceFactory(name="外县医共体", short_name="外县医共体")
    make.MembershipFactory(alliance=group, institution=world.outside, role="lead")
    return {
        "doctor": world.doctor,
        "liaison": world.township_liaison,
        "manager": world.township_manager,
        "keeper": make.staff(Role.EQUIPMENT_KEEPER, institution=world.township),
        "trainer": world.trainer,
        "their_doctor": world.county_doctor,
        "their_liaison": world.liaison,
        "their_manager": world.manager,
        "other_doctor": world.township2_doctor,
        "other_liaison": make.staff(Role.LIAISON, institution=world.township2),
        "other_manager": make.staff(Role.MANAGER, institution=world.township2),
        "outside_manager": world.outsider,
        "office": world.office,
        "qc": world.qc,
        "other_office": make.staff(Role.ALLIANCE_OFFICE, alliance=group),
        "system_admin": world.system_admin,
        "security_admin": world.security_admin,
        "auditor": world.auditor,
    }


def visitors(world):
    """Everybody, signed in and with a second factor."""
    found = {"anonymous": Visitor(Client())}
    for part, account in accounts(world).items():
        give_second_factor(account)
        found[part] = Visitor(signed_in(account), account)
    houses = {
        "system": world.township,
        "their_system": world.county,
        "other_system": world.township2,
        "outside_system": world.outside,
    }
    return found | {part: system_of(house) for part, house in houses.items()}


def signed_in(account):
    """A browser in which this person has signed in, in English."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    _seen_until_the_end(client)
    return client


def _seen_until_the_end(client):
    """The first request of a minute notes that somebody is there, and is then taken back each time."""
    session = client.session
    session[sessions.SEEN] = (timezone.now() + timedelta(hours=1)).timestamp()
    session.save()


def give_second_factor(account):
    """A device for one-time codes, as some roles need."""
    kind = Authenticator.Type.TOTP
    Authenticator.objects.create(user=account, type=kind, data={"secret": "invented"})


def system_of(house):
    """The system of an institution with a token for every scope."""
    account = make.staff(Role.INTERFACE, institution=house, is_service=True)
    application = ApiClient.objects.create(
        name="HIS",
        user=account,
        institution=house,
        scopes=SCOPES,
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
    )
    token = get_access_token_model().objects.create(
        token=secrets.token_urlsafe(20),
        application=application,
        scope=SCOPES,
        expires=timezone.now() + timedelta(hours=1),
    )
    headers = {"Authorization": f"Bearer {token.token}", "Accept-Language": "en"}
    return Visitor(Client(headers=headers), account)
