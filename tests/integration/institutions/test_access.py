"""Who gets what at every door of the room: strangers, outsiders, colleagues, the office."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.institutions.models import CalendarDay, Membership

ROLES = ["outsider", "county_doctor", "manager", "office"]


def address(world, route, at):
    """The address of a route for the thing that `at` names."""
    if at is None:
        return reverse(route)
    if at == "calendar-day":
        day = CalendarDay.objects.create(
            institution=world.county, day=timezone.localdate() + timedelta(days=3), reason="检修"
        )
        return reverse(route, args=[world.county.public_id, day.pk])
    if at == "membership":
        return reverse(route, args=[Membership.objects.get(institution=world.county2).pk])
    if at == "pair":
        return reverse(route, args=[world.township.public_id, world.county.public_id])
    if at == "setting":
        return reverse(route, args=["calendar.weekend_hours"])
    return reverse(route, args=[getattr(world, at).public_id])


# route, what it is about, method, then: outsider (manager elsewhere), doctor, own manager, office
DOORS = [
    ("list", None, "get", 200, 200, 200, 200),
    ("detail", "county", "get", 200, 200, 200, 200),
    ("new", None, "get", 403, 403, 403, 200),
    ("edit", "county", "get", 403, 403, 200, 200),
    ("department-new", "county", "get", 403, 403, 200, 200),
    ("department-edit", "county_surgery", "get", 403, 403, 200, 200),
    ("department-active", "county_surgery", "post", 403, 403, 302, 302),
    ("calendar", "county", "get", 200, 200, 200, 200),
    ("calendar", "county", "post", 403, 403, 422, 422),
    ("calendar-hours", "county", "post", 403, 403, 422, 422),
    ("calendar-hours-end", "county", "post", 403, 403, 302, 302),
    ("calendar-remove", "calendar-day", "post", 403, 403, 302, 302),
    ("office", None, "get", 403, 403, 403, 200),
    ("members", None, "get", 403, 403, 403, 200),
    ("member-join", None, "get", 403, 403, 403, 200),
    ("member-change", "membership", "get", 403, 403, 403, 200),
    ("member-leave", "membership", "get", 403, 403, 403, 200),
    ("matrix", None, "get", 403, 403, 403, 200),
    ("matrix-generate", None, "post", 403, 403, 403, 302),
    ("matrix-toggle", None, "post", 403, 403, 403, 404),
    ("matrix-row", "township", "get", 403, 403, 403, 200),
    ("matrix-cell", "pair", "post", 403, 403, 403, 422),
    ("matrix-follow", "pair", "post", 403, 403, 403, 302),
    ("policy", None, "get", 403, 403, 403, 200),
    ("policy-detail", "setting", "get", 403, 403, 403, 200),
]
NAMES = [f"{route}-{method}" for route, _at, method, *_rest in DOORS]


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
def test_door_sends_strangers_to_the_sign_in(client, world, door):
    route, at, method, *_statuses = door
    answer = getattr(client, method)(address(world, f"institutions:{route}", at))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
@pytest.mark.parametrize("who", ROLES)
def test_door_answers_each_role(sign_in, world, door, who):
    route, at, method, *statuses = door
    browser = sign_in(getattr(world, who))
    answer = getattr(browser, method)(address(world, f"institutions:{route}", at))
    assert answer.status_code == statuses[ROLES.index(who)]


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "auditor", "qc"])
@pytest.mark.parametrize("route", ["members", "member-join", "matrix"])
def test_office_pages_are_closed_to_the_three_powers_and_to_quality(sign_in, world, route, who):
    browser = sign_in(getattr(world, who))
    assert browser.get(reverse(f"institutions:{route}")).status_code == 403


def test_every_route_has_a_door():
    from alliance.institutions.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == {route for route, *_rest in DOORS}


@pytest.mark.parametrize(
    ("route", "args"),
    [
        ("detail", ["00000000-0000-4000-8000-000000000000"]),
        ("department-edit", ["00000000-0000-4000-8000-000000000000"]),
        ("member-change", [0]),
        ("policy-detail", ["no.such"]),
    ],
)
def test_what_is_not_there_is_404(sign_in, world, route, args):
    answer = sign_in(world.office).get(reverse(f"institutions:{route}", args=args))
    assert answer.status_code == 404


def test_a_member_of_another_alliance_is_404_for_our_office(sign_in, world):
    from tests.factories import alliance as make

    theirs = make.MembershipFactory(institution=world.outside)
    answer = sign_in(world.office).get(reverse("institutions:member-change", args=[theirs.pk]))
    assert answer.status_code == 404
