"""Sessions that idle, end and are ended; passwords that must be changed."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.people import actions
from alliance.people.choices import SignInOutcome
from alliance.people.models import SignIn, User

from .conftest import PASSWORD
from .signing import LOGIN, is_in, log_in, set_policy


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


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/people/users/?a=b", "/people/users/%3Fa%3Db"),
        ("https://elsewhere.example/people/", "/people/switch/"),
        ("", "/people/switch/"),
    ],
)
def test_who_sent_a_form_comes_back_to_its_page(client, db, referer, page):
    address = reverse("people:switch_institution")
    assert client.post(address, headers={"Referer": referer}).url == f"{LOGIN}?next={page}"


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
