"""Signing in through the real pages: lockout, second factor, idling, passwords, languages."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import AuditEntry
from alliance.people import actions
from alliance.people.choices import SignInOutcome
from alliance.people.models import SignIn, User

from .conftest import PASSWORD
from .signing import LOGIN, code_of, give_totp, is_in, log_in, set_policy


def test_a_right_password_lets_in_and_is_remembered(client, doctor):
    answer = client.post(
        LOGIN, {"login": doctor.username, "password": PASSWORD}, headers={"user-agent": "Firefox/1"}
    )
    assert answer.status_code == 302
    assert is_in(client)
    row = SignIn.objects.get()
    assert (row.user, row.outcome, row.agent) == (doctor, SignInOutcome.OK, "Firefox/1")
    assert row.session_key == client.session.session_key
    assert AuditEntry.objects.filter(action="login", actor=doctor).exists()


def test_the_address_works_as_well_as_the_name_in_any_case(client, doctor):
    log_in(client, doctor.email.upper())
    assert is_in(client)


def test_five_wrong_passwords_lock_for_half_an_hour(client, doctor):
    for _time in range(5):
        assert "Too many" not in log_in(client, doctor.username, "wrong").content.decode()
    answer = log_in(client, doctor.username)
    assert "Try again in 30 minutes" in answer.content.decode()
    assert not is_in(client)
    assert SignIn.objects.filter(outcome=SignInOutcome.LOCKED).count() == 1
    assert AuditEntry.objects.filter(action="login.failed").count() == 6
    with time_machine.travel(timezone.now() + timedelta(minutes=29)):
        assert "Try again in 1 minute," in log_in(client, doctor.username).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        log_in(client, doctor.username)
        assert is_in(client)


def test_the_lock_holds_for_every_name_of_the_account_but_for_nobody_else(client, doctor, world):
    for name in [
        doctor.username,
        doctor.email,
        doctor.username.upper(),
        doctor.email,
        doctor.email,
    ]:
        log_in(client, name, "wrong")
    assert "Too many" in log_in(client, doctor.email).content.decode()
    world.liaison.set_password(PASSWORD)
    world.liaison.save()
    log_in(client, world.liaison.username)
    assert is_in(client)


def test_names_that_do_not_exist_lock_alike(client, db):
    for _time in range(5):
        log_in(client, "nobody", "wrong")
    assert "Too many" in log_in(client, "nobody", "wrong").content.decode()
    assert "Too many" not in log_in(client, "somebody", "wrong").content.decode()
    assert not AuditEntry.objects.exists()


def test_a_success_forgets_the_failures_before_it(client, doctor):
    for _time in range(4):
        log_in(client, doctor.username, "wrong")
    log_in(client, doctor.username)
    client.logout()
    for _time in range(4):
        log_in(client, doctor.username, "wrong")
    log_in(client, doctor.username)
    assert is_in(client)


def test_failures_far_apart_do_not_add_up(client, doctor):
    now = timezone.now()
    for hours in range(6):
        with time_machine.travel(now + timedelta(hours=hours)):
            log_in(client, doctor.username, "wrong")
    with time_machine.travel(now + timedelta(hours=6)):
        log_in(client, doctor.username)
        assert is_in(client)


def test_the_limit_is_policy(client, doctor):
    set_policy("security.lockout_failures", 3)
    for _time in range(3):
        log_in(client, doctor.username, "wrong")
    assert "Too many" in log_in(client, doctor.username).content.decode()


def test_a_restarted_cache_unlocks_nobody(client, doctor):
    for _time in range(5):
        log_in(client, doctor.username, "wrong")
    cache.key_prefix = "another"
    assert "Too many" in log_in(client, doctor.username).content.decode()


def test_resetting_the_password_by_letter_unlocks(client, doctor):
    for _time in range(5):
        log_in(client, doctor.username, "wrong")
    client.post("/accounts/password/reset/", {"email": doctor.email})
    [link] = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]
    page = client.get(link.partition("testserver")[2], follow=True)
    client.post(
        page.redirect_chain[-1][0], {"password1": "Another-2026", "password2": "Another-2026"}
    )
    assert AuditEntry.objects.filter(action="user.password_changed").exists()
    log_in(client, doctor.username, "Another-2026")
    assert is_in(client)


def test_the_letter_with_the_link_is_ours_and_names_its_reader(client, doctor):
    client.post("/accounts/password/reset/", {"email": doctor.email})
    [letter] = mail.outbox
    assert letter.subject == "[医联] Choose a new password"
    assert doctor.name in letter.body
    assert doctor.username in letter.body
    assert "Hello from" not in letter.body


def test_a_mail_server_that_is_away_tells_nobody_who_has_an_account(client, doctor, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    answers = [
        client.post("/accounts/password/reset/", {"email": email})
        for email in (doctor.email, "nobody@example.org")
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2


def test_a_letter_goes_to_known_addresses_only(client, db):
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert mail.outbox == []


@pytest.mark.parametrize("change", ["disabled", "service", "demo"])
def test_accounts_that_are_shut_systems_or_invented_do_not_get_in(client, doctor, world, change):
    if change == "disabled":
        actions.disable_user(user=doctor, by=world.system_admin)
    elif change == "service":
        User.objects.filter(pk=doctor.pk).update(is_service=True)
    else:
        User.objects.filter(pk=doctor.pk).update(is_demo=True)
    log_in(client, doctor.username)
    assert not is_in(client)


def test_nobody_registers_by_themselves(client, db):
    page = client.get("/accounts/signup/")
    assert "password1" not in page.content.decode()
    client.post("/accounts/signup/", {"username": "x", "email": "x@example.org"})
    assert not User.objects.exists()


def test_a_second_factor_is_asked_for_and_kept_sealed(client, doctor):
    secret = give_totp(doctor)
    assert secret not in str(Authenticator.objects.get().data)
    answer = log_in(client, doctor.username)
    assert answer.url == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(answer.url, {"code": "000000"})
    assert not is_in(client)
    client.post(answer.url, {"code": code_of(secret)})
    assert is_in(client)


@pytest.mark.parametrize("who", ["manager", "office", "system_admin", "security_admin", "auditor"])
def test_roles_that_decide_about_others_must_set_one_up_first(browser_of, world, who):
    browser = browser_of(getattr(world, who))
    for path in ["/people/profile/", "/api/v1/institutions/", "/admin/", "/notices/"]:
        assert browser.get(path).url == reverse("mfa_activate_totp"), path
    give_totp(getattr(world, who))
    assert is_in(browser)


@pytest.mark.parametrize("who", ["doctor", "liaison", "qc"])
def test_other_roles_may_do_without(browser_of, world, who):
    assert is_in(browser_of(getattr(world, who)))


def test_in_a_demonstration_it_is_offered_not_asked(browser_of, world, settings):
    settings.DEMO_MODE = True
    assert is_in(browser_of(world.manager))


def test_the_session_remembers_that_there_is_one(browser_of, world, django_assert_max_num_queries):
    give_totp(world.manager)
    browser = browser_of(world.manager)
    assert is_in(browser)
    with django_assert_max_num_queries(25) as queries:
        browser.get(reverse("notices:list"))
    assert not any("mfa_authenticator" in query["sql"] for query in queries.captured_queries)


def test_giving_it_up_is_noticed_at_once(client, world):
    world.manager.set_password(PASSWORD)
    world.manager.save()
    secret = give_totp(world.manager)
    url = log_in(client, world.manager.username).url
    client.post(url, {"code": code_of(secret)})
    assert is_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
    assert client.get(reverse("people:profile")).url == reverse("mfa_activate_totp")
    assert AuditEntry.objects.filter(action="user.second_factor_dropped").exists()
