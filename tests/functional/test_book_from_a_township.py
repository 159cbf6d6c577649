"""Book from a township on a phone, and the keeper's day, through pages and in Chinese."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from equipment.bookings.models import BookedPerson, Booking
from tests.factories import bookings as make
from tests.factories.bookings import HOUR
from tests.factories.devices import needed

from .hands import CHINESE, press, sound, unhandy, visit

pytestmark = pytest.mark.functional


@pytest.fixture
def device(world):
    """The county's laparoscope, approved by its keeper; the township's doctor may operate."""
    make.may_operate(world)
    found = make.lent(world, needs_approval=True)
    needed(found.type, world.debridement)
    return found


def test_a_township_doctor_books_the_countys_device_on_a_phone(world, device, phone, enter):
    page = enter(phone, world.doctor, CHINESE)
    visit(page, "/equipment/bookings/")
    assert unhandy(page) == []
    press(page, world.debridement.name)
    expect(page.locator("main")).to_contain_text(device.name)
    sound(page)
    page.locator(".more-slots").last.click()
    page.locator(".slots a").nth(2).click()
    expect(page.locator(".check")).to_contain_text("管理员审批")
    assert unhandy(page) == []
    sound(page)
    page.select_option("[name=minutes]", "90")
    expect(page.locator(".check")).to_contain_text("48 小时内未答复")
    press(page, "提交申请")
    expect(page.locator("main")).to_contain_text("待审批")
    sound(page)
    row = Booking.objects.get()
    assert (row.operator, row.institution) == (world.practitioner, world.township)
    assert row.ends_at - row.starts_at == timedelta(minutes=90)


def test_a_keepers_day_from_request_to_give_back(world, device, page, enter):
    row = make.booked(world, device=device)
    keeper = enter(page, world.manager, CHINESE)
    visit(keeper, "/equipment/bookings/inbox/")
    press(keeper, "同意")
    expect(keeper.locator("main")).to_contain_text("没有待审批的预约")

    began = timezone.now() - timedelta(minutes=5)
    times = {"starts_at": began, "ends_at": began + 2 * HOUR}
    Booking.objects.update(**times)
    BookedPerson.objects.update(**times)
    row.lines.update(block_from=began, block_until=began + 3 * HOUR)
    visit(keeper, "/equipment/bookings/day/")
    press(keeper, "开始使用")
    expect(keeper).to_have_url(re.compile(str(row.public_id)))
    sound(keeper)
    press(keeper, "结束使用")
    sound(keeper)
    line = row.lines.get()
    keeper.locator(f"[name=condition_{line.pk}][value=limited]").check()
    keeper.locator(f"[name=note_{line.pk}]").fill("镜头有划痕")
    press(keeper, "结束使用")
    expect(keeper.locator("main")).to_contain_text("已完成")
    visit(keeper, f"/equipment/devices/q/{device.public_id}/")
    expect(keeper.locator("main")).to_contain_text("镜头有划痕")
