"""Who gets what at every door of the room."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.people.models import Absence, PracticeSite, RoleGrant, SignIn

NOBODY = "00000000-0000-4000-8000-000000000000"
ROLES = ["outsider", "county_doctor", "manager", "system_admin", "security_admin", "auditor"]


@pytest.fixture
def address(world, request):
    """The address of a route for the thing that `at` names."""

    def build(route, at, user=None):
        if at is None:
            args = []
        elif at == "grant":
            grant = RoleGrant.objects.get(user=world.county_doctor)
            args = [world.county_doctor.public_id, grant.pk]
        elif at == "house":
            args = [world.county_doctor.public_id, world.county.public_id]
        elif at == "site":
            site = PracticeSite.objects.create(
                practitioner=world.practitioner, institution=world.county, valid_from="2026-01-01"
            )
            args = [world.practitioner.public_id, site.pk]
        elif at == "absence":
            person = request.getfixturevalue("colleague")
            today = timezone.localdate()
            away = {"valid_from": today, "valid_until": today + timedelta(days=9)}
            args = [Absence.objects.create(practitioner=person, kind="leave", **away).pk]
        elif at == "session":
            args = [SignIn.objects.create(user=user, outcome="ok", session_key="k").pk]
        elif at in {"invitation", "colleague"}:
            args = [request.getfixturevalue(at).public_id]
        elif at == "token":
            args = [request.getfixturevalue("token")]
        elif at == "api_client":
            args = [request.getfixturevalue("api_client")[0].pk]
        else:
            args = [getattr(world, at).public_id]
        return reverse(f"people:{route}", args=args)

    return build


# route, what it is about, method; then what outsider (manager elsewhere), colleague, own manager,
# system administrator, security administrator and auditor get
DOORS = [
    ("users", None, "get", 200, 403, 200, 200, 200, 403),
    ("user_new", None, "get", 403, 403, 403, 200, 403, 403),
    ("user", "county_doctor", "get", 404, 200, 200, 200, 200, 200),
    ("user_edit", "county_doctor", "get", 404, 403, 403, 200, 403, 403),
    ("user_disable", "county_doctor", "post", 404, 403, 403, 302, 403, 403),
    ("user_enable", "county_doctor", "post", 404, 403, 403, 409, 403, 403),
    ("user_password", "county_doctor", "post", 404, 403, 403, 200, 403, 403),
    ("user_second_factor", "county_doctor", "post", 404, 403, 403, 403, 409, 403),
    ("user_leave", "house", "post", 404, 404, 302, 404, 404, 404),
    ("role_grant", "county_doctor", "post", 404, 403, 403, 403, 422, 403),
    ("role_withdraw", "grant", "post", 404, 403, 403, 403, 302, 403),
    ("invitations", None, "get", 200, 403, 200, 403, 403, 403),
    ("invite", None, "get", 200, 403, 200, 403, 403, 403),
    ("invitation_renew", "invitation", "post", 404, 404, 302, 403, 404, 404),
    ("invitation_withdraw", "invitation", "post", 404, 404, 302, 403, 404, 404),
    ("accept_invitation", "token", "get", 200, 200, 200, 200, 200, 200),
    ("accept_invitation", "token", "post", 403, 403, 403, 403, 403, 403),
    ("clients", None, "get", 200, 403, 200, 200, 403, 403),
    ("client_new", None, "get", 200, 403, 200, 403, 403, 403),
    ("client_secret", "api_client", "post", 404, 404, 200, 403, 404, 404),
    ("client_disable", "api_client", "post", 404, 404, 302, 302, 404, 404),
    ("client_enable", "api_client", "post", 404, 404, 409, 403, 404, 404),
    ("practitioners", None, "get", 200, 200, 200, 200, 200, 200),
    ("practitioner_new", None, "get", 200, 403, 200, 403, 403, 403),
    ("practitioner", "colleague", "get", 403, 403, 200, 403, 403, 403),
    ("practitioner_active", "colleague", "post", 403, 403, 302, 403, 403, 403),
    ("practitioner_sites", "colleague", "get", 200, 200, 200, 200, 200, 200),
    ("practitioner_sites", "colleague", "post", 302, 403, 422, 403, 403, 403),
    ("site_end", "site", "post", 403, 403, 302, 403, 403, 403),
    ("practitioner_absences", "colleague", "get", 403, 403, 200, 403, 403, 403),
    ("practitioner_absences", "colleague", "post", 403, 403, 422, 403, 403, 403),
    ("absence_end", "absence", "post", 404, 404, 302, 404, 404, 404),
    ("profile", None, "get", 200, 200, 200, 200, 200, 200),
    ("session_end", "session", "post", 302, 302, 302, 302, 302, 302),
    ("sessions_end", None, "post", 302, 302, 302, 302, 302, 302),
    ("switch_institution", None, "get", 200, 200, 200, 200, 200, 200),
    ("switch_institution", None, "post", 404, 404, 404, 404, 404, 404),
]
NAMES = [f"{route}-{method}" for route, _at, method, *_rest in DOORS]
BODIES = {
    "practitioner_active": {"version": "1", "is_active": "0"},
    "practitioner_sites": {"valid_from": "2026-01-01"},
}


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
def test_door_sends_strangers_to_the_sign_in(client, world, address, door):
    route, at, method, *_statuses = door
    answer = getattr(client, method)(address(route, at, world.doctor))
    if route == "accept_invitation":
        assert answer.status_code in {200, 422}  # the one page that is meant for strangers
        return
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
@pytest.mark.parametrize("who", ROLES)
def test_door_answers_each_role(sign_in, world, address, door, who):
    route, at, method, *statuses = door
    user = getattr(world, who)
    browser = sign_in(user)
    if route == "user_second_factor":
        world.county_doctor.authenticator_set.all().delete()
    answer = getattr(browser, method)(address(route, at, user), BODIES.get(route, {}))
    assert answer.status_code == statuses[ROLES.index(who)]


def test_every_route_has_a_door():
    from alliance.people.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == {route for route, *_rest in DOORS}


@pytest.mark.parametrize(
    ("route", "args"),
    [
        ("user", [NOBODY]),
        ("user_leave", [NOBODY, NOBODY]),
        ("role_withdraw", [NOBODY, 0]),
        ("invitation_renew", [NOBODY]),
        ("accept_invitation", ["nothing"]),
        ("client_secret", [0]),
        ("practitioner", [NOBODY]),
        ("session_end", [0]),
    ],
)
def test_what_is_not_there_is_404(sign_in, world, route, args):
    browser = sign_in(world.manager)
    method = browser.get if route in {"user", "practitioner", "accept_invitation"} else browser.post
    assert method(reverse(f"people:{route}", args=args)).status_code == 404


def test_service_accounts_are_nobodys_people(sign_in, world, api_client):
    account = api_client[0].user
    browser = sign_in(world.system_admin)
    assert account.username not in browser.get(reverse("people:users")).content.decode()
    assert browser.get(reverse("people:user", args=[account.public_id])).status_code == 404


def test_nobodys_session_is_ended_by_another(sign_in, world):
    foreign = SignIn.objects.create(user=world.doctor, outcome="ok", session_key="k")
    answer = sign_in(world.manager).post(reverse("people:session_end", args=[foreign.pk]))
    assert answer.status_code == 404
