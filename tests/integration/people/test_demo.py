"""One-click entry exists in a demonstration and nowhere else."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import NoReverseMatch, reverse

from alliance.core.checks import refuse_unsafe_start
from alliance.people import selectors
from alliance.people.models import SignIn, User

ENTER = "/people/demo/enter/"
demo_urls = pytest.mark.urls("tests.integration.people.urls_demo")


@pytest.fixture
def demo(settings, world):
    """A demonstration with invented people only."""
    settings.DEMO_MODE = True
    User.objects.update(is_demo=True)
    return world


def database_checks():
    return [error.id for error in run_checks(tags=["database"], databases=["default"])]


def test_outside_a_demonstration_the_door_is_not_there(client, world):
    User.objects.update(is_demo=True)
    with pytest.raises(NoReverseMatch):
        reverse("people:demo_login")
    answer = client.post(ENTER, {"username": world.doctor.username})
    assert answer.status_code in {302, 404}
    assert "_auth_user_id" not in client.session
    assert selectors.demo_accounts() == []
    assert world.doctor.username not in client.get("/accounts/login/").content.decode()


@demo_urls
def test_even_with_the_door_nobody_enters_outside_a_demonstration(client, world):
    User.objects.update(is_demo=True)
    assert client.post(ENTER, {"username": world.doctor.username}).status_code == 404


@demo_urls
def test_the_sign_in_page_offers_people_by_role(client, demo):
    page = client.get("/accounts/login/").content.decode()
    assert f'value="{demo.doctor.username}"' in page
    assert demo.county.short_name in page
    assert ENTER in page


@demo_urls
def test_one_click_enters_and_goes_on(client, demo):
    answer = client.post(ENTER, {"username": demo.manager.username, "next": "/people/profile/"})
    assert answer.url == "/people/profile/"
    assert client.get(answer.url).context["user"] == demo.manager
    assert SignIn.objects.get().session_key == client.session.session_key


@demo_urls
def test_one_click_never_leads_away(client, demo):
    form = {"username": demo.manager.username, "next": "https://evil.example/"}
    assert client.post(ENTER, form).url == reverse("home")


@demo_urls
@pytest.mark.parametrize("change", ["real", "disabled", "service", "unknown"])
def test_one_click_is_for_invented_people_only(client, demo, change):
    name = demo.doctor.username
    if change == "real":
        User.objects.filter(username=name).update(is_demo=False)
    elif change == "disabled":
        User.objects.filter(username=name).update(is_active=False, disabled_at="2026-01-01T00:00Z")
    elif change == "service":
        User.objects.filter(username=name).update(is_service=True)
    else:
        name = "nobody"
    assert client.post(ENTER, {"username": name}).status_code == 404


@demo_urls
def test_the_door_takes_no_get(client, demo):
    assert client.get(ENTER).status_code == 405


def test_a_few_of_each_role_are_offered_in_the_order_of_roles(demo):
    from alliance.core.choices import Role
    from tests.factories import alliance as make

    for _person in range(9):
        make.staff(Role.DOCTOR, institution=demo.county, is_demo=True)
    offered = selectors.demo_accounts()
    roles = [account["role"] for account in offered]
    assert roles == sorted(roles, key=[str(role.label) for role in Role].index)
    assert roles.count("Doctor") == 6


def test_invented_people_outside_a_demonstration_stop_the_start(world):
    assert database_checks() == []
    refuse_unsafe_start()
    User.objects.filter(pk=world.doctor.pk).update(is_demo=True)
    assert database_checks() == ["core.E003"]
    with pytest.raises(SystemCheckError, match=r"core\.E003"):
        refuse_unsafe_start()
    with pytest.raises(SystemCheckError, match=r"core\.E003"):
        call_command("check", databases=["default"])
    with pytest.raises(SystemCheckError, match=r"core\.E003"):
        call_command("migrate", verbosity=0, skip_checks=False)


def test_real_people_in_a_demonstration_stop_it(demo):
    assert database_checks() == []
    User.objects.filter(pk=demo.doctor.pk).update(is_demo=False)
    assert database_checks() == ["core.E004"]


def test_a_plain_check_asks_no_database(world, django_assert_num_queries):
    User.objects.update(is_demo=True)
    with django_assert_num_queries(0):
        call_command("check")


def test_accounts_made_in_a_demonstration_are_invented(demo):
    from alliance.people import actions

    made, _password = actions.create_user(by=demo.system_admin, username="new", name="新人")
    client, _secret = actions.create_api_client(
        institution=demo.county, name="HIS", scopes=["reference"], by=demo.manager
    )
    assert (made.is_demo, client.user.is_demo) == (True, True)
    assert database_checks() == []
