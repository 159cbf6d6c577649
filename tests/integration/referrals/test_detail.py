"""One referral: what it shows to whom, and making each move from its page."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import AuditEntry
from referrals import actions
from referrals.choices import Status
from referrals.models import Attachment
from referrals.presenters import rows
from tests import worlds

from .legs import move_url, moves_in, page

HTMX = {"HX-Request": "true"}


# --- Who sees what -----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_sent_to_sign_in(world, client, method):
    leg = worlds.pending_referral(world)
    for path in (leg.get_absolute_url(), move_url(leg, "accept")):
        assert getattr(client, method)(path).url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "person", ["outsider", "township2_doctor", "county2_liaison", "system_admin", "auditor"]
)
def test_others_do_not_learn_that_it_exists(world, sign_in, person):
    leg = worlds.pending_referral(world)
    browser = sign_in(getattr(world, person))
    assert browser.get(leg.get_absolute_url()).status_code == 404
    assert browser.get(move_url(leg, "accept")).status_code == 404
    assert browser.post(move_url(leg, "accept"), {"version": 1}).status_code == 404
    unknown = reverse("referrals:detail", args=[uuid.uuid4()])
    assert browser.get(unknown).status_code == 404


def test_the_form_warnings_route_and_history_are_there(world, browser_of):
    leg = worlds.pending_referral(
        world,
        technique=world.appendectomy,
        allergies="青霉素",
        current_medicines="华法林",
        infection_flag="airborne",
        infection_note="肺结核待排",
        past_history="高血压 5 年",
    )
    html = page(browser_of(world.liaison), leg.get_absolute_url())
    for words in (
        leg.number, leg.patient.masked_name, "青霉素", "华法林", "肺结核待排", "高血压 5 年",
        "急性阑尾炎", "K35.800x001", "腹腔镜下阑尾切除术", "Advanced", "转移性右下腹痛 12 小时",
        "需手术治疗", "In writing", "Airborne", "Submit", "has to act",
    ):  # fmt: skip
        assert words in html, words
    assert leg.patient.name not in html


def test_no_allergies_is_said_without_alarm(world, browser_of):
    leg = worlds.pending_referral(world, allergies="无", infection_flag="none")
    html = page(browser_of(world.liaison), leg.get_absolute_url())
    assert "banner--warning" not in html
    assert "None known" in html


def test_reading_is_recorded_once(world, browser_of):
    leg = worlds.pending_referral(world)
    browser = browser_of(world.liaison)
    page(browser, leg.get_absolute_url())
    page(browser, leg.get_absolute_url())
    entry = AuditEntry.objects.get(action="patient.read")
    assert (entry.actor, entry.institution) == (world.liaison, world.county)


@pytest.mark.parametrize("person", ["office", "qc"])
def test_overseers_see_the_leg_without_papers_words_and_identity(world, sign_in, person):
    leg = worlds.step(worlds.pending_referral(world), "ask", world.liaison, question="电话是多少？")
    Attachment.objects.create(
        referral=leg, file="x.pdf", name="血常规.pdf", content_type="application/pdf", size=1,
        sha256="0" * 64, uploaded_by=world.doctor, institution=world.township,
    )  # fmt: skip
    html = page(sign_in(getattr(world, person)), leg.get_absolute_url())
    assert leg.number in html
    assert "Only the two institutions" in html
    for hidden in ("血常规.pdf", "电话是多少？", leg.patient.name, str(leg.patient.public_id)):
        assert hidden not in html
    assert moves_in(html, leg) == set()


@pytest.mark.parametrize("person", ["office", "qc"])
def test_overseers_read_nothing_of_the_patient(world, sign_in, person):
    leg = worlds.pending_referral(
        world, contact_phone="13812345678", allergies="青霉素", infection_note="肺结核待排",
        infection_flag="airborne",
    )  # fmt: skip
    browser = sign_in(getattr(world, person))
    pages = [page(browser, leg.get_absolute_url()), page(browser, reverse("referrals:list"))]
    sex_and_age = rows.who(leg.patient, timezone.localdate())
    hidden = ("13812345678", "青霉素", "肺结核待排", "转移性右下腹痛", "需手术治疗", sex_and_age)
    assert [words for words in hidden for html in pages if words in html] == []
    assert "138****5678" in pages[0]
    assert "K35.800x001" in pages[0]
    assert AuditEntry.objects.filter(action="patient.read", actor__isnull=False).count() == 1


def test_a_long_text_shows_its_beginning(world, browser_of):
    leg = worlds.pending_referral(world, past_history="长" * 600, present_illness="短" * 100)
    html = page(browser_of(world.liaison), leg.get_absolute_url())
    assert html.count('<details class="long">') == 1
    assert f"{'长' * 199}…" in html


def test_the_way_back_says_why_consent_was_not_asked_again(world, browser_of):
    back = worlds.back_leg(world)
    html = page(browser_of(world.township_liaison), back.get_absolute_url())
    assert "Not asked for: the patient goes back" in html
    treated = worlds.care_done_referral(world, patient=worlds.patient(world, 9))
    form = page(browser_of(world.county_doctor), move_url(treated, "refer_back"))
    assert "Not asked for when the patient goes back" in form


def test_papers_are_listed_for_the_parties(world, browser_of):
    leg = worlds.pending_referral(world)
    paper = Attachment.objects.create(
        referral=leg, file="x.pdf", name="血常规.pdf", content_type="application/pdf", size=1,
        sha256="0" * 64, uploaded_by=world.doctor, institution=world.township,
    )  # fmt: skip
    html = page(browser_of(world.liaison), leg.get_absolute_url())
    assert "血常规.pdf" in html
    assert reverse("referrals:attachment", args=[leg.public_id, paper.public_id]) in html


def test_everybodys_minutes_are_told(world, browser_of, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    leg = worlds.pending_referral(world)
    time_machine.shift(timedelta(minutes=30))
    leg = worlds.step(leg, "ask", world.liaison, question="？好")
    time_machine.shift(timedelta(minutes=90))
    html = page(browser_of(world.doctor), leg.get_absolute_url())
    assert f"{world.county}: 30 min" in html
    assert f"{world.township}: 1 h 30 min" in html
    assert "clock ran out: Answer" in html


def test_the_chain_leads_on_and_back(world, browser_of):
    back = worlds.back_leg(world)
    browser = browser_of(world.doctor)
    parent = page(browser, back.parent.get_absolute_url())
    assert "Go to the way back" in parent
    assert back.get_absolute_url() in parent
    assert back.parent.get_absolute_url() in page(browser, back.get_absolute_url())


def test_a_refusal_shows_its_reason_and_the_ways_out_to_the_sender(world, browser_of, reasons):
    leg = worlds.pending_referral(world)
    worlds.step(leg, "reject", world.liaison, reason_code="other", reason="停电检修")
    html = page(browser_of(world.doctor), leg.get_absolute_url())
    assert "Other (explain): 停电检修" in html
    assert f"?from={leg.public_id}&amp;receiver={world.county2.public_id}" in html
    assert 'id="ways"' not in page(browser_of(world.liaison), leg.get_absolute_url())


def test_an_own_draft_opens_its_form(world, browser_of):
    draft = actions.save_draft(by=world.doctor, institution=world.township, form_data={})
    answer = browser_of(world.doctor).get(draft.get_absolute_url())
    assert answer.url == reverse("referrals:draft", args=[draft.public_id])
    answer = browser_of(world.doctor).get(move_url(draft, "submit"))
    assert answer.url == reverse("referrals:draft", args=[draft.public_id])


def test_a_leg_with_a_long_history_costs_as_much_as_a_short_one(world, queries_of):
    short = worlds.pending_referral(world)
    few = queries_of(world.liaison, short.get_absolute_url())
    long = worlds.pending_referral(world, patient=worlds.patient(world, 2))
    for turn in range(10):
        long = worlds.step(long, "ask", world.liaison, question=f"第 {turn} 问")
        long = worlds.step(long, "answer", world.doctor, answer="答")
    assert queries_of(world.liaison, long.get_absolute_url()) == few


# --- Just the moves this person may make -------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("doctor", {"cancel", "mark_deceased"}),
        ("township_manager", {"cancel", "mark_deceased", "mark_error"}),
        ("liaison", {"accept", "ask", "return", "reject", "redirect", "mark_deceased"}),
        ("county_doctor", {"mark_deceased"}),
    ],
)
def test_only_open_moves_are_offered(world, sign_in, person, expected):
    leg = worlds.pending_referral(world)
    html = page(sign_in(getattr(world, person)), leg.get_absolute_url())
    assert moves_in(html, leg) == expected


def test_the_next_act_is_first_and_what_ends_the_leg_last(world, browser_of):
    leg = worlds.pending_referral(world)
    html = page(browser_of(world.liaison), leg.get_absolute_url())
    order = ["accept", "ask", "return", "redirect", "reject", "mark_deceased"]
    places = [html.index(f'"{move_url(leg, move)}"') for move in order]
    assert places == sorted(places)


def more_of(html):
    return html.partition("leg-acts__more")[2].partition("</details>")[0]


def test_rare_and_grave_acts_are_behind_more(world, sign_in):
    leg = worlds.pending_referral(world)
    html = page(sign_in(world.township_manager), leg.get_absolute_url())
    assert moves_in(more_of(html), leg) == {"cancel", "mark_deceased", "mark_error"}
    html = page(sign_in(world.liaison), leg.get_absolute_url())
    assert moves_in(more_of(html), leg) == {"mark_deceased"}
    assert "leg-acts__more" not in page(sign_in(world.qc), leg.get_absolute_url())


def test_a_rare_act_is_confirmed_first(world, browser_of):
    leg = worlds.pending_referral(world)
    browser, path = browser_of(world.liaison), move_url(leg, "mark_deceased")
    assert 'name="sure"' in page(browser, path)
    died = {"version": 1, "at": "2026-01-01T08:00"}
    answer = browser.post(path, died)
    assert answer.status_code == 422
    assert "sure" in answer.context["form"].errors
    assert browser.post(path, died | {"sure": "on"}).status_code == 302
    leg.refresh_from_db()
    assert leg.status == Status.DECEASED
    assert "sure" not in leg.events.last().data


def test_an_unknown_move_is_not_found(world, browser_of):
    leg = worlds.pending_referral(world)
    path = f"{leg.get_absolute_url()}moves/teleport/"
    assert browser_of(world.liaison).get(path).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_move_is_forbidden(world, browser_of, method):
    leg = worlds.pending_referral(world)
    answer = getattr(browser_of(world.doctor), method)(move_url(leg, "accept"), {"version": 1})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_move_in_the_wrong_state_is_a_conflict(world, browser_of, method):
    leg = worlds.accepted_referral(world)
    browser = browser_of(world.liaison)
    answer = getattr(browser, method)(move_url(leg, "ask"), {"version": leg.version})
    assert answer.status_code == 409
