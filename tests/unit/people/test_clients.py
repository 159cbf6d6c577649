"""API clients: bound to a house, scoped, rotated, shut."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from oauth2_provider.models import get_access_token_model

from alliance.core.choices import Role
from alliance.core.errors import DomainError
from alliance.core.models import AuditEntry
from alliance.people import actions
from alliance.people.models import ApiClient, User


def create(world, **changes):
    values = {
        "institution": world.county,
        "name": "县医院 HIS",
        "scopes": ["referrals"],
        "by": world.manager,
    }
    return actions.create_api_client(**values | changes)


def token_of(api, made, secret, scope=None):
    data = {
        "grant_type": "client_credentials",
        "client_id": made.client_id,
        "client_secret": secret,
    }
    return api.post("/oauth/token/", data | ({"scope": scope} if scope else {}))


def call(api, token):
    return api.get("/api/v1/institutions/", headers={"Authorization": f"Bearer {token}"})


def test_create_gives_a_service_account_with_the_interface_role(world):
    client, secret = create(world)
    account = User.objects.get(pk=client.user_id)
    assert account.is_service
    assert not account.has_usable_password()
    assert account.access.roles == {Role.INTERFACE}
    assert list(account.access.institutions) == [world.county.pk]
    assert secret not in str(ApiClient.objects.values().get())
    assert AuditEntry.objects.get(action="client.created").data == {"scopes": "referrals"}


@pytest.mark.parametrize("who", ["outsider", "liaison", "system_admin", "security_admin", "office"])
def test_create_is_for_the_administrator_of_that_house(world, who):
    with pytest.raises(PermissionDenied):
        create(world, by=getattr(world, who))


@pytest.mark.parametrize(
    ("changes", "field"), [({"scopes": []}, "scopes"), ({"scopes": ["everything"]}, "scopes")]
)
def test_create_names_the_field_that_is_wrong(world, changes, field):
    with pytest.raises(ValidationError) as refusal:
        create(world, **changes)
    assert field in refusal.value.message_dict


def test_the_secret_opens_the_door_with_the_scopes_ticked(world, client):
    made, secret = create(world, scopes=["reference"])
    answer = token_of(client, made, secret).json()
    assert answer["scope"] == "reference"
    assert call(client, answer["access_token"]).status_code == 200
    assert token_of(client, made, secret, scope="referrals").status_code == 400
    assert token_of(client, made, "wrong").status_code == 401


def test_rotating_ends_the_old_secret_and_its_tokens(world, client):
    made, old = create(world, scopes=["reference"])
    token = token_of(client, made, old).json()["access_token"]
    new = actions.rotate_client_secret(client=made, by=world.manager)
    assert call(client, token).status_code == 401
    assert token_of(client, made, old).status_code == 401
    assert token_of(client, made, new).status_code == 200


def test_disabling_shuts_out_at_once_and_enabling_lets_in_with_the_old_secret(world, client):
    made, secret = create(world, scopes=["reference"])
    token = token_of(client, made, secret).json()["access_token"]
    actions.disable_api_client(client=made, by=world.system_admin)
    assert call(client, token).status_code == 401
    assert token_of(client, made, secret).status_code == 401
    assert not get_access_token_model().objects.exists()
    for act in (actions.disable_api_client, actions.rotate_client_secret):
        with pytest.raises(DomainError, match="disabled"):
            act(client=made, by=world.manager)
    actions.enable_api_client(client=made, by=world.manager)
    assert token_of(client, made, secret).status_code == 200
    with pytest.raises(DomainError, match="already enabled"):
        actions.enable_api_client(client=made, by=world.manager)


def test_an_invented_client_gets_no_token_outside_a_demonstration(world, client, settings):
    settings.DEMO_MODE = True
    made, secret = create(world)
    assert token_of(client, made, secret).status_code == 200
    settings.DEMO_MODE = False
    assert token_of(client, made, secret).status_code == 401


@pytest.mark.parametrize(
    "act", [actions.rotate_client_secret, actions.disable_api_client, actions.enable_api_client]
)
def test_strangers_change_nothing(world, act):
    made, _secret = create(world)
    for who in (world.outsider, world.liaison, world.security_admin):
        with pytest.raises(PermissionDenied):
            act(client=made, by=who)


def test_the_service_account_is_not_enabled_behind_its_clients_back(world):
    made, _secret = create(world)
    actions.disable_api_client(client=made, by=world.manager)
    with pytest.raises(DomainError, match="API client"):
        actions.enable_user(user=made.user, by=world.system_admin)


@pytest.mark.parametrize(
    "changes",
    [{"institution": None}, {"user": None}, {"authorization_grant_type": "password"}],
    ids=["nobody's", "without account", "another way in"],
)
def test_constraints_refuse(world, changes):
    made, _secret = create(world)
    with pytest.raises(IntegrityError, match="people_apiclient_bound"), transaction.atomic():
        ApiClient.objects.filter(pk=made.pk).update(**changes)
