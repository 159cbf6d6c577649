"""The desk by keyboard, without scripts, and beside somebody who was faster."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from referrals.choices import Status
from tests import worlds

from .hands import CHINESE, named, press, sound, status

pytestmark = pytest.mark.functional


def test_the_desk_accepts_by_keyboard(open_page, world, enter):
    legs = [worlds.pending_referral(world, patient=worlds.patient(world, n)) for n in (1, 3)]
    page = enter(open_page(locale="zh-CN"), world.liaison, CHINESE)
    page.goto("/referrals/inbox/", wait_until="networkidle")
    page.keyboard.press("j")
    expect(page.locator(".row2__title").nth(1)).to_be_focused()  # the first is open already
    page.keyboard.press("a")
    expect(page.locator("main")).to_contain_text("接收 · 已完成")
    # The second without shortcuts: Tab as far as the button, then Enter.
    accept = page.get_by_role("button", name="接收并看下一个")
    for _tab in range(60):
        if accept.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(accept).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("这里没有待办")
    for leg in legs:
        leg.refresh_from_db()
    assert {leg.status for leg in legs} == {Status.ACCEPTED}


def test_a_second_tab_says_what_has_changed(open_page, world, enter):
    leg = worlds.pending_referral(world)
    first = enter(open_page(locale="zh-CN"), world.liaison, CHINESE)
    second = first.context.new_page()
    third = first.context.new_page()
    for tab in (first, second, third):
        tab.goto(leg.get_absolute_url(), wait_until="networkidle")
    press(third, "要求补充", within=".leg-acts")
    third.fill(".move-form [name=question]", "有无发热？近期用药？")
    press(first, "接收", within=".leg-acts")
    status(first, "已接收")
    press(second, "接收", within=".leg-acts")
    expect(second.locator("main")).to_contain_text("这份转诊单已有变化")
    sound(second)
    # What was typed is not lost, though it can no longer be sent.
    third.locator(".move-form button[type=submit]").click()
    expect(third.locator("#move-slot")).to_contain_text("这份转诊单已有变化")
    expect(third.locator("#move-slot")).to_contain_text("有无发热？近期用药？")
    sound(third)


def test_without_scripts_the_desk_works(open_page, world, enter):
    leg = worlds.pending_referral(world)
    worlds.pending_referral(world, patient=worlds.patient(world, 3, "陈一"))
    page = enter(open_page(java_script_enabled=False), world.liaison, CHINESE)
    page.goto("/referrals/")
    page.fill("[data-search]", leg.number)
    named(page, "搜索").click()
    expect(page.locator("#results [data-row]")).to_have_count(1)
    page.goto("/referrals/")
    page.select_option("select[name=urgency]", "routine")
    named(page, "应用").click()
    expect(page.locator("#results [data-row]")).to_have_count(0)
    page.goto(f"/referrals/inbox/{leg.public_id}/")
    named(page, "接收并看下一个", within="#desk-pane").click()
    expect(page.locator("main")).to_contain_text("接收 · 已完成")
    page.goto(leg.get_absolute_url())
    named(page, "预约", within=".leg-acts").click()
    soon = timezone.localtime() + timedelta(hours=3)
    page.fill("[name=at]", soon.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=place]", "")
    named(page, "预约").click()
    expect(page.locator(".error-summary")).to_contain_text("地点")
    page.fill("[name=place]", "门诊三楼")
    named(page, "预约").click()
    status(page, "已预约")
