"""At the door: second factor, lockout, languages, two houses, signing out."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from alliance.core.choices import Role
from alliance.people.models import RoleGrant
from tests.factories import alliance as make

from .hands import CHINESE, faults, press, settle, sound, visit

pytestmark = pytest.mark.functional
PASSWORD = "Qingshan-2026-lwy"
LOGIN = "/accounts/login/"
# Latin words a Chinese page may say: names of things, units, and the way to the other language.
LATIN = {"English", "Excel", "JPEG", "user", "example", "test"}


@pytest.fixture
def manager(world):
    """Signs in by password, and needs a second factor."""
    world.manager.set_password(PASSWORD)
    world.manager.save()
    return world.manager


def sign_in(page, user, password=PASSWORD):
    page.fill("#id_login", user.username)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    settle(page)


def code_of(secret):
    """What the app on the phone shows."""
    _last, now, _next = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, now))


def test_a_manager_sets_up_the_second_factor_and_is_asked_for_it(open_page, manager, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # half a minute may turn while the code is on its way
    page = open_page(locale="zh-CN")
    visit(page, LOGIN)
    sign_in(page, manager)
    page.goto("/referrals/")  # nothing opens before
    expect(page.locator("h1")).to_have_text("请确认是您本人")
    sound(page)
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "继续", within="body")
    expect(page.locator("h1")).to_have_text("开启双因素验证")
    sound(page)
    secret = page.locator("code.secret").text_content()
    page.fill("#id_code", "000000")
    press(page, "开启")
    expect(page.locator(".field--bad")).to_be_visible()
    sound(page)
    page.fill("#id_code", code_of(secret))
    press(page, "开启")
    expect(page.locator("h1")).to_have_text("恢复码")
    sound(page)
    spare = page.locator(".secret-list li").first.text_content()
    visit(page, "/")

    page.locator(".topbar__tools details.menu > summary").click()
    press(page, "退出登录", within=".topbar")
    expect(page).to_have_url(re.compile(LOGIN))
    sign_in(page, manager)
    expect(page.get_by_label("验证码")).to_be_focused()
    sound(page)
    page.fill("#id_code", spare)  # the phone is at home
    page.press("#id_code", "Enter")
    expect(page.locator(".nav")).to_contain_text("收件箱")


def test_guessing_passwords_ends_with_a_clear_sentence(open_page, manager):
    page = open_page(locale="zh-CN")
    page.goto(LOGIN)
    for _guess in range(6):
        sign_in(page, manager, "wrong-password")
    expect(page.locator(".error-summary")).to_contain_text("分钟后再试")
    sound(page)


def latin(page):
    """English words on a Chinese page."""
    return set(re.findall("[A-Za-z]{4,}", page.inner_text("body"))) - LATIN


def chinese(page):
    """Chinese words in what an English page says by itself: headings, labels, buttons."""
    own = "h1, h2, h3, label, legend, dt, th, .btn:not([lang]), .nav__link, .tabs a, .field__help"
    texts = page.locator("main").locator(own).all_inner_texts()
    return [text for text in texts if re.search("[一-鿿]", text)]


def test_a_page_speaks_one_language(open_page, world, enter):
    page = open_page(locale="zh-CN")
    page.goto(LOGIN)
    assert latin(page) == set()
    press(page, "English", within="body")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert chinese(page) == []
    enter(page, world.doctor, CHINESE)
    paths = ["/referrals/", "/referrals/new/", "/patients/", "/institutions/", "/people/profile/"]
    words = {}
    for path in paths:
        page.goto(path)
        words[path] = latin(page) - {world.doctor.username}
    assert {path: found for path, found in words.items() if found} == {}

    page.goto("/referrals/")
    page.locator(".topbar__tools details.menu > summary").click()
    press(page, "English", within=".topbar")
    expect(page.locator("h1")).to_have_text("Referrals")
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = chinese(page)
    assert {path: texts for path, texts in found.items() if texts} == {}
    page.locator(".topbar__tools details.menu > summary").click()
    press(page, "简体中文", within=".topbar")
    expect(page.locator("html")).to_have_attribute("lang", CHINESE)


def test_somebody_of_two_houses_goes_from_one_to_the_other(open_page, world, enter):
    both = make.staff(Role.DOCTOR, institution=world.township, name="吕华平")
    RoleGrant.objects.create(
        user=both, role=Role.LIAISON, institution=world.county, valid_from=make.LONG_AGO
    )
    page = enter(open_page(locale="zh-CN"), both, CHINESE)
    visit(page, "/")
    here = page.locator(".topbar__tools details.menu > summary")
    before = here.inner_text()
    here.click()
    press(page, "切换机构", within=".topbar")
    assert faults(page) == []
    page.get_by_role("button", name="切换到此").click()
    expect(here).not_to_have_text(before)
    visit(page, "/")
