"""One referral: what it shows to whom, and making each move from its page."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.choices import Permission, Role
from alliance.core.models import AuditEntry
from referrals import actions
from referrals.choices import Move, Status
from referrals.models import Attachment, ReasonCode, Referral
from referrals.presenters import rows
from referrals.workflow import TRANSITIONS
from tests import worlds

HTMX = {"HX-Request": "true"}


def page(browser, path):
    response = browser.get(path)
    assert response.status_code == 200, response.content.decode()[:500]
    return response.content.decode()


def move_url(leg, move):
    return reverse("referrals:move", args=[leg.public_id, move])


def moves_in(html, leg):
    return {move.value for move in Move if f'"{move_url(leg, move)}"' in html}


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


# --- Making a move -----------------------------------------------------------------------------


def test_a_move_without_scripts_has_its_own_page(world, browser_of):
    leg = worlds.pending_referral(world)
    browser = browser_of(world.liaison)
    assert "<html" in page(browser, move_url(leg, "ask"))
    answer = browser.post(move_url(leg, "ask"), {"version": 1, "question": "体温多少？"})
    assert (answer.status_code, answer.url) == (302, leg.get_absolute_url())
    leg.refresh_from_db()
    assert leg.status == Status.INFO_REQUESTED
    assert "体温多少？" in page(browser, leg.get_absolute_url())


def test_htmx_gets_the_form_alone_and_is_sent_on(world, browser_of):
    leg = worlds.pending_referral(world)
    browser = browser_of(world.liaison)
    part = browser.get(move_url(leg, "ask"), headers=HTMX).content.decode()
    assert "<html" not in part
    answer = browser.post(move_url(leg, "ask"), {"version": 1, "question": "？好"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, leg.get_absolute_url())


def test_errors_name_the_field_and_keep_what_was_typed(world, browser_of, reasons):
    leg = worlds.pending_referral(world)
    browser = browser_of(world.liaison)
    answer = browser.post(move_url(leg, "reject"), {"version": 1, "reason": "正在停电检修"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Reason: This field is required." in html
    assert "正在停电检修</textarea>" in html
    leg.refresh_from_db()
    assert leg.status == Status.PENDING


def test_what_the_action_refuses_stands_beside_its_field(world, browser_of, reasons):
    leg = worlds.pending_referral(world)
    answer = browser_of(world.liaison).post(
        move_url(leg, "reject"), {"version": 1, "reason_code": "other"}
    )
    assert answer.status_code == 422
    assert "Explanation: Explain this reason in a sentence." in answer.content.decode()


def test_a_refusal_offers_to_hand_the_patient_on_instead(world, browser_of, reasons):
    leg = worlds.pending_referral(world)
    browser = browser_of(world.liaison)
    html = page(browser, move_url(leg, "reject"))
    redirect = f"{move_url(leg, 'redirect')}?receiver={world.county2.public_id}"
    assert redirect in html
    assert f'value="{world.county2.public_id}" selected' in page(browser, redirect)


def test_a_place_that_cannot_take_the_patient_is_refused_in_the_form(world, browser_of, reasons):
    leg = worlds.pending_referral(world)
    Referral.objects.filter(pk=leg.pk).update(technique=world.gastrectomy)
    data = {
        "version": 1,
        "receiver": str(world.county2.public_id),
        "reason_code": ReasonCode.objects.filter(move=Move.REDIRECT).first().code,
        "reason": "需要更高层级",
    }
    answer = browser_of(world.liaison).post(move_url(leg, "redirect"), data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "graded above the tier" in html
    assert world.tertiary.name in html
    assert "需要更高层级</textarea>" in html
    leg.refresh_from_db()
    assert leg.status == Status.PENDING


def test_a_missing_version_is_asked_for(world, browser_of):
    leg = worlds.pending_referral(world)
    assert browser_of(world.liaison).post(move_url(leg, "accept")).status_code == 428


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stale_page_learns_what_changed_and_keeps_what_was_typed(
    world, browser_of, headers, reasons
):
    leg = worlds.pending_referral(world)
    worlds.step(leg, "ask", world.liaison, question="体温多少？")
    answer = browser_of(world.liaison).post(
        move_url(leg, "reject"),
        {"version": 1, "reason_code": "other", "reason": "正在停电检修"},
        headers=headers,
    )
    html = answer.content.decode()
    assert answer.status_code == 412
    assert "体温多少？" in html
    assert "正在停电检修</textarea>" in html
    assert 'name="version" value="2"' in html
    leg.refresh_from_db()
    assert leg.status == Status.INFO_REQUESTED


def news_url(leg):
    return reverse("referrals:news", args=[leg.public_id])


def test_a_page_that_looks_learns_what_happened_meanwhile(world, browser_of):
    leg = worlds.pending_referral(world)
    browser = browser_of(world.liaison)
    html = page(browser, leg.get_absolute_url())
    assert f'hx-get="{news_url(leg)}"' in html
    assert browser.get(news_url(leg), {"version": 1}, headers=HTMX).status_code == 204
    worlds.step(leg, "ask", world.liaison, question="体温多少？")
    here = {**HTMX, "HX-Current-URL": "http://testserver/referrals/inbox/?tray=decide"}
    answer = browser.get(news_url(leg), {"version": 1}, headers=here)
    html = answer.content.decode()
    assert "体温多少？" in html
    assert 'href="/referrals/inbox/?tray=decide"' in html
    assert moves_in(html, leg) == set()


def test_looking_for_news_is_no_reading_and_tells_overseers_no_words(world, sign_in):
    leg = worlds.step(worlds.pending_referral(world), "ask", world.liaison, question="体温多少？")
    html = page(sign_in(world.qc), f"{news_url(leg)}?version=1")
    assert "体温多少？" not in html
    assert not AuditEntry.objects.filter(action="patient.read").exists()


def test_strangers_hear_no_news(world, sign_in, client):
    leg = worlds.pending_referral(world)
    assert sign_in(world.township2_doctor).get(news_url(leg), {"version": 1}).status_code == 404
    client.logout()
    assert client.get(news_url(leg), headers=HTMX).status_code == 401


def test_the_form_of_a_move_asked_from_an_old_page_says_what_changed(world, browser_of):
    leg = worlds.pending_referral(world)
    worlds.step(leg, "ask", world.liaison, question="体温多少？")
    browser = browser_of(world.liaison)
    still = browser.get(move_url(leg, "accept"), {"version": 1}, headers=HTMX)
    assert still.status_code == 412
    assert "体温多少？" in still.content.decode()
    assert 'name="version" value="2"' in still.content.decode()
    assert "This field is required" not in still.content.decode()
    gone = browser.get(move_url(leg, "ask"), {"version": 1}, headers=HTMX)
    assert gone.status_code == 412
    assert "is not possible any more" in gone.content.decode()


def test_a_move_that_is_gone_leaves_the_words_to_copy(world, browser_of):
    leg = worlds.pending_referral(world)
    worlds.step(leg, "accept", world.liaison)
    answer = browser_of(world.liaison).post(
        move_url(leg, "ask"), {"version": 1, "question": "体温多少？"}
    )
    html = answer.content.decode()
    assert answer.status_code == 412
    assert "is not possible any more" in html
    assert "体温多少？</blockquote>" in html
    assert "<textarea" not in html


def test_two_at_once_one_wins_and_the_other_is_told(world, browser_of, monkeypatch):
    leg = worlds.pending_referral(world)
    real = actions.move

    def overtaken(**given):
        if not given.pop("mine", False):
            monkeypatch.setattr(actions, "move", real)
            worlds.step(leg, "accept", world.liaison)
        return real(**given)

    monkeypatch.setattr(actions, "move", overtaken)
    answer = browser_of(world.liaison).post(
        move_url(leg, "ask"), {"version": 1, "question": "体温多少？"}
    )
    assert answer.status_code == 412


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_nobody_is_sent_to_a_foreign_address(world, browser_of, address):
    leg = worlds.pending_referral(world)
    answer = browser_of(world.liaison).post(
        move_url(leg, "accept"), {"version": 1, "next": address}
    )
    assert answer.url == leg.get_absolute_url()


def test_every_move_of_the_table_has_a_form_for_whoever_may(world, sign_in, reasons):
    """From each open state reached by actions, every offered move opens its form."""
    legs = [
        worlds.pending_referral(world),
        worlds.accepted_referral(world, patient=worlds.patient(world, 2)),
        worlds.in_care_referral(world, patient=worlds.patient(world, 3)),
        worlds.care_done_referral(world, patient=worlds.patient(world, 4)),
        worlds.back_leg(world, patient=worlds.patient(world, 5)),
    ]
    opened = set()
    for person in ("doctor", "township_manager", "manager"):
        browser = sign_in(getattr(world, person))
        for leg in legs:
            for move in moves_in(page(browser, leg.get_absolute_url()), leg):
                assert browser.get(move_url(leg, move)).status_code == 200
                opened.add(move)
    assert opened >= {"accept", "reserve", "depart", "arrive", "finish_care", "refer_back"}
    assert opened <= {row.move for row in TRANSITIONS}


def test_the_loop_closes_through_the_pages(world, sign_in):
    leg = worlds.care_done_referral(world)
    refer = {
        "version": leg.version,
        "receiver": str(world.township.public_id),
        "stability": "切口干燥",
        "plan": "第 7 天拆线",
    }
    assert sign_in(world.county_doctor).post(move_url(leg, "refer_back"), refer).status_code == 302
    back = leg.children.get()
    for person, move, data in [
        ("township_liaison", "accept", {}),
        ("township_liaison", "arrive", {}),
        ("doctor", "start_care", {}),
        ("doctor", "follow_up", {"note": "愈合良好", "outcome": "recovered"}),
        ("doctor", "close", {}),
    ]:
        back.refresh_from_db()
        answer = sign_in(getattr(world, person)).post(
            move_url(back, move), {"version": back.version, **data}
        )
        assert answer.status_code == 302, (move, answer.content.decode()[:300])
    leg.refresh_from_db()
    assert leg.status == Status.CLOSED


# --- The back office ---------------------------------------------------------------------------


def test_the_back_office_shows_legs_without_patients(world, sign_in):
    leg = worlds.pending_referral(world)
    browser = sign_in(world.office)
    assert leg.number in page(browser, reverse("admin:referrals_referral_changelist"))
    html = page(browser, reverse("admin:referrals_referral_change", args=[leg.pk]))
    assert leg.number in html
    assert leg.present_illness not in html
    assert leg.patient.masked_name not in html
    assert (
        browser.post(reverse("admin:referrals_referral_change", args=[leg.pk])).status_code == 403
    )
    for name in ("referralevent", "clockalert"):
        page(browser, reverse(f"admin:referrals_{name}_changelist"))


def test_the_back_office_changes_reasons_and_the_ledger_knows(world, sign_in, reasons):
    data = {
        "move": "reject",
        "code": "power_cut",
        "label_zh": "停电",
        "label_en": "Power cut",
        "valid_from": "2026-01-01",
        "rank": 90,
    }
    answer = sign_in(world.office).post(reverse("admin:referrals_reasoncode_add"), data)
    assert answer.status_code == 302
    assert AuditEntry.objects.filter(data__code="power_cut").exists()


def test_the_back_office_of_referrals_is_closed_to_system_administrators(world, sign_in):
    path = reverse("admin:referrals_referral_changelist")
    assert sign_in(world.system_admin).get(path).status_code == 403
    assert Permission.REFERRAL_OVERSEE not in world.system_admin.access.everywhere()
    assert Role.SYSTEM_ADMIN in world.system_admin.access.roles
