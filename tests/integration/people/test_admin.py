"""The back office shows people and changes nothing."""

import pytest
from django.contrib import admin
from django.urls import reverse

from alliance.people.models import User

TABLES = ["user", "rolegrant", "invitation", "practitioner", "apiclient"]


def test_libraries_have_no_table_here():
    labels = {model._meta.label for model in admin.site._registry}
    assert not {"auth.Group", "account.EmailAddress", "mfa.Authenticator"} & labels
    assert not [label for label in labels if label.startswith("oauth2_provider.")]


@pytest.mark.parametrize("table", TABLES)
def test_lists_open_for_the_system_administrator(sign_in, world, invitation, api_client, table):
    page = sign_in(world.system_admin).get(reverse(f"admin:people_{table}_changelist"))
    assert page.status_code == 200


@pytest.mark.parametrize("who", ["doctor", "manager", "qc"])
def test_the_back_office_is_closed_to_everybody_else(sign_in, world, who):
    page = sign_in(getattr(world, who)).get("/admin/")
    assert page.status_code == 302
    assert page.url.startswith("/admin/login/")


def test_an_account_is_shown_without_its_secrets_and_cannot_be_changed(sign_in, world):
    browser = sign_in(world.system_admin)
    url = reverse("admin:people_user_change", args=[world.doctor.pk])
    page = browser.get(url).content.decode()
    assert world.doctor.username in page
    assert 'name="password"' not in page
    assert "is_superuser" not in page
    answer = browser.post(url, {"username": "evil", "is_superuser": "on"})
    assert answer.status_code == 403
    assert not User.objects.filter(username="evil").exists()


@pytest.mark.parametrize("act", ["add", "delete"])
def test_nothing_is_added_or_deleted(sign_in, world, act):
    args = [] if act == "add" else [world.doctor.pk]
    answer = sign_in(world.system_admin).get(reverse(f"admin:people_user_{act}", args=args))
    assert answer.status_code == 403


def test_clients_are_for_whoever_may_shut_them_out(sign_in, world, api_client):
    page = sign_in(world.auditor).get(reverse("admin:people_apiclient_changelist"))
    assert page.status_code == 403
