"""A device breaks: somebody scans its label on a phone, its keeper mends it and brings it back."""

import pytest
from playwright.sync_api import expect

from equipment.service.models import WorkOrder
from tests.factories.devices import DeviceFactory

from .hands import CHINESE, answer, press, settle, sound, unhandy, visit

pytestmark = pytest.mark.functional


def test_a_fault_is_reported_by_its_label_and_mended(world, enter, page, phone):
    device = DeviceFactory(owner=world.county, location="手术室 2")
    enter(phone, world.doctor, CHINESE)
    visit(phone, f"/equipment/devices/q/{device.public_id}/")
    press(phone, "报修")
    sound(phone)
    assert unhandy(phone) == []
    phone.get_by_label("图像或读数异常").check()
    phone.get_by_label("补充说明").fill("探头无图像")
    # The session ended meanwhile: what was typed is there again after signing in.
    there = phone.url
    phone.context.clear_cookies(name="sessionid")
    phone.get_by_role("button", name="提交报修").click()
    expect(phone.locator("[data-sign-in]")).to_contain_text("您填写的内容还没有提交")
    enter(phone, world.doctor, CHINESE)
    visit(phone, there)
    expect(phone.locator("main")).to_contain_text("登录前填写的内容已填回")
    expect(phone.get_by_label("图像或读数异常")).to_be_checked()
    phone.get_by_role("button", name="提交报修").click()
    expect(phone.locator("main")).to_contain_text("探头无图像")
    expect(phone.locator("main")).to_contain_text("修复前停用")
    sound(phone)

    enter(page, world.manager, CHINESE)
    visit(page, "/equipment/service/")
    page.get_by_role("link", name=device.name).first.click()
    settle(page)
    sound(page)
    page.fill("[name=assign-vendor]", "明川医疗")
    press(page, "派修")
    press(page, "开始维修")
    page.fill("[name=test-work_done]", "更换密封圈")
    press(page, "修好并检测合格")
    press(page, "仍未修好")  # a question first
    answer(page, "仍未修好", **{"fail-reason": "仍有雾"})
    page.fill("[name=test-work_done]", "更换镜头")
    press(page, "修好并检测合格")
    page.get_by_label("良好").check()
    press(page, "恢复使用")
    expect(page.locator("main")).to_contain_text("更换镜头")
    sound(page)
    assert WorkOrder.objects.get().status == "returned"
    visit(page, f"/equipment/devices/{device.public_id}/")
    expect(page.locator("main")).to_contain_text("可以使用")
