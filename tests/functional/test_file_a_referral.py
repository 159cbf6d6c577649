"""A township doctor files a referral: by keyboard, on a phone, over a bad line, without scripts."""

import re
from datetime import date

import pytest
from django.db.models import F
from playwright.sync_api import expect

from alliance.people.models import User
from referrals.choices import Status
from referrals.models import Referral
from tests import worlds

from .hands import LEG, choose, grave, options

pytestmark = pytest.mark.functional
NEW = "/referrals/new/"
PASSWORD = "Qingshan-2026-lwy"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def desk(page, enter):
    """The doctor's page on a desk."""
    return enter(page)


def open_form(page, query=""):
    page.goto(f"{NEW}{query}", wait_until="networkidle")
    return page


def fill(page, world):
    """Everything a referral of somebody new needs."""
    page.fill("#id_id_number", worlds.id_number(7))
    page.fill("#id_name", "赵玉梅")
    choose(page, "Diagnoses", "lwy")
    page.fill("#id_present_illness", "转移性右下腹痛 12 小时")
    page.fill("#id_indication", "需手术治疗")
    choose(page, "Receiving institution", "云溪县人民")
    page.check("#id_consent")


def state(page):
    return page.locator("[data-autosave-state]")


def file_it(page):
    page.get_by_role("button", name="File the referral").click()
    page.wait_for_url(LEG)


# --- Between two patients ------------------------------------------------------------------------


def test_known_patient_is_referred_by_keyboard_alone(desk, world):
    patient = worlds.patient(world)
    worlds.pending_referral(world, patient=worlds.patient(world, 3, "陈一"))
    open_form(desk)
    keyboard, tabs = desk.keyboard, 0

    def go_to(locator):
        nonlocal tabs
        while not locator.evaluate("element => element === document.activeElement"):
            keyboard.press("Tab")
            tabs += 1
            assert tabs < 40

    expect(desk.locator("#id_id_number")).to_be_focused()
    keyboard.type(worlds.id_number(1))
    expect(desk.locator("#person")).to_contain_text(patient.masked_name)
    expect(desk.locator("#id_name")).to_be_hidden()
    go_to(desk.get_by_role("combobox", name="Diagnoses"))
    keyboard.type("lwy")
    expect(desk.locator("[role=option]").first).to_contain_text("急性阑尾炎")
    keyboard.press("Enter")
    go_to(desk.locator("#id_present_illness"))
    keyboard.type("转移性右下腹痛 12 小时")
    go_to(desk.locator("#id_indication"))
    keyboard.type("需手术治疗")
    go_to(desk.locator("#id_consent"))
    keyboard.press("Space")
    keyboard.press("Control+Enter")
    desk.wait_for_url(LEG)
    assert tabs <= 20
    leg = Referral.objects.get(patient=patient)
    assert (leg.status, leg.receiver) == (Status.PENDING, world.county)
    assert leg.receiver_department == world.county_surgery
    assert leg.preliminary_impression == "急性阑尾炎"


def test_enter_in_a_field_goes_on_and_files_nothing(desk, world):
    open_form(desk)
    desk.fill("#id_id_number", worlds.id_number(7))
    desk.press("#id_id_number", "Enter")
    expect(desk.locator("#id_id_type")).to_be_focused()
    expect(desk.locator("#id_birth_date")).to_have_value("1980-01-01")
    expect(desk.locator("#id_sex")).to_have_value("male")
    assert "/new/" in desk.url


def test_a_wrong_number_is_told_at_once(desk):
    open_form(desk)
    desk.fill("#id_id_number", "330100198001010012")
    expect(desk.locator("#person")).to_contain_text("last character does not fit")


def test_another_patient_begins_again(desk, world):
    patient = worlds.patient(world)
    open_form(desk, f"?patient={patient.public_id}")
    expect(desk.locator("#id_id_number")).to_be_hidden()
    desk.get_by_role("button", name="Another patient").click()
    expect(desk.locator("#id_id_number")).to_be_focused()
    expect(desk.locator("#id_name")).to_be_visible()
    assert desk.locator("#id_patient").input_value() == ""


def test_somebody_known_under_another_document_is_taken_instead(desk, world):
    twin = worlds.patient(world)
    open_form(desk)
    desk.select_option("#id_id_type", "03")
    desk.fill("#id_id_number", "E12345678")
    desk.fill("#id_name", twin.name)
    desk.fill("#id_birth_date", "1980-01-01")
    desk.locator("#id_phone").focus()
    desk.get_by_role("button", name="It is this patient").click()
    expect(desk.locator("#person")).to_contain_text("Another patient")
    expect(desk.locator("#id_id_number")).to_be_hidden()
    assert desk.locator("#id_patient").input_value() == str(twin.public_id)


def test_a_place_that_cannot_is_told_and_another_taken_with_one_tap(desk, world):
    open_form(desk)
    choose(desk, "Receiving institution", "云溪县人民")
    expect(desk.locator("#why")).to_contain_text("云溪县人民医院 can take this referral")
    choose(desk, "Technique asked for", "fqjwdbqcs")
    expect(desk.locator("#grade")).to_contain_text("Tertiary hospital")
    expect(desk.locator("#why")).to_contain_text("graded above the tier")
    assert grave(desk) == []
    desk.get_by_role("button", name="Refer there").click()
    expect(desk.locator("#why")).to_contain_text("云溪市第一医院 can take this referral")
    expect(desk.get_by_role("combobox", name="Receiving institution")).to_have_value(
        "云溪市第一医院"
    )
    expect(desk.locator("#id_receiver_department")).not_to_have_value("")


def test_direction_changes_what_is_asked_and_where_to(desk, world):
    open_form(desk)
    expect(desk.locator("#id_indication")).to_be_visible()
    desk.get_by_label("Down").check()
    expect(desk.locator("#id_indication")).to_be_hidden()
    expect(desk.locator("#id_stability")).to_be_visible()
    expect(desk.locator("[name=shown_direction]")).to_have_value("down")
    expect(desk.locator("input#id_receiver")).to_be_visible()
    box = desk.get_by_role("combobox", name="Receiving institution")
    box.click()
    expect(options(desk, box)).to_have_text([re.compile("青山村卫生室")])


# --- Nothing is lost -----------------------------------------------------------------------------


def test_errors_come_back_with_everything_kept(desk, world):
    open_form(desk)
    fill(desk, world)
    desk.fill("#id_indication", "")
    desk.get_by_role("button", name="File the referral").click()
    expect(desk.locator(".error-summary")).to_be_focused()
    expect(desk.locator(".error-summary a")).to_have_text("Indication: This is needed.")
    assert grave(desk) == []
    expect(desk.locator("#id_present_illness")).to_have_value("转移性右下腹痛 12 小时")
    expect(desk.locator(".chip--on")).to_contain_text("急性阑尾炎")
    draft = Referral.objects.get()
    assert f"/referrals/drafts/{draft.public_id}/" in desk.url  # reloading finds it
    desk.fill("#id_indication", "需手术治疗")
    file_it(desk)
    draft.refresh_from_db()
    assert draft.status == Status.PENDING


def test_line_drops_and_the_copy_is_restored(desk, world):
    open_form(desk)
    desk.context.set_offline(True)
    desk.fill("#id_present_illness", "断网时写的")
    expect(state(desk)).to_contain_text("Offline, kept on this device", timeout=8000)
    # The page is lost before the line is back.
    desk.route("**/autosave/", lambda route: route.abort())
    desk.context.set_offline(False)
    open_form(desk)
    desk.unroute("**/autosave/")
    desk.get_by_role("button", name="Restore it").click()
    expect(desk.locator("#id_present_illness")).to_have_value("断网时写的")
    expect(state(desk)).to_contain_text("Saved", timeout=8000)
    expect(desk).to_have_url(re.compile("/drafts/"))
    assert "断网时写的" in Referral.objects.get().form_data


def test_session_ends_and_the_draft_is_there_after_signing_in_again(page, world, enter):
    world.doctor.set_password(PASSWORD)
    world.doctor.save()
    desk = open_form(enter(page))
    desk.fill("#id_present_illness", "先写的一半")
    expect(desk).to_have_url(re.compile("/drafts/"), timeout=8000)
    User.objects.filter(pk=world.doctor.pk).update(session_epoch=F("session_epoch") + 1)
    desk.fill("#id_present_illness", "先写的一半，后写的一半")
    expect(state(desk)).to_contain_text("Session ended, kept on this device", timeout=8000)
    desk.reload(wait_until="networkidle")
    assert "/accounts/login/" in desk.url
    desk.fill("#id_login", world.doctor.username)
    desk.fill("#id_password", PASSWORD)
    desk.press("#id_password", "Enter")
    expect(desk).to_have_url(re.compile("/drafts/"))
    expect(desk.locator("#id_present_illness")).to_have_value("先写的一半")
    desk.get_by_role("button", name="Restore it").click()
    expect(desk.locator("#id_present_illness")).to_have_value("先写的一半，后写的一半")
    expect(desk.locator("[name=version]")).to_have_value("2", timeout=8000)
    assert "后写的一半" in Referral.objects.get().form_data


def test_two_tabs_on_one_draft_say_so(desk, world):
    open_form(desk)
    desk.fill("#id_present_illness", "第一页")
    expect(desk).to_have_url(re.compile("/drafts/"), timeout=8000)
    other = desk.context.new_page()
    other.goto(desk.url, wait_until="networkidle")
    other.fill("#id_present_illness", "第二页")
    expect(other.locator("[name=version]")).to_have_value("2", timeout=8000)
    desk.fill("#id_present_illness", "第一页又写")
    expect(state(desk)).to_contain_text("Someone else changed this draft", timeout=8000)
    assert "第二页" in Referral.objects.get().form_data


def test_two_taps_are_one_referral(desk, world):
    open_form(desk)
    fill(desk, world)
    desk.locator("[data-file]").dblclick()
    desk.wait_for_url(LEG)
    assert Referral.objects.count() == 1


def test_papers_are_added_while_writing_and_taken_away_after_a_question(desk, world):
    open_form(desk)
    desk.fill("#id_present_illness", "写到一半")
    papers = desk.locator("#papers")
    upload = papers.locator("input[type=file]")
    upload.set_input_files({"name": "片子.png", "mimeType": "image/png", "buffer": PNG})
    expect(papers.get_by_role("link", name="片子.png")).to_be_visible()
    expect(desk).to_have_url(re.compile("/drafts/"))
    upload.set_input_files(
        {"name": "病历.docx", "mimeType": "application/msword", "buffer": b"PK\x03\x04"}
    )
    expect(papers).to_contain_text("病历.docx: Only PDF, JPEG and PNG")
    assert grave(desk) == []
    papers.locator("summary").click()
    desk.get_by_role("button", name="Remove the file").click()
    expect(papers.get_by_role("link", name="片子.png")).to_have_count(0)
    expect(desk.locator("dialog")).to_have_count(0)
    draft = Referral.objects.get()
    assert "写到一半" in draft.form_data
    assert draft.attachments.filter(removed_at=None).count() == 0


# --- On a phone, without scripts, on paper -------------------------------------------------------


def test_emergency_on_a_phone_asks_the_least(phone, world, enter):
    enter(phone)
    open_form(phone, "?urgency=emergency")
    expect(phone.locator("#owed")).to_contain_text("Owed within 24 h")
    expect(phone.locator("#id_indication")).to_be_hidden()
    assert grave(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.fill("#id_id_number", worlds.id_number(7))
    phone.fill("#id_name", "赵玉梅")
    phone.fill("#id_preliminary_impression", "胸痛待查")
    choose(phone, "Receiving institution", "云溪县人民")
    expect(phone.locator("#id_receiver_department option")).to_have_count(3)
    phone.select_option("#id_receiver_department", label="普通外科")
    file_it(phone)
    leg = Referral.objects.get()
    assert leg.urgency == "emergency"
    assert leg.paperwork_due_at is not None


def test_emergency_unfolds_the_rest_on_request(phone, world, enter):
    enter(phone)
    open_form(phone, "?urgency=emergency")
    phone.get_by_role("button", name="Fill in more now").click()
    expect(phone.locator("#id_indication")).to_be_visible()


def test_thumbs_reach_every_control(phone, world, enter):
    enter(phone)
    open_form(phone)
    small = phone.eval_on_selector_all(
        ".filing input, .filing select, .filing textarea, .filing-actions .btn, .drop",
        "all => all.filter(e => e.getClientRects().length && !e.closest('.visually-hidden'))"
        ".map(e => e.type === 'radio' || e.type === 'checkbox' ? e.closest('label') : e)"
        ".map(e => [e.id || e.textContent.trim(), e.getBoundingClientRect().height])"
        ".filter(([, height]) => height < 43.5)",
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible(open_page, enter, scheme):
    page = enter(open_page(color_scheme=scheme))
    open_form(page)
    assert grave(page) == []


def test_without_scripts_a_referral_is_filed(open_page, world, enter):
    page = enter(open_page(java_script_enabled=False))
    page.goto(NEW)
    page.fill("#id_id_number", worlds.id_number(7))
    page.get_by_role("button", name="Look the number up").click()
    expect(page.locator("#person")).to_contain_text("The number is in order")
    page.fill("#id_name", "赵玉梅")
    page.fill("#id_diagnosis_codes", world.appendicitis.code)
    page.fill("#id_preliminary_impression", "急性阑尾炎可能")
    page.fill("#id_present_illness", "转移性右下腹痛 12 小时")
    page.fill("#id_indication", "需手术治疗")
    page.select_option("#id_receiver", str(world.county.public_id))
    page.check("#id_consent")
    page.get_by_role("button", name="File the referral").click()
    leg = Referral.objects.get()
    assert (leg.status, leg.patient.birth_date) == (Status.PENDING, date(1980, 1, 1))


def test_the_form_is_one_sheet_of_paper(desk, world):
    for leg in (
        worlds.pending_referral(world),
        worlds.back_leg(world, patient=worlds.patient(world, 3, "陈一")),
    ):
        desk.goto(f"/referrals/{leg.public_id}/print/", wait_until="networkidle")
        assert grave(desk) == []
        sheet = desk.pdf(format="A4", prefer_css_page_size=True)
        assert re.findall(rb"/Count (\d+)", sheet) == [b"1"]
