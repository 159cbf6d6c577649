"""Every number on a home page equals the rows of the list that its link opens."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.choices import Role
from alliance.people.models import RoleGrant
from referrals import actions
from referrals.presenters.home import Section
from tests import worlds
from tests.factories import alliance as make


def numbers(found: Any) -> Iterator[tuple[str, str]]:
    """Each number of a page's context that leads somewhere, with its address."""
    if isinstance(found, Section):
        if found.more_url:
            yield found.count, found.more_url
    elif isinstance(found, dict):
        if "url" in found and "value" in found:
            yield str(found["value"]), found["url"]
        else:
            for inner in found.values():
                yield from numbers(inner)
    elif isinstance(found, list):
        if len(found) == 2 and isinstance(found[0], dict) and isinstance(found[1], int):
            yield str(found[1]), found[0]["url"]
        else:
            for inner in found:
                yield from numbers(inner)


@pytest.fixture
def busy(world, reasons):
    """Legs in many states, old and new, filed by several people, some of them late."""
    colleague = make.staff(Role.DOCTOR, institution=world.township)
    serials = iter(range(50, 90))

    def pending(**more):
        return worlds.pending_referral(world, patient=worlds.patient(world, next(serials)), **more)

    pending()
    pending(urgency="routine")
    pending(receiver=world.county2)
    worlds.step(pending(), "ask", world.liaison, question="体温多少？")
    worlds.step(pending(), "return", world.liaison, reason="缺检查", reason_code="incomplete")
    worlds.step(pending(), "reject", world.liaison, reason="停电", reason_code="other")
    worlds.step(pending(), "accept", world.liaison)
    booked = worlds.step(pending(), "accept", world.liaison)
    soon = timezone.now() + timedelta(seconds=30)
    worlds.step(booked, "reserve", world.liaison, at=soon, place="门诊")
    later = worlds.step(pending(), "accept", world.liaison)
    worlds.step(later, "reserve", world.liaison, at=soon + timedelta(days=3), place="门诊")
    coming = worlds.step(pending(), "accept", world.liaison)
    worlds.step(coming, "depart", world.doctor, expected_at=soon)
    worlds.in_care_referral(world, patient=worlds.patient(world, next(serials)))
    back = worlds.back_leg(world)
    for name in ("accept", "arrive", "start_care"):
        back = worlds.step(back, name, world.township_liaison)
    by_colleague = worlds.filing(world, patient=worlds.patient(world, next(serials)))
    actions.create_referral(by=colleague, institution=world.township, data=by_colleague)
    unsent = worlds.filing(world, patient=worlds.patient(world, next(serials)))
    actions.create_referral(by=world.doctor, institution=world.township, data=unsent, submit=False)
    actions.save_draft(by=world.doctor, institution=world.township, form_data={"name": "王"})
    actions.save_draft(by=colleague, institution=world.township, form_data={"name": "李"})
    reviewed = worlds.filing(
        world,
        patient=worlds.patient(world, next(serials), at=world.county),
        receiver=world.tertiary,
        technique=world.gastrectomy,
    )
    world.county.reviews_referrals = True
    world.county.save()
    actions.create_referral(by=world.county_doctor, institution=world.county, data=reviewed)


def leads(browser, board: str = "") -> list[tuple[str, str, int]]:
    """Number, address and rows of everything that a home page counts."""
    home = browser.get(reverse("home"), {"board": board})
    found = []
    for context in home.context:
        for name, value in context.flatten().items():
            if name not in ("view", "nav", "tools"):
                found += numbers(value)
    return [(number, url, len(browser.get(url).context["rows"])) for number, url in set(found)]


def wrong(found) -> list[tuple[str, str, int]]:
    """Those that lead to other rows than they say; "10+" leads to more than ten."""
    return [
        (number, url, rows)
        for number, url, rows in found
        if not (rows > int(number[:-1]) if number.endswith("+") else rows == int(number))
    ]


PEOPLE = ["doctor", "county_doctor", "liaison", "township_liaison", "manager", "office", "qc"]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("person", PEOPLE)
def test_numbers_equal_the_rows_they_lead_to(world, busy, sign_in, time_machine, person, late):
    if late:
        time_machine.move_to(timezone.now() + timedelta(days=2))
    found = leads(sign_in(getattr(world, person)))
    assert found
    assert wrong(found) == []


@pytest.mark.parametrize("board", ["doctor", "desk", "manager"])
def test_one_who_works_in_two_houses_counts_the_acting_one(world, busy, sign_in, board):
    role = {"doctor": Role.DOCTOR, "desk": Role.LIAISON, "manager": Role.MANAGER}[board]
    for house in (world.township, world.county):
        for held in {role, Role.DOCTOR}:
            RoleGrant.objects.get_or_create(
                user=world.doctor, role=held, institution=house, valid_from=make.LONG_AGO
            )
    found = leads(sign_in(world.doctor), board)
    assert wrong(found) == []


def test_the_desk_decides_on_what_came_and_reviews_what_leaves(world, busy, sign_in):
    page = sign_in(world.liaison).get(reverse("referrals:inbox"), {"tray": "decide"})
    assert {str(row.leg.receiver) for row in page.context["rows"]} == {str(world.county)}
    page = sign_in(world.liaison).get(reverse("referrals:inbox"), {"tray": "review"})
    assert {str(row.leg.sender) for row in page.context["rows"]} == {str(world.county)}
