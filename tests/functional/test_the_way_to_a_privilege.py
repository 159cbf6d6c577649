"""From learning to a privilege through pages, in Chinese: trainee, mentor, committee, readers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import alliance as make
from tests.factories import courses, exams, granting, logbook, privileges, programmes
from training.courses.models import PartProgress
from training.granting import actions as committee
from training.granting.models import Application
from training.logbook.models import Case
from training.privileges import actions as register
from training.privileges.choices import Level
from training.privileges.models import Certificate, Privilege
from training.programmes.choices import Need, Part, StageKind
from training.programmes.models import Enrolment

from .hands import CHINESE, answer, press, settle, sound, unhandy, visit

pytestmark = pytest.mark.functional
MY_PATH = "/training/programmes/my/"


@pytest.fixture
def at(open_page, world, enter):
    """Open a window for somebody: `at(world.office)`."""
    return lambda user, **more: enter(open_page(locale="zh-CN", **more), user, CHINESE)


@pytest.fixture
def hand(phone, enter):
    """A phone of somebody: `hand(world.county_doctor)`."""
    return lambda user: enter(phone, user, CHINESE)


def send(page, place):
    """Send the form of a place of the page."""
    page.locator(f"{place} form button[type=submit]").first.click()
    settle(page)


def offered(world):
    """A programme for the debridement that asks for something of every stage."""
    lesson = courses.course(world, title="清创缝合规范", mode="online", technique=world.debridement)
    exam = exams.online_exam(world, name="清创缝合理论", technique=world.debridement)
    exams.stations(world)
    made = programmes.published(
        world,
        (StageKind.THEORY, (Need.COURSE, 1, {"course": lesson}), (Need.EXAM, 1, {"exam": exam})),
        (StageKind.SIMULATION, (Need.STATION, 1, {"station_code": "fls_loop"})),
        (StageKind.CLINICAL, (Need.CASES, 2, {"part": Part.SUPERVISED.value})),
        programmes.ASSESSMENT,
    )
    return made, lesson, exam


def operated(world, count):
    """Debridements of today that the township's doctor did under the county's surgeon."""
    today = timezone.localdate()
    logbook.teach(world, world.debridement, institution=world.tertiary, valid_from=today)
    values = {"technique": world.debridement, "institution": world.township}
    return [logbook.record(world, performed_on=today, **values) for _serial in range(count)]


def take_the_course(page):
    """Work through its one part; the page knows when hardly any time has passed."""
    press(page, "去学课程")
    sound(page)
    press(page, "开始")
    expect(page.get_by_role("button", name="我已学完")).to_be_visible()  # the page has told so
    sound(page)
    PartProgress.objects.update(opened_at=timezone.now() - timedelta(hours=1))
    press(page, "我已学完")
    expect(page.locator("main")).to_contain_text("已完成")
    sound(page)


def sit_the_exam(page, exam):
    """Answer every question right, and hand in."""
    visit(page, MY_PATH)
    press(page, "去考试")
    sound(page)
    press(page, "开始考试")
    expect(page.locator("fieldset.question")).to_have_count(exam.draw_count)
    sound(page)
    for question in page.locator("fieldset.question").all():
        question.get_by_text("对的").click()
    press(page, "交卷")
    expect(page.locator(".score")).to_contain_text("合格")
    sound(page)


def test_a_trainee_goes_from_enrolment_to_a_privilege(world, at):
    _programme, _lesson, exam = offered(world)
    page = at(world.doctor)
    visit(page, MY_PATH)
    press(page, "报名项目")
    page.select_option("select[name=programme]", label="清创缝合术")
    sound(page)
    press(page, "报名")
    expect(page.locator(".path-stage--now")).to_contain_text("完成课程")
    sound(page)
    row = Enrolment.objects.get(practitioner=world.practitioner)

    take_the_course(page)
    sit_the_exam(page, exam)
    exams.reached(world, exams.stations(world)["fls_loop"], 50)
    visit(page, row.get_absolute_url())
    press(page, "更新已通过的阶段")
    expect(page.locator(".path-stage--now")).to_contain_text("0 / 2")
    learns = Privilege.objects.get(practitioner=world.practitioner)
    assert (learns.level, learns.institution) == (Level.SUPERVISED, world.township)

    # One signature short, nothing can be sent; then it can.
    for case in operated(world, 2):
        logbook.confirm(world, case)
    wish = f"?technique={world.debridement.code}&institution={world.township.public_id}"
    visit(page, f"/training/granting/apply/{wish}")
    expect(page.locator("main")).to_contain_text("还有 1 项要求未满足，暂不能提交申请")
    expect(page.get_by_role("button", name="提交申请")).to_have_count(0)
    programmes.signed(world, row)
    visit(page, MY_PATH)
    press(page, "申请授权")
    expect(page.locator("main")).to_contain_text("全部要求均已满足")
    sound(page)
    press(page, "提交申请")
    expect(page.locator("main")).to_contain_text("您的申请已提交")
    sound(page)

    application = Application.objects.get()
    granting.committee(world)
    application = committee.take_up(application=application, by=world.office)
    granting.vote(world, application, "for", "for", "for")
    committee.decide(application=application, reason="同意授权", by=world.office)
    visit(page, application.get_absolute_url())
    expect(page.locator("main")).to_contain_text("同意授权")
    visit(page, "/training/privileges/mine/")
    expect(page.locator("main")).to_contain_text("独立")


def test_a_mentor_confirms_on_a_phone_and_goes_on_to_the_next(world, hand, at):
    operated(world, 3)
    phone = hand(world.county_doctor)
    visit(phone, "/training/logbook/waiting/")
    assert unhandy(phone) == []
    press(phone, "确认，下一例")
    expect(phone.locator("main")).to_contain_text("2")
    press(phone, "退回…")
    answer(phone, "退回", reason="日期与手术记录不符")
    press(phone, "确认，下一例")
    expect(phone.locator("main")).to_contain_text("没有待确认的病例")
    sound(phone)
    states = Case.objects.order_by("status").values_list("status", flat=True)
    assert list(states) == ["confirmed", "confirmed", "rejected"]
    page = at(world.doctor)
    visit(page, "/training/logbook/")
    expect(page.locator("main")).to_contain_text("日期与手术记录不符")


def test_the_committee_decides_and_the_certificate_tells_no_more(world, at, open_page):
    application = granting.opened(world)
    found = granting.committee(world)
    kin = granting.colleague(world)
    committee.appoint_member(
        committee=found,
        user=kin,
        position="member",
        institution=world.township,
        valid_from=timezone.localdate(),
        by=world.office,
    )
    office = at(world.office)
    visit(office, application.get_absolute_url())
    send(office, "#take-up")
    expect(office.locator("#decide")).to_be_visible()
    expect(office.locator("#decide form")).to_have_count(0)

    excused = at(kin)
    visit(excused, application.get_absolute_url())
    expect(excused.locator("main")).to_contain_text("您须回避")
    expect(excused.locator("#vote")).to_have_count(0)
    *free, last = found.members.exclude(user=kin).order_by("pk")
    for seat in free:
        member = at(seat.user)
        visit(member, application.get_absolute_url())
        member.locator("#vote").get_by_text("同意", exact=True).click()
        member.fill("#vote [name=reason]", "资料齐全，符合要求")
        send(member, "#vote")
        expect(member.locator("#vote")).to_contain_text("您已表决")
        sound(member)
    application.refresh_from_db()
    committee.cast_vote(application=application, ballot="for", reason="同意", by=last.user)

    visit(office, application.get_absolute_url())
    expect(office.locator("#decide")).to_contain_text("表决结果：批准")
    office.fill("#decide [name=reason]", "委员会同意授权")
    send(office, "#decide")
    press(office, "查看授权及证书")
    press(office, "证书")
    expect(office.locator("main")).to_contain_text("证书编号")
    sound(office)
    anybody_verifies(world, open_page(locale="zh-CN"))


def anybody_verifies(world, stranger):
    """The code on the paper tells anybody what is true today, and nothing else of the person."""
    paper, person = Certificate.objects.get(), world.practitioner
    visit(stranger, f"/verify/{paper.token}/")
    main = stranger.locator("main")
    expect(main).to_contain_text("该授权今日有效")
    expect(main).to_contain_text(paper.number)
    page = stranger.content()
    for secret in (person.name, person.licence_number, person.pinyin, str(person.public_id)):
        assert secret not in page
    assert "/training/" not in page
    register.suspend(privilege=paper.privilege, reason="抽查待复核", by=world.qc)
    visit(stranger, f"/verify/{paper.token}/")
    expect(main).to_contain_text("该授权今日处于暂停")
    expect(main).not_to_contain_text("抽查待复核")


def test_manager_and_office_read_who_can_do_what(world, at, hand):
    learner = make.PractitionerFactory(name="周敏", institution=world.township)
    programmes.enrolment(world, practitioner=learner)
    privileges.privilege(
        world,
        practitioner=world.practitioner,
        technique=world.debridement,
        institution=world.township,
    )
    privileges.privilege(world)
    phone = hand(world.township_manager)
    visit(phone, "/training/programmes/matrix/")
    expect(phone.locator(".skills-narrow li", has_text="李文")).to_contain_text("已授权")
    assert unhandy(phone) == []

    page = at(world.office)
    visit(page, "/training/programmes/houses/")
    row = page.locator(".skills tr", has_text="青山镇卫生院")
    expect(row.locator("td [title=已授权]")).to_have_text("1")
    expect(row.locator("td [title=培训中]")).to_have_text("1")
    other = page.locator(".skills tr", has_text="云溪县人民医院")
    expect(other.locator("td [title=培训中]")).to_have_count(0)
    row.get_by_role("link").click()
    cell = page.locator(".skills tr", has_text="李文").locator("td", has=page.locator(".skill"))
    expect(cell).to_have_text("✓已授权")
    page.locator(".skills tr", has_text="周敏").locator("td").get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("周敏")
    sound(page)
