"""Everybody's rounds: home, menu and tools of each role, on a desk and in a hand."""

import pytest

from alliance.core.choices import Role
from tests import worlds
from tests.factories import alliance as make

from .hands import CHINESE, faults, unhandy

pytestmark = pytest.mark.functional
OFFICE = "/institutions/office/"
# What each role opens besides its home and what its menu leads to.
CLINICAL = {
    "doctor": ["/referrals/new/", "/patients/new/", "/notices/", "/notices/preferences/"],
    "township_liaison": ["/referrals/?stage=open", "/referrals/?search=wxl"],
    "liaison": ["/referrals/inbox/?tray=arriving"],
    "manager": [
        "/people/practitioners/",
        "/people/practitioners/new/",
        "/people/invitations/",
        "/people/invitations/new/",
        "/imports/",
        "/imports/practitioners/",
    ],
    "keeper": [],
    "trainer": ["/people/profile/"],
}
OFFICES = {
    "office": [
        f"{OFFICE}members/",
        f"{OFFICE}members/join/",
        f"{OFFICE}matrix/",
        f"{OFFICE}policy/",
        "/catalogue/",
        "/catalogue/techniques/",
        "/catalogue/editions/new/",
        "/imports/",
    ],
    "qc": ["/referrals/?status=pending"],
    "system_admin": ["/people/users/new/"],
    "security_admin": [f"{OFFICE}policy/"],
    "auditor": ["/people/profile/", "/accounts/2fa/"],
}


@pytest.fixture
def cast(world):
    """The world's people and two more roles, with something to see."""
    leg = worlds.pending_referral(world)
    worlds.back_leg(world, patient=worlds.patient(world, 3, "陈一"))
    world.keeper = make.staff(Role.EQUIPMENT_KEEPER, institution=world.county)
    world.trainer = make.staff(Role.TRAINER, institution=world.county)
    return world, leg


def menu(page):
    """Where the menu leads."""
    return [link.get_attribute("href") for link in page.locator(".nav a").all()]


@pytest.mark.parametrize("rounds", [CLINICAL, OFFICES], ids=["clinical", "offices"])
@pytest.mark.parametrize("held", ["desk", "hand"])
def test_every_role_makes_its_rounds(cast, enter, open_page, rounds, held, request):
    world, leg = cast
    page = request.getfixturevalue("page" if held == "desk" else "phone")
    found = {}
    for name, more in rounds.items():
        enter(page, getattr(world, name), CHINESE)
        page.goto("/")
        found[f"home of {name}"] = faults(page)
        if rounds is CLINICAL and name not in ("keeper", "trainer"):
            more = [*more, leg.get_absolute_url(), f"/institutions/{world.county.public_id}/"]
        for path in [*menu(page)[1:], *more]:
            if path not in found:  # what one role saw, another sees the same way
                answer = page.goto(path)
                found[path] = faults(page) if answer.status == 200 else [answer.status]
                found[path] += unhandy(page) if held == "hand" else []
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
