"""Making a move from a leg's page: with and without scripts, refused, stale, two at once."""

import pytest
from django.urls import reverse

from alliance.core.choices import Permission, Role
from alliance.core.models import AuditEntry
from referrals import actions
from referrals.choices import Move, Status
from referrals.models import ReasonCode, Referral
from referrals.workflow import TRANSITIONS
from tests import worlds

from .legs import move_url, moves_in, page

HTMX = {"HX-Request": "true"}


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
