"""Bookings for other systems: create once, refusals that help, moves with the version seen."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from equipment.bookings.models import Booking, BookingRefusal
from equipment.bookings.waiting import actions as waiting
from tests.access.cast import give_second_factor, signed_in, system_of
from tests.access.equipment.bookings import free_times
from tests.factories import bookings as make
from tests.factories.bookings import HOUR, bare, lent, soon
from tests.factories.bookings_waiting import charge, nothing_free

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(world):
    make.may_operate(world)
    return system_of(world.township).client


def wanted(world, device, **more):
    values = {
        "devices": [str(device.public_id)],
        "operator": str(world.practitioner.public_id),
        "technique": world.debridement.code,
        "starts_at": soon().isoformat(),
        "ends_at": soon(2, 12).isoformat(),
    }
    return values | more


def post(client, name, data=None, *args, **headers):
    return client.post(
        reverse(f"api:booking-{name}", args=args), data or {}, "application/json", headers=headers
    )


def test_a_repeated_create_is_one_booking(world, system):
    device, key = lent(world), {"Idempotency-Key": "a1"}
    first = post(system, "list", wanted(world, device), **key)
    again = post(system, "list", wanted(world, device), **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    body = first.json()
    assert body["id"] == again.json()["id"]
    assert (body["status"], body["actions"]) == ("confirmed", ["cancel", "check_in"])
    assert body["devices"][0]["block_until"] > body["ends_at"]
    other = post(system, "list", wanted(world, device, note="x"), **key)
    assert other.status_code == 422
    assert Booking.objects.count() == 1


def test_a_refusal_says_why_and_what_would_work(world, system):
    device, twin = lent(world), lent(world)
    row = bare(world, device=device)
    answer = post(system, "list", wanted(world, device), **{"Idempotency-Key": "b1"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "booking_refused")
    assert [one["code"] for one in problem["reasons"]] == ["taken"]
    assert problem["reasons"][0]["device"] == str(device.public_id)
    assert problem["other_devices"][0]["device"] == str(twin.public_id)
    assert problem["other_devices"][0]["owner"] == str(world.county.public_id)
    free = problem["alternatives"][0]
    assert free["starts_at"].endswith("+08:00")
    assert datetime.fromisoformat(free["starts_at"]) == row.ends_at + timedelta(minutes=45)
    assert BookingRefusal.objects.count() == 1
    times = {"starts_at": free["starts_at"], "ends_at": free["ends_at"]}
    # A refused key is not used up: the next try is a new one.
    answer = post(system, "list", wanted(world, device) | times, **{"Idempotency-Key": "b1"})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["agreed_amount"], told["referral_number"]) == ("0.00", "")
    typed = wanted(world, device) | {"referral_number": "ZZ-99999"}
    answer = post(system, "list", typed, **{"Idempotency-Key": "b2"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["referral_number"])


def test_a_use_from_beginning_to_end(world, system):
    device = lent(world)
    row = bare(world, device=device, starts_at=timezone.now() - HOUR)
    own = row.public_id
    assert post(system, "check-in", None, own).status_code == 428
    assert post(system, "check-in", None, own, **{"If-Match": '"9"'}).status_code == 412
    answer = post(system, "check-in", None, own, **{"If-Match": '"1"'})
    assert (answer.json()["status"], answer["ETag"]) == ("in_use", '"2"')
    left = {"devices": [{"device": str(own), "condition": "good"}]}
    answer = post(system, "check-out", left, own, **{"If-Match": '"2"'})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["conditions"])
    left["devices"][0] |= {"device": str(device.public_id), "condition": "limited"}
    answer = post(system, "check-out", left, own, **{"If-Match": '"2"'})
    assert (answer.json()["status"], answer.json()["devices"][0]["condition"]) == (
        "completed", "limited",
    )  # fmt: skip
    device.refresh_from_db()
    assert device.condition == "limited"
    steps = system.get(reverse("api:booking-events", args=[own])).json()["results"]
    assert [one["act"] for one in steps] == ["check_in", "check_out"]


def test_lists_are_filtered(world, system):
    mine, other = bare(world), bare(world, starts_at=soon(9))
    device, day = mine.lines.get().device, soon().date().isoformat()

    def found(**query):
        rows = system.get(reverse("api:booking-list"), query_params=query).json()["results"]
        return [row["id"] for row in rows]

    assert found() == [str(other.public_id), str(mine.public_id)]
    assert found(device=str(device.public_id)) == [str(mine.public_id)]
    assert len(found(owner=str(world.county.public_id))) == 2
    assert found(owner=str(world.tertiary.public_id)) == []
    assert found(since=day, until=day) == [str(mine.public_id)]
    # What changed since: systems read on from where they were.
    Booking.objects.filter(pk=mine.pk).update(updated_at=soon(1))
    assert found(updated_since=soon(0, 23).isoformat()) == [str(mine.public_id)]
    type(device).objects.filter(pk=device.pk).update(updated_at=soon(1))
    rows = system.get(
        reverse("api:device-list"), query_params={"updated_since": soon(0, 23).isoformat()}
    )
    assert [row["id"] for row in rows.json()["results"]] == [str(device.public_id)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": ""}, "technique"),
        ({"until": soon(1).isoformat()}, "until"),
        ({"until": soon(60).isoformat()}, "until"),
        ({"minutes": "0"}, "minutes"),
        ({"type": "none"}, "type"),
        ({"area": "x"}, "area"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_availability_is_asked_is_checked(world, system, change, field):
    lent(world)
    query = {name: value for name, value in (free_times() | change).items() if value}
    answer = system.get(reverse("api:availability-list"), query_params=query)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_free_times_of_what_one_may_book(world, system):
    device = lent(world)
    bare(world, device=device)
    answer = system.get(reverse("api:availability-list"), query_params=free_times())
    (row,) = answer.json()["results"]
    assert (row["device"], row["type"]) == (str(device.public_id), device.type.code)
    assert row["slots"][0]["starts_at"].startswith(f"{soon().date()}T12:45")


def test_who_oversees_asks_for_a_member(world, system):
    lent(world)
    give_second_factor(world.office)
    office, url = signed_in(world.office), reverse("api:availability-list")

    def ask(client, house):
        return client.get(url, free_times() | {"institution": str(house.public_id)})

    asked = ask(office, world.township)
    assert asked.json() == system.get(url, free_times()).json()
    assert asked.json()["results"]
    assert ask(system, world.township).status_code == 200
    for client, house in ((office, world.outside), (system, world.county)):
        answer = ask(client, house)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["institution"])


def test_a_place_in_line_becomes_a_booking(world, system):
    """Stand in line once, decline the first offer, accept the next; the price is told before."""
    device = lent(world)
    asked = {
        "device": str(device.public_id),
        "technique": world.debridement.code,
        "operator": str(world.practitioner.public_id),
        "minutes": 60,
        "wanted_from": soon(hour=8).isoformat(),
        "wanted_until": soon(hour=18).isoformat(),
    }
    url = reverse("api:waiting_entry-list")

    def send(path, body=None, **headers):
        return system.post(path, body, content_type="application/json", headers=headers)

    # What is free is not waited for, but named.
    refused = send(url, asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "free_now")
    (free,) = refused.json()["alternatives"]
    assert (free["devices"], free["starts_at"]) == ([asked["device"]], asked["wanted_from"])
    with nothing_free():
        made = [send(url, asked, **{"Idempotency-Key": "one"}) for _twice in range(2)]
    assert [one.json()["id"] for one in made] == [made[0].json()["id"]] * 2
    own = made[0].json()["id"]
    assert made[0].json()["actions"] == ["leave"]
    assert send(url, asked | {"device": None}).status_code == 400

    def act(name, version):
        path = reverse(f"api:waiting_entry-{name}", args=[own])
        return send(path, **{"If-Match": f'"{version}"'})

    assert act("accept", 1).json()["code"] == "offer_closed"
    for expected in ("declined", "accepted"):
        waiting.serve(alliance_id=world.alliance.pk, type_id=device.type_id, at=timezone.now())
        row = system.get(reverse("api:waiting_entry-detail", args=[own])).json()
        assert row["offer"]["device"] == str(device.public_id)
        assert row["actions"] == ["accept", "decline", "leave"]
        assert act("decline", 9).status_code == 412
        answer = act("decline" if expected == "declined" else "accept", row["version"])
        assert answer.status_code == 200
    assert answer.json()["booking"] == str(Booking.objects.get().public_id)
    assert answer.json()["actions"] == []

    query = {"device": asked["device"], "starts_at": soon(9).isoformat()}
    path = reverse("api:booking_price-list")
    (price,) = system.get(path, query | {"ends_at": soon(9, 12).isoformat()}).json()["results"]
    assert (price["amount"], price["free_reason"]) == ("0.00", "unpriced")
    assert system.get(path, query | {"ends_at": query["starts_at"]}).status_code == 400


def test_a_calendar_is_opened_once_and_revoked(world, system):
    url, body = reverse("api:booking_feed-list"), {"device": str(lent(world).public_id)}
    kind = {"content_type": "application/json"}
    answer = system.post(url, {"device": ""}, **kind)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["device"])
    assert [system.post(url, body, **kind).status_code for _twice in range(2)] == [201, 200]
    (feed,) = system.get(url).json()["results"]
    assert system.get(feed["address"]).status_code == 200
    assert system.delete(reverse("api:booking_feed-detail", args=[feed["id"]])).status_code == 204
    assert system.get(url).json()["results"] == []


def test_a_statement_adds_up(world, system):
    charge(bare(world))
    found = system.get(reverse("api:charge-statement")).json()
    assert (found["owed"], found["uses"], len(found["pairs"])) == ("60.00", 1, 1)


@pytest.mark.parametrize("name", ["list", "statement"])
@pytest.mark.parametrize("month", ["2026-13", "202611-", "2026-11-01", "0202-01", "soon"])
def test_a_month_that_is_none_is_refused(system, name, month):
    answer = system.get(reverse(f"api:charge-{name}"), {"month": month})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["month"])


def test_charges_are_of_the_month_that_is_named(world, system):
    made, url = charge(bare(world)), reverse("api:charge-list")
    for month, count in ((f"{made.used_on:%Y-%m}", 1), ("2026-01", 0), ("", 1)):
        assert len(system.get(url, {"month": month}).json()["results"]) == count


def test_devices_are_found_by_the_code_of_their_type_or_its_id(world, system):
    device, url = lent(world), reverse("api:device-list")
    for type_ in (device.type.code, device.type.public_id):
        (row,) = system.get(url, {"type": type_}).json()["results"]
        assert row["id"] == str(device.public_id)
    assert len(system.get(url, {"type": ""}).json()["results"]) == 1
    refused = system.get(url, {"type": "NO-SUCH"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["type"])
