"""What offices do: the alliance's members, matrix, catalogue, policy, data; accounts; the ledger."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alliance.catalogue.models import CatalogueEdition
from alliance.core.exchange import work
from alliance.core.models import ImportJob
from alliance.institutions.models import Relation
from alliance.people.models import Invitation, User
from tests import worlds
from tests.factories import alliance as make
from tests.factories.files import csv_file

from .hands import CHINESE, answer, choose, press, settle, sound, visit

pytestmark = pytest.mark.functional
OFFICE = "/institutions/office/"


@pytest.fixture
def at(open_page, world, enter):
    """Open a window for somebody: `at("office")`."""
    return lambda name: enter(open_page(locale="zh-CN"), getattr(world, name), CHINESE)


def test_the_office_takes_in_a_member_and_opens_its_ways(world, at):
    page = at("office")
    newcomer = make.InstitutionFactory(name="石桥镇卫生院")
    visit(page, f"{OFFICE}members/", f"{OFFICE}members/join/")
    choose(page, "机构", "sqz")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("石桥镇卫生院")
    sound(page)

    visit(page, f"{OFFICE}matrix/")
    press(page, "按规则生成")  # a question first
    answer(page, "生成")
    ways = Relation.objects.filter(sender=newcomer)
    assert ways.filter(receiver=world.county, is_allowed=True).exists()
    sound(page)
    visit(page, f"{OFFICE}matrix/{newcomer.public_id}/")
    row = page.locator(".row2", has_text="云溪县中医院")
    row.locator("summary").click()
    answer(page, "取消转诊", note="专科不足")
    expect(row).to_contain_text("不允许")
    sound(page)


def test_the_office_drafts_compares_and_publishes_an_edition(world, at):
    page = at("office")
    visit(page, "/catalogue/")
    press(page, "新建版本")
    page.fill("[name=name]", "第二版")
    sound(page)
    page.locator("main form button[type=submit]").click()
    settle(page)
    sound(page)
    row = page.locator(".row2", has_text="腹腔镜下阑尾切除术")
    row.get_by_role("link", name="修改").click()
    page.locator("li.card-body").get_by_text("复杂级", exact=True).click()
    sound(page)
    press(page, "保存")
    expect(page.locator("main").get_by_role("button", name="保存")).to_have_count(0)
    press(page, "对比并发布")
    expect(page.locator("main")).to_contain_text("腹腔镜下阑尾切除术")
    sound(page)
    press(page, "发布…")
    page.fill("[name=effective_from]", timezone.localdate().isoformat())
    sound(page)
    press(page, "发布本版")
    settle(page)
    assert CatalogueEdition.objects.get(name="第二版").status == "published"
    sound(page)


def test_the_office_changes_a_policy_and_brings_in_diseases(world, at):
    page = at("office")
    visit(page, f"{OFFICE}policy/")
    page.locator(".row2", has_not_text="全平台统一").locator(".row2__title").first.click()
    sound(page)
    press(page, "登记新值")
    expect(page.locator("main")).to_contain_text("该字段是必填项")  # the reason and the source
    sound(page)

    for rows, words in [
        ((["code", "name"], ["K80.200", ""], ["nonsense", "x"]), "错误原因"),
        ((["code", "name"], ["K80.200", "胆囊结石"]), "全部导入"),
    ]:
        visit(page, "/imports/diseases/")
        upload = csv_file(*rows)
        page.set_input_files(
            "input[type=file]",
            {"name": upload.name, "mimeType": "text/csv", "buffer": upload.read()},
        )
        press(page, "上传并检查")
        page.wait_for_url("**/imports/jobs/**")
        work.check(job_id=ImportJob.objects.latest("created_at").pk)
        page.reload()
        expect(page.locator("main")).to_contain_text(words)
        sound(page)
    press(page, "全部导入")
    settle(page)
    sound(page)
    with page.expect_download() as sheet:
        page.evaluate("location.assign('/exports/diseases.xlsx')")
    assert sheet.value.suggested_filename.endswith(".xlsx")


def test_accounts_are_invited_opened_and_shut_and_the_ledger_tells(world, at):
    manager = at("manager")
    visit(manager, "/people/users/")
    press(manager, "邀请同事")
    manager.fill("[name=name]", "周新民")
    manager.fill("[name=email]", "zhou@example.org")
    manager.select_option("select[name=role]", "doctor")
    sound(manager)
    manager.locator("main form button[type=submit]").click()
    expect(manager.locator("main")).to_contain_text("周新民")
    sound(manager)
    assert Invitation.objects.get().email == "zhou@example.org"

    admin = at("system_admin")
    visit(admin, "/people/users/new/")
    admin.fill("[name=username]", "newcomer")
    admin.fill("[name=name]", "冯新来")
    admin.locator("main form button[type=submit]").click()
    expect(admin.locator("code.secret")).to_be_visible()
    sound(admin)
    press(admin, "我已记下")
    sound(admin)

    security = at("security_admin")
    account = User.objects.get(username="newcomer")
    visit(security, f"/people/users/{account.public_id}/")
    security.select_option("select[name=role]", "auditor")
    security.locator("main form button.btn-primary").click()
    expect(security.locator("main .rows").first).to_contain_text("审计员")

    visit(admin, f"/people/users/{account.public_id}/")
    press(admin, "停用账号…")
    answer(admin, "停用")
    expect(admin.locator("main")).to_contain_text("起停用")
    sound(admin)

    auditor = at("auditor")
    visit(auditor, "/ledger/")
    for action in ("user.created", "role.granted", "user.disabled"):
        expect(auditor.locator("#results")).to_contain_text(action)
    visit(auditor, "/ledger/?action=user.disabled")
    expect(auditor.locator("#results [data-row]")).to_have_count(1)


def test_a_manager_sets_hours_and_sees_how_the_house_does(world, at):
    worlds.pending_referral(world)
    page = at("manager")
    visit(page, "/")
    expect(page.locator(".bars")).to_contain_text("青山镇卫生院")
    page.locator(".bars a").first.click()
    expect(page.locator("main")).to_contain_text("待接收")
    house = f"/institutions/{world.county.public_id}/"
    visit(page, house, f"{house}calendar/", f"{house}edit/", f"{house}departments/new/")
    page.fill("[name=name]", "急诊科")
    page.locator("main form button[type=submit]").click()
    settle(page)
    sound(page)
