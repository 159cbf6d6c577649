"""Signing in through the real pages: lockout, second factor, idling, passwords, languages."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import AuditEntry, PolicySetting
from alliance.people import actions
from alliance.people.choices import SignInOutcome
from alliance.people.models import SignIn, User

from .conftest import PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture
def doctor(world):
    world.doctor.set_password(PASSWORD)
    world.doctor.save()
    return world.doctor


def log_in(client, name, password=PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password})


def set_policy(key, value):
    PolicySetting.objects.create(
        key=key, value=value, effective_from=timezone.localdate(), source="test"
    )


def is_in(client):
    return client.get(reverse("people:profile")).status_code == 200


def give_totp(user):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_of(secret, *, at=None):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


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


def test_an_idle_session_ends_and_says_why(client, doctor):
    log_in(client, doctor.username)
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=14)):
        assert is_in(client)
    with time_machine.travel(now + timedelta(minutes=28)):
        assert is_in(client)
    with time_machine.travel(now + timedelta(minutes=44)):
        answer = client.get(reverse("people:profile"))
        assert answer.status_code == 302
        page = client.get(answer.url).content.decode()
        assert "signed out because nothing happened for 15 minutes" in page
    assert SignIn.objects.get(user=doctor).ended_at is not None


def test_a_session_that_was_never_used_idles_too(client, doctor):
    log_in(client, doctor.username)
    with time_machine.travel(timezone.now() + timedelta(hours=10)):
        assert not is_in(client)


def test_how_long_is_policy(client, doctor):
    set_policy("security.idle_minutes", 60)
    log_in(client, doctor.username)
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert is_in(client)


def test_the_bell_keeps_nobody_signed_in(client, doctor):
    log_in(client, doctor.username)
    now = timezone.now()
    for minutes in range(1, 15):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            answer = client.get(reverse("notices:bell"), headers={"HX-Request": "true"})
            assert answer.status_code == 200
    with time_machine.travel(now + timedelta(minutes=16)):
        answer = client.get(reverse("notices:bell"), headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert "HX-Redirect" not in answer


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://testserver/people/users/?a=b"}
    answer = client.get(reverse("people:users"), headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith(f"{LOGIN}?next=")


def test_a_password_of_somebody_elses_choice_is_changed_first(client, doctor, world):
    password = actions.reset_password(user=doctor, by=world.system_admin)
    log_in(client, doctor.username, password)
    change = reverse("account_change_password")
    assert client.get(reverse("people:profile")).url == change
    new = {"oldpassword": password, "password1": "Another-2026", "password2": "Another-2026"}
    client.post(change, new)
    assert is_in(client)
    row = SignIn.objects.get(user=doctor, outcome=SignInOutcome.OK)
    assert row.session_key == client.session.session_key


def test_an_old_password_is_changed_first_but_not_in_a_demonstration(client, doctor, settings):
    User.objects.filter(pk=doctor.pk).update(
        password_changed_at=timezone.now() - timedelta(days=90)
    )
    log_in(client, doctor.username)
    assert client.get(reverse("people:profile")).url == reverse("account_change_password")
    settings.DEMO_MODE = True
    assert is_in(client)


@pytest.mark.parametrize("password", [PASSWORD, "short-1A", "alllowercase"])
def test_a_new_password_obeys_policy(client, doctor, password):
    set_policy("security.password_length", 10)
    log_in(client, doctor.username)
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    client.post(reverse("account_change_password"), form)
    assert User.objects.get(pk=doctor.pk).check_password(PASSWORD)


def test_changing_it_ends_the_sessions_elsewhere(client, doctor, django_test_client_elsewhere):
    elsewhere = django_test_client_elsewhere
    log_in(elsewhere, doctor.username)
    log_in(client, doctor.username)
    form = {"oldpassword": PASSWORD, "password1": "Another-2026", "password2": "Another-2026"}
    client.post(reverse("account_change_password"), form)
    assert is_in(client)
    assert not is_in(elsewhere)
    assert SignIn.objects.open().count() == 1


@pytest.fixture
def django_test_client_elsewhere():
    from django.test import Client

    return Client()


def test_sessions_can_be_ended_one_by_one_and_all_at_once(
    client, doctor, django_test_client_elsewhere
):
    from django.test import Client

    third = Client()
    elsewhere = django_test_client_elsewhere
    for browser in (client, elsewhere, third):
        log_in(browser, doctor.username)
    there = SignIn.objects.get(session_key=elsewhere.session.session_key)
    assert client.get(reverse("people:profile")).content.decode().count("session_end") == 0
    client.post(reverse("people:session_end", args=[there.pk]))
    assert not is_in(elsewhere)
    assert is_in(third)
    client.post(reverse("people:sessions_end"))
    assert is_in(client)
    assert not is_in(third)
    [left] = SignIn.objects.open()
    assert left.session_key == client.session.session_key


def test_signing_out_is_noted(client, doctor):
    log_in(client, doctor.username)
    client.post("/accounts/logout/")
    assert not SignIn.objects.open().exists()


def test_people_read_their_own_language_unless_this_browser_chose(client, doctor):
    User.objects.filter(pk=doctor.pk).update(language="zh-hans")
    log_in(client, doctor.username)
    page = client.get(reverse("people:profile"), headers={"accept-language": "en"})
    assert 'lang="zh-hans"' in page.content.decode()
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get(reverse("people:profile")).content.decode()
    form = {"name": "李文", "phone": "", "language": "zh-hans"}
    client.post(reverse("people:profile"), form)
    assert 'lang="zh-hans"' in client.get(reverse("people:profile")).content.decode()


def test_the_back_office_has_no_door_of_its_own(client, doctor, browser_of):
    assert client.get("/admin/login/?next=/admin/").url.startswith(LOGIN)
    assert browser_of(doctor).get("/admin/login/?next=/admin/").status_code == 403


def test_a_form_from_an_expired_page_is_told_in_words(doctor):
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/accounts/login/", {"login": doctor.username, "password": "x"})
    assert page.status_code == 403
    assert "This page has expired" in page.content.decode()
