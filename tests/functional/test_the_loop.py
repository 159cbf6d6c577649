"""The whole loop through pages, in Chinese: the patient goes to the county and comes home."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from referrals.choices import Status
from referrals.models import Referral
from tests import worlds

from .hands import CHINESE, LEG, ask_for, choose, press, sound, status, visit

pytestmark = pytest.mark.functional


@pytest.fixture
def people(world, open_page, enter):
    """A window for each of those who take part, reading Chinese."""
    return {
        name: enter(open_page(locale="zh-CN"), getattr(world, name), CHINESE)
        for name in ("doctor", "township_manager", "liaison", "county_doctor")
    }


def in_hours(hours):
    """A moment as the field for moments takes it."""
    return (timezone.localtime() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def file_a_referral(doctor):
    """The doctor writes and submits; the form asks for what is missing first."""
    visit(doctor, "/")
    press(doctor, "新建转诊")
    doctor.fill("#id_id_number", worlds.id_number(7))
    doctor.fill("#id_name", "赵玉梅")
    choose(doctor, "诊断", "lwy")
    # Where the last patient went is where this one is likely to go.
    expect(doctor.get_by_role("combobox", name="接收机构")).to_have_value("云溪县人民医院")
    doctor.check("#id_consent")
    press(doctor, "提交转诊")
    expect(doctor.locator(".error-summary")).to_be_visible()
    sound(doctor)
    doctor.fill("#id_present_illness", "转移性右下腹痛 12 小时")
    doctor.fill("#id_indication", "需手术治疗")
    press(doctor, "提交转诊")
    doctor.wait_for_url(LEG)
    sound(doctor)


def test_a_patient_goes_to_the_county_and_comes_home(world, people):
    doctor, manager, liaison, surgeon = people.values()
    world.township.reviews_referrals = True
    world.township.save()
    worlds.pending_referral(world)  # of another patient; submitted before, so it is reviewed too

    file_a_referral(doctor)
    status(doctor, "院内审核")
    leg = Referral.objects.get(patient__name="赵玉梅")
    visit(manager, "/", leg.get_absolute_url())
    press(manager, "审核通过", within=".leg-acts")
    status(manager, "待接收")

    # The desk takes it from the tray and goes on to whatever is next.
    visit(liaison, "/", "/referrals/inbox/")
    liaison.locator(".row2__title", has_text="赵").click()
    expect(liaison.locator("#desk-pane")).to_contain_text("急性阑尾炎")
    sound(liaison)
    liaison.locator("#desk-pane").get_by_role("button", name="接收并看下一个").click()
    expect(liaison.locator("main")).to_contain_text("接收 · 已完成")
    sound(liaison)
    visit(liaison, leg.get_absolute_url())
    ask_for(liaison, "预约", at=in_hours(3), place="门诊三楼普外科")
    status(liaison, "已预约")

    visit(doctor, leg.get_absolute_url())
    ask_for(doctor, "出发", expected_at=in_hours(2), escort="家属陪同")
    status(doctor, "转运中")
    visit(liaison, leg.get_absolute_url())
    press(liaison, "登记到诊", within=".leg-acts")
    status(liaison, "已到诊")

    visit(surgeon, "/", leg.get_absolute_url())
    press(surgeon, "开始接诊", within=".leg-acts")
    status(surgeon, "接诊中")
    ask_for(surgeon, "诊毕", outcome="recovered", summary="腹腔镜阑尾切除，术后恢复良好")
    status(surgeon, "诊毕/出院")
    ask_for(surgeon, "下转回基层", stability="切口干燥，无发热", plan="第 7 天拆线，一月后复查")
    status(surgeon, "已下转")
    sound(surgeon)

    come_home(doctor, leg)
    for page in (doctor, surgeon):
        visit(page, leg.get_absolute_url())
        status(page, "已闭环")


def come_home(doctor, leg):
    """The township takes the patient back, follows up, and closes."""
    back = leg.children.get(is_back_leg=True)
    visit(doctor, "/", back.get_absolute_url())
    press(doctor, "接回", within=".leg-acts")
    status(doctor, "已接收")
    press(doctor, "登记到诊", within=".leg-acts")
    press(doctor, "开始接诊", within=".leg-acts")
    status(doctor, "接诊中")
    ask_for(doctor, "记录随访", outcome="recovered", note="切口愈合，已拆线")
    ask_for(doctor, "结案")
    status(doctor, "已闭环")
    sound(doctor)
    back.refresh_from_db()
    assert back.status == Status.CLOSED
