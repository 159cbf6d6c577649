"""What the booking form and its pages say of prices, of who may, and of how far ahead."""

import pytest
from django.urls import reverse

from equipment.bookings.models import Booking
from equipment.service.models import Outage
from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories import privileges
from tests.factories.bookings import soon
from tests.factories.devices import needed
from tests.integration.equipment.test_booking_pages import local, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    make.may_operate(world)
    found = make.lent(world)
    needed(found.type, world.debridement)
    return found


@pytest.fixture
def doctor(world):
    return signed_in(world.doctor)


def test_who_may_not_is_led_to_who_may_and_to_applying(world, device, doctor):
    privileges.Privilege.objects.all().delete()
    page = doctor.get(reverse("bookings:check"), wish(world, device))
    said = page.content.decode()
    assert f"at {world.township.short_name}" in said
    # What may not be done there has no price.
    assert page.context["amount"] is None
    (_who, who), (_apply, apply) = page.context["verdict"].links
    assert world.debridement.code in who
    assert doctor.get(who).status_code == 200
    assert doctor.get(apply).status_code == 200


def test_too_far_ahead_says_how_far(world, device, doctor):
    page = doctor.get(reverse("bookings:check"), wish(world, device, starts_at=local(soon(100))))
    reason = page.context["verdict"].reasons[0]
    assert reason.text == "Bookings are made 90 days ahead at most."


def test_what_a_booking_costs_stands_in_the_list(world, device, doctor):
    doctor.post(reverse("bookings:book"), wish(world, device, idempotency_key="k"))
    row = Booking.objects.get()
    page = doctor.get(reverse("bookings:mine"))
    assert [one.price for one in page.context["rows"]] == ["Free of charge"]
    assert row.lines.get().agreed.amount == 0


def test_a_booking_to_come_is_moved_to_another_time(world, device, doctor):
    row = make.booked(world, device=device)
    page = doctor.get(row.get_absolute_url())
    assert page.context["change_from"] == local(row.starts_at)
    asked = {"version": row.version, "starts_at": local(soon(3, 14))}
    answer = doctor.post(reverse("bookings:rebook", args=[row.public_id]), asked)
    moved = Booking.objects.latest("pk")
    assert (answer.url, moved.starts_at) == (moved.get_absolute_url(), soon(3, 14))
    assert moved.ends_at - moved.starts_at == row.ends_at - row.starts_at
    over = doctor.get(row.get_absolute_url())
    assert (over.context["change_from"], over.context["booking"].status) == ("", "cancelled")


@pytest.mark.parametrize("words", ["free then", "taken then", "out then"])
def test_the_form_says_which_devices_are_free(world, device, doctor, words):
    if words == "taken then":
        make.bare(world, device=device, starts_at=soon())
    if words == "out then":
        Outage.objects.create(device=device, reason="fault", starts_at=soon(-1))
    page = doctor.get(reverse("bookings:check"), wish(world, device))
    ((_id, shown),) = page.context["form"].fields["devices"].choices
    assert words in shown
