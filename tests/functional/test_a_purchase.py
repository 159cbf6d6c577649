"""A township lacks a device: from the gap through three steps to the device on its register."""

import pytest
from playwright.sync_api import expect

from equipment.devices.models import Device
from equipment.purchases.models import Purchase
from tests.factories.configuration import asked
from tests.factories.devices import DeviceFactory
from tests.factories.insights import refusal

from .hands import CHINESE, press, sound, visit

pytestmark = pytest.mark.functional
FACTS = ".facts"


def test_a_purchase_goes_from_the_gap_to_the_register(world, enter, page, open_page):
    shared = DeviceFactory(owner=world.county)
    asked(world, ("township", shared.type, 2, 8))
    refusal(world, shared)
    manager = enter(open_page(), world.township_manager, CHINESE)
    apply_from_the_gap(manager, world)
    row = Purchase.objects.get()
    address = row.get_absolute_url()

    office = enter(page, world.office, CHINESE)
    visit(office, "/equipment/purchases/")
    office.get_by_role("link", name="腹腔镜").first.click()
    told(office, "近一年的需求")
    sound(office)
    press(office, "通过审核，转第三方评估")
    told(office, "已完成")

    third = enter(open_page(), world.qc, CHINESE)
    visit(third, address)
    third.get_by_label("推荐购置", exact=True).check()
    third.fill("[name=evaluate-score]", "86")
    third.fill("[name=evaluate-reason]", "需求充分，具备使用和保管条件")
    press(third, "提交评估结果")
    told(third, "已完成")

    office.goto(address)
    office.fill("[name=approve-percent]", "90")
    press(office, "批准")
    expect(office.locator("[name=approve-percent][aria-invalid=true]")).to_be_visible()
    sound(office)
    office.fill("[name=approve-percent]", "60")
    press(office, "批准")
    expect(office.locator(FACTS).last).to_contain_text("96,000.00")

    manager.goto(address)
    for unit, status in (("QS-0101 SN77", "部分到货"), ("QS-0102 SN78", "已到货")):
        manager.fill("[name=deliver-devices]", unit)
        press(manager, "登记到货")
        told(manager, unit.split()[0])
        expect(manager.locator(".page-head .pill")).to_have_text(status)
    sound(manager)
    serials = Device.objects.filter(owner=world.township).values_list("serial_number", flat=True)
    assert set(serials) == {"SN77", "SN78"}
    manager.goto(gap_of(world))
    told(manager, "本机构基本配置已达标")


def apply_from_the_gap(manager, world):
    """See the gap, apply from there, and hand the application in."""
    visit(manager, gap_of(world))
    manager.get_by_role("link", name="申请购置").click()
    told(manager, "平台数据依据")
    sound(manager)
    press(manager, "开始申请")
    manager.fill("[name=quantity]", "2")
    manager.fill("[name=unit_price]", "80000")
    manager.fill("[name=statement]", "急诊阑尾炎无法就地手术")
    sound(manager)
    press(manager, "保存并提交")
    told(manager, "医联体审核中")


def gap_of(world):
    """Where the township sees what it must have and lacks."""
    return f"/equipment/configuration/institutions/{world.township.public_id}/"


def told(page, words):
    """The page has come and says so."""
    expect(page.locator("body")).to_contain_text(words)
