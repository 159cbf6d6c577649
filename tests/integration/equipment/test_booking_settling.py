"""What keepers and houses settle among themselves: missed bookings, months, who has to agree."""

import pytest
from django.urls import reverse
from django.utils import timezone

from equipment.bookings.models import Charge, Settlement
from equipment.devices.models import Device
from tests.access.cast import give_second_factor, signed_in
from tests.factories import bookings as make
from tests.factories import bookings_waiting as queue
from tests.factories.bookings import soon
from tests.factories.devices import needed

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


@pytest.fixture
def keeper(world):
    give_second_factor(world.manager)
    return signed_in(world.manager)


def test_a_month_is_confirmed_and_paid_on_the_statement(world, keeper):
    row = make.bare(
        world, starts_at=soon(-1), status="completed", used_from=soon(-1), used_until=soon(-1, 11)
    )
    charge = queue.charge(row)
    month = f"{charge.used_on:%Y-%m}"
    page = keeper.get(reverse("bookings:statement"), {"month": month})
    # This month still runs: nothing is confirmed yet, and no later one is offered.
    assert "Still running" in page.content.decode()
    assert page.context["is_last"]
    near = {"month": month, "partner": str(world.township.public_id), "search": "腹腔镜"}
    assert len(keeper.get(reverse("bookings:statement"), near).context["listing"].rows) == 1
    far = near | {"partner": str(world.tertiary.public_id)}
    assert not keeper.get(reverse("bookings:statement"), far).context["listing"].rows
    assert keeper.post(reverse("bookings:confirm_month"), {}).status_code == 404
    Charge.objects.update(used_on="2026-01-20")
    page = keeper.get(reverse("bookings:statement"), {"month": "2026-01"})
    (pair,) = page.context["statement"].pairs
    asked = {
        "alliance": pair.alliance_id, "payer": pair.payer_id, "payee": pair.payee_id,
        "month": "2026-01-01", "total": "60.00",
    }  # fmt: skip
    assert keeper.post(reverse("bookings:confirm_month"), asked).status_code == 302
    Settlement.objects.update(payer_confirmed_at=timezone.now(), payer_confirmed_by=world.manager)
    assert keeper.post(reverse("bookings:month_paid"), asked).status_code == 302
    page = keeper.get(reverse("bookings:statement"), {"month": "2026-01"}).content.decode()
    assert "Paid" in page


def test_a_missed_booking_is_excused_from_the_list(world, device, keeper, doctor):
    row = make.bare(world, device=device, starts_at=soon(-2), status="no_show")
    page = keeper.get(reverse("bookings:missed"))
    assert [one.booking for one in page.context["rows"]] == [row]
    said = {"version": row.version, "reason": "急诊手术", "next": "missed"}
    answer = keeper.post(reverse("bookings:act", args=[row.public_id, "excuse"]), said)
    assert answer.url == reverse("bookings:missed")
    assert not keeper.get(answer.url).context["rows"]


def test_the_search_says_whose_keeper_has_to_agree(world, device, doctor):
    asked = {"technique": world.debridement.code}
    said = "Its keeper has to agree"
    assert said not in doctor.get(reverse("bookings:search"), asked).content.decode()
    Device.objects.filter(pk=device.pk).update(needs_approval=True)
    assert said in doctor.get(reverse("bookings:search"), asked).content.decode()
