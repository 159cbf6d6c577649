"""What the pages about people do when they work, and how they refuse."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.choices import Role
from alliance.people import actions, tokens
from alliance.people.models import ApiClient, Invitation, Practitioner, RoleGrant, User
from tests.factories import alliance as make

from .conftest import PASSWORD


def url(route, *args):
    return reverse(f"people:{route}", args=[getattr(arg, "public_id", arg) for arg in args])


def shown_secrets(page):
    return re.findall(r'<code class="secret">([^<]+)</code>', page.content.decode())


def test_users_shows_each_power_its_people(sign_in, world):
    ours = sign_in(world.manager).get(url("users")).context["listing"].rows
    assert {row.username for row in ours} == {
        world.manager.username,
        world.liaison.username,
        world.county_doctor.username,
    }
    everybody = sign_in(world.security_admin).get(url("users")).context["listing"].rows
    assert len(everybody) == User.objects.count()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=陈联络", ["liaison"]),
        ("role=manager", ["manager"]),
        ("is_active=false", []),
        ("search=nobody", []),
    ],
)
def test_users_filters(sign_in, world, query, found):
    rows = sign_in(world.manager).get(f"{url('users')}?{query}").context["listing"].rows
    assert {row.pk for row in rows} == {getattr(world, name).pk for name in found}


def test_users_costs_the_same_for_one_and_for_twenty(sign_in, world, django_assert_max_num_queries):
    browser = sign_in(world.manager)
    browser.get(url("users"))
    with django_assert_max_num_queries(100) as few:
        browser.get(url("users"))
    for _person in range(20):
        make.staff(Role.DOCTOR, institution=world.county)
    with django_assert_max_num_queries(len(few.captured_queries)):
        browser.get(url("users"))


@pytest.mark.parametrize("route", ["users", "invitations", "clients", "practitioners"])
def test_lists_page_by_cursor(sign_in, world, route, monkeypatch):
    monkeypatch.setattr(
        "alliance.core.listing.listing.__kwdefaults__", {"size": 2, "branches": None}
    )
    for number in range(5):
        make.staff(Role.DOCTOR, institution=world.county)
        make.PractitionerFactory(institution=world.county)
        actions.invite(
            institution=world.county, email=f"n{number}@example.org", name="n",
            role=Role.DOCTOR, by=world.manager,
        )  # fmt: skip
        actions.create_api_client(
            institution=world.county, name="x", scopes=["reference"], by=world.manager
        )
    browser = sign_in(world.manager)
    first = browser.get(url(route)).context["listing"]
    second = browser.get(url(route) + first.next_url).context["listing"]
    assert {row.pk for row in first.rows}.isdisjoint(row.pk for row in second.rows)
    assert second.previous_url


def test_new_account_shows_its_password_once(sign_in, world):
    browser = sign_in(world.system_admin)
    form = {"username": "zhang", "name": "张三", "email": "", "phone": "", "idempotency_key": "k1"}
    page = browser.post(url("user_new"), form)
    [password] = shown_secrets(page)
    assert "no-store" in page["Cache-Control"]
    account = User.objects.get(username="zhang")
    assert account.check_password(password)
    again = browser.post(url("user_new"), form)
    assert again.url == url("user", account)
    assert password not in browser.get(again.url).content.decode()


def test_new_account_keeps_what_was_typed(sign_in, world):
    form = {"username": world.doctor.username, "name": "张三", "email": "z@example.org"}
    page = sign_in(world.system_admin).post(url("user_new"), form)
    assert page.status_code == 422
    assert page.context["form"].errors == {"username": ["This user name is taken."]}
    assert 'value="z@example.org"' in page.content.decode()


def test_edit_corrects_particulars(sign_in, world):
    form = {"name": "李大文", "email": "da@example.org", "phone": "1"}
    browser = sign_in(world.system_admin)
    assert browser.post(url("user_edit", world.doctor), form).url == url("user", world.doctor)
    world.doctor.refresh_from_db()
    assert (world.doctor.name, world.doctor.email) == ("李大文", "da@example.org")
    bad = browser.post(url("user_edit", world.doctor), form | {"name": ""})
    assert bad.status_code == 422


def test_disable_and_enable(sign_in, world):
    browser = sign_in(world.system_admin)
    browser.post(url("user_disable", world.doctor))
    assert not User.objects.get(pk=world.doctor.pk).is_active
    page = browser.get(url("user", world.doctor)).content.decode()
    assert "Enable the account again" in page
    browser.post(url("user_enable", world.doctor))
    assert User.objects.get(pk=world.doctor.pk).is_active


def test_the_page_offers_each_power_just_its_acts(sign_in, world):
    offers = {
        "system_admin": {"Disable the account…", "New first password…", "Edit"},
        "security_admin": {"Grant a role", "Withdraw…"},
        "manager": {"No longer at"},
        "auditor": set(),
    }
    every = set().union(*offers.values())
    for who, expected in offers.items():
        page = sign_in(getattr(world, who)).get(url("user", world.county_doctor)).content.decode()
        assert {words for words in every if words in page} == expected, who


def test_nobody_acts_on_their_own_account(sign_in, world):
    page = sign_in(world.system_admin).get(url("user", world.system_admin)).content.decode()
    assert "Disable the account…" not in page


def test_reset_password_shows_a_new_one(sign_in, world):
    [password] = shown_secrets(sign_in(world.system_admin).post(url("user_password", world.doctor)))
    assert User.objects.get(pk=world.doctor.pk).check_password(password)


def test_remove_second_factor(sign_in, world):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=world.county_doctor, type="totp", data={})
    browser = sign_in(world.security_admin)
    assert (
        "Remove the second factor…"
        in browser.get(url("user", world.county_doctor)).content.decode()
    )
    browser.post(url("user_second_factor", world.county_doctor))
    assert not Authenticator.objects.filter(user=world.county_doctor).exists()


def test_let_go_ends_the_roles_here(sign_in, world):
    browser = sign_in(world.manager)
    answer = browser.post(url("user_leave", world.county_doctor, world.county))
    assert answer.url == url("users")
    assert not User.objects.get(pk=world.county_doctor.pk).is_active


def test_grant_and_withdraw(sign_in, world):
    browser = sign_in(world.security_admin)
    form = {"role": "liaison", "institution": world.county.public_id, "idempotency_key": "k"}
    browser.post(url("role_grant", world.doctor), form)
    grant = RoleGrant.objects.get(user=world.doctor, role=Role.LIAISON)
    browser.post(url("role_grant", world.doctor), form)
    assert RoleGrant.objects.filter(user=world.doctor, role=Role.LIAISON).count() == 1
    browser.post(url("role_withdraw", world.doctor, grant.pk))
    grant.refresh_from_db()
    assert grant.valid_until == timezone.localdate()


def test_grant_of_a_second_power_is_refused_at_its_field(sign_in, world):
    page = sign_in(world.security_admin).post(
        url("role_grant", world.auditor), {"role": Role.SYSTEM_ADMIN}
    )
    assert page.status_code == 422
    assert "Nobody may hold two of system administrator" in str(page.context["form"].errors["role"])


def test_invite_renew_and_withdraw(sign_in, world):
    browser = sign_in(world.manager)
    form = {
        "institution": world.county.public_id, "name": "周新", "email": "new@example.org",
        "role": "doctor", "practitioner": "",
    }  # fmt: skip
    assert browser.post(url("invite"), form).url == url("invitations")
    invitation = Invitation.objects.get()
    old = invitation.token_digest
    browser.post(url("invitation_renew", invitation))
    invitation.refresh_from_db()
    assert invitation.token_digest != old
    browser.post(url("invitation_withdraw", invitation))
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert "taken back" in browser.get(url("invitations")).content.decode()


def test_invite_is_refused_at_its_field_and_for_other_houses(sign_in, world):
    browser = sign_in(world.manager)
    form = {"name": "周新", "email": world.liaison.email, "role": "liaison"}
    page = browser.post(url("invite"), form | {"institution": world.county.public_id})
    assert page.status_code == 422
    assert "already holds this role" in str(page.context["form"].errors["email"])
    page = browser.post(url("invite"), form | {"institution": world.tertiary.public_id})
    assert "institution" in page.context["form"].errors


def test_a_stranger_joins_by_the_link(client, world, invitation, token):
    page = client.get(url("accept_invitation", token))
    assert page.context["form"].initial["username"] == "new"
    form = {"name": "周新", "username": "zhou", "password": PASSWORD, "repeated": "other"}
    page = client.post(url("accept_invitation", token), form)
    assert page.status_code == 422
    assert PASSWORD not in page.content.decode()
    answer = client.post(url("accept_invitation", token), form | {"repeated": PASSWORD})
    assert answer.url == reverse("account_login")
    client.post("/accounts/login/", {"login": "zhou", "password": PASSWORD})
    assert client.get(url("profile")).status_code == 200
    client.logout()
    assert "accepted" in client.get(url("accept_invitation", token)).content.decode()


def test_a_known_address_is_asked_to_sign_in_and_accepts_there(sign_in, client, world):
    invitation = actions.invite(
        institution=world.county, email=world.doctor.email, name="李文", role=Role.DOCTOR,
        by=world.manager,
    )  # fmt: skip
    link = url("accept_invitation", tokens.make(invitation))
    page = client.get(link).content.decode()
    assert "Sign in to accept." in page
    assert 'name="password"' not in page
    wrong = sign_in(world.liaison)
    assert "another address" in wrong.get(link).content.decode()
    right = sign_in(world.doctor)
    assert right.get(link).status_code == 200
    assert right.post(link).url == reverse("home")
    assert RoleGrant.objects.filter(user=world.doctor, institution=world.county).exists()


def test_clients_come_and_go(sign_in, world):
    browser = sign_in(world.manager)
    form = {
        "institution": world.county.public_id, "name": "HIS", "scopes": ["reference"],
        "idempotency_key": "k",
    }  # fmt: skip
    client_id, secret = shown_secrets(browser.post(url("client_new"), form))
    client = ApiClient.objects.get(client_id=client_id)
    assert secret != client.client_secret
    assert browser.post(url("client_new"), form).url == url("clients")
    assert ApiClient.objects.count() == 1
    [_id, other] = shown_secrets(browser.post(url("client_secret", client.pk)))
    assert other != secret
    browser.post(url("client_disable", client.pk))
    assert "shut out" in browser.get(url("clients")).content.decode()
    browser.post(url("client_enable", client.pk))
    client.refresh_from_db()
    assert client.disabled_at is None
    assert (
        browser.post(url("client_new"), form | {"scopes": [], "idempotency_key": "l"}).status_code
        == 422
    )


def test_practitioners_of_the_house_acted_for_or_asked_for(sign_in, world, colleague):
    browser = sign_in(world.manager)
    rows = browser.get(url("practitioners")).context["listing"].rows
    assert set(rows) == {colleague, world.county_doctor.practitioner}
    there = f"{url('practitioners')}?institution={world.township.public_id}"
    page = browser.get(there)
    assert page.context["listing"].rows == [world.practitioner]
    assert not page.context["may_edit"]
    assert browser.get(f"{url('practitioners')}?institution=nothing").status_code == 404
    office = sign_in(world.office).get(url("practitioners"))
    assert len(office.context["listing"].rows) == Practitioner.objects.count()


def practitioner_form(world, **changes):
    return {
        "name": "欧阳明", "sex": "male", "licence_number": "110330100000777", "title_code": "233",
        "practice_started_on": "2015-07-01", "licence_valid_until": "", "phone": "",
        "department": world.county_surgery.pk, "specialties": [world.surgery.pk],
    } | changes  # fmt: skip


def test_a_practitioner_is_entered_changed_and_let_go(sign_in, world):
    browser = sign_in(world.manager)
    browser.post(url("practitioner_new"), practitioner_form(world))
    person = Practitioner.objects.get(licence_number="110330100000777")
    assert browser.get(url("practitioner", person)).context["form"].initial["version"] == 1
    form = practitioner_form(world, version=1, phone="139")
    browser.post(url("practitioner", person), form)
    person.refresh_from_db()
    assert (person.phone, person.version) == ("139", 2)
    assert browser.post(url("practitioner", person), form).status_code == 412
    go = {"is_active": "0", "version": "2"}
    browser.post(url("practitioner_active", person), go)
    person.refresh_from_db()
    assert not person.is_active
    assert browser.post(url("practitioner_active", person), {"is_active": "1"}).status_code == 428


def test_a_practitioner_is_refused_at_the_field(sign_in, world):
    form = practitioner_form(world, practice_started_on="2999-01-01")
    page = sign_in(world.manager).post(url("practitioner_new"), form)
    assert page.status_code == 422
    assert "practice_started_on" in page.context["form"].errors


def test_profile_keeps_and_refuses(browser_of, world):
    browser = browser_of(world.doctor)
    form = {"name": "李小文", "phone": "139", "language": "en"}
    assert browser.post(url("profile"), form).url == url("profile")
    assert User.objects.get(pk=world.doctor.pk).name == "李小文"
    assert browser.post(url("profile"), form | {"language": "xx"}).status_code == 422


def test_switching_institution_changes_whose_behalf_one_acts_on(browser_of, world):
    actions.grant_role(
        user=world.doctor, role=Role.DOCTOR, institution=world.county, by=world.security_admin
    )
    browser = browser_of(world.doctor)
    for house in (world.county, world.township):
        browser.post(url("switch_institution"), {"institution": house.public_id})
        assert browser.get(url("profile")).context["acting"] == house
    page = browser.post(
        url("switch_institution"),
        {"institution": world.county.public_id, "next": "https://evil.example/"},
    )
    assert page.url == reverse("home")
    page = browser.post(
        url("switch_institution"), {"institution": world.county.public_id, "next": url("profile")}
    )
    assert page.url == url("profile")
    foreign = {"institution": world.tertiary.public_id}
    assert browser.post(url("switch_institution"), foreign).status_code == 404


def test_pages_stand_without_the_cache(sign_in, world, settings, caplog):
    browser = sign_in(world.manager)
    nowhere = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nowhere}
    assert browser.get(url("users")).status_code == 200
    assert "cache unreachable" in caplog.text
