"""What keepers and houses settle among themselves: missed bookings, months, who has to agree."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

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


def sheet_of(answer):
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


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


def test_the_statement_goes_out_as_excel(world, keeper):
    row = make.bare(
        world, starts_at=soon(-1), status="completed", used_from=soon(-1), used_until=soon(-1, 11)
    )
    charge = queue.charge(row)
    month = f"{charge.used_on:%Y-%m}"
    page = keeper.get(reverse("bookings:statement"), {"month": month})
    assert page.context["statement"].due == 60
    file = keeper.get(reverse("core:export", args=["charges"]), {"month": month})
    sheet = sheet_of(file)
    assert [cell.value for cell in sheet[2]][1:4] == [
        "青山镇卫生院",
        "云溪县人民医院",
        "高清腹腔镜",
    ]
    empty = keeper.get(reverse("core:export", args=["charges"]), {"month": "2020-01"})
    assert sheet_of(empty).max_row == 1


def test_the_list_of_bookings_goes_out_as_it_is_shown(world, keeper):
    """One's own to come, unless another list is looked at; times are times."""
    make.bare(world, created_by=world.manager, starts_at=soon(2))
    make.bare(world, created_by=world.manager, starts_at=soon(-1), status="cancelled")
    make.bare(world, starts_at=soon(3))
    for query, shown in (({}, 1), ({"past": "1"}, 1), ({"whose": "house"}, 2)):
        page = keeper.get(reverse("bookings:mine"), query)
        assert len(page.context["rows"]) == shown, query
        assert "exports/bookings.xlsx?" in page.content.decode()
        answer = keeper.get(reverse("core:export", args=["bookings"]), {**query, "list": "page"})
        sheet = sheet_of(answer)
        assert sheet.max_row - 1 == shown, query
        assert sheet["A2"].is_date
    assert sheet_of(keeper.get(reverse("core:export", args=["bookings"]))).max_row - 1 == 3
