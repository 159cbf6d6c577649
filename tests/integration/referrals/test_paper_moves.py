"""Handing in paperwork and putting a returned form right, through pages and the API."""

import pytest

from referrals.choices import Status
from tests import worlds

HTMX = {"HX-Request": "true"}


def move_url(leg, move):
    return f"/referrals/{leg.public_id}/moves/{move}/"


@pytest.fixture
def owing(world):
    leg = worlds.pending_referral(
        world,
        urgency="emergency",
        present_illness="",
        indication="",
        diagnoses=[],
        consent=None,
        receiver_department=world.county_surgery,
    )
    return worlds.step(leg, "accept", world.liaison)


@pytest.fixture
def returned(world, reasons):
    return worlds.step(
        worlds.pending_referral(world),
        "return",
        world.liaison,
        reason_code="incomplete",
        reason="病史不清",
    )


def test_paperwork_asks_for_exactly_what_is_owed(world, owing, browser_of):
    browser = browser_of(world.doctor)
    html = browser.get(move_url(owing, "answer"), headers=HTMX).content.decode()
    for name in ("present_illness", "indication", "diagnoses", "consent", "consent_method"):
        assert f'name="{name}"' in html, name
    for name in ("preliminary_impression", "past_history", "urgency"):
        assert f'name="{name}"' not in html, name
    assert f'value="{world.appendicitis.code}"' in html  # to choose from without scripts


def test_paperwork_is_handed_in_from_the_page(world, owing, browser_of):
    answer = browser_of(world.doctor).post(
        move_url(owing, "answer"),
        {
            "version": owing.version,
            "present_illness": "胸痛 2 小时",
            "indication": "胸痛中心",
            "diagnoses": [world.appendicitis.code],
            "consent": "on",
            "consent_method": "verbal",
            "consent_given_by": "family",
        },
    )
    assert answer.status_code == 302
    owing.refresh_from_db()
    assert (owing.status, owing.paperwork_due_at) == (Status.ACCEPTED, None)
    assert owing.consent.given_by == "family"
    page = browser_of(world.liaison).get(owing.get_absolute_url()).content.decode()
    assert "Changed: " in page
    assert "胸痛中心" in page


def test_nothing_handed_in_is_said_in_the_form(world, owing, browser_of):
    data = {"version": owing.version, "consent_method": "verbal"}
    answer = browser_of(world.doctor).post(move_url(owing, "answer"), data)
    assert answer.status_code == 422
    assert "Hand in something" in answer.content.decode()


def test_a_returned_form_opens_filled_and_is_sent_corrected(world, returned, browser_of):
    browser = browser_of(world.doctor)
    html = browser.get(move_url(returned, "resubmit")).content.decode()
    assert "转移性右下腹痛 12 小时</textarea>" in html
    assert f'value="{world.appendicitis.code}" selected' in html
    assert 'name="consent"' not in html
    assert 'name="receiver"' not in html
    data = {
        "version": returned.version,
        "urgency": "urgent",
        "receiver_department": str(world.county_surgery.public_id),
        "diagnoses": [world.appendicitis.code],
        "preliminary_impression": "急性阑尾炎",
        "present_illness": "转移性右下腹痛 12 小时，发热 38.2 ℃",
        "indication": "需手术治疗",
        "reason": "已补充病史",
    }
    assert browser.post(move_url(returned, "resubmit"), data).status_code == 302
    returned.refresh_from_db()
    assert (returned.status, returned.preliminary_impression) == (Status.PENDING, "急性阑尾炎")
    said = browser.get(returned.get_absolute_url()).content.decode()
    assert "Changed: Present illness (reason for referral)、Preliminary impression" in said


def test_a_field_left_empty_is_named_and_the_rest_is_kept(world, returned, browser_of):
    data = {"version": returned.version, "present_illness": "腹痛加重", "indication": ""}
    answer = browser_of(world.doctor).post(move_url(returned, "resubmit"), data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Indication: This is needed." in html
    assert "腹痛加重</textarea>" in html


def test_what_a_move_says_already_need_not_be_typed_again(world, browser_of):
    leg = worlds.in_care_referral(world)
    leg = worlds.step(
        leg,
        "finish_care",
        world.county_doctor,
        outcome="recovered",
        summary="术后恢复良好",
        diagnosis_result="急性化脓性阑尾炎",
        main_results="白细胞 14.2",
    )
    html = browser_of(world.county_doctor).get(move_url(leg, "refer_back")).content.decode()
    assert "急性化脓性阑尾炎</textarea>" in html
    assert "白细胞 14.2</textarea>" in html


def test_the_form_shows_what_the_other_side_said(world, returned, browser_of):
    html = browser_of(world.doctor).get(move_url(returned, "resubmit")).content.decode()
    assert "The other side said:" in html
    assert "病史不清" in html


def test_the_page_names_what_is_owed(world, owing, browser_of):
    page = browser_of(world.doctor).get(owing.get_absolute_url()).content.decode()
    owed = "Present illness (reason for referral)、Indication、Diagnoses、Consent"
    assert f"{owed}: the sender hands it in by" in page


def test_who_comes_home_is_recorded_as_arrived_next(world, browser_of):
    home = worlds.step(worlds.back_leg(world), "accept", world.doctor)
    assert home.urgency == "routine"
    page = browser_of(world.doctor).get("/").content.decode()
    assert f"{move_url(home, 'arrive')}" in page
