"""The desk: what waits in which order, the row in hand, accepting and going on to the next."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals import views_inbox
from referrals.choices import Status
from referrals.models import Referral
from tests import worlds

INBOX = reverse("referrals:inbox")
HTMX = {"HX-Request": "true"}


def row_url(leg):
    return reverse("referrals:inbox-row", args=[leg.public_id])


def page(browser, path=INBOX, **query):
    response = browser.get(path, query)
    assert response.status_code == 200, response.content.decode()[:500]
    return response.content.decode()


def pending(world, serial, urgency="urgent", **more):
    return worlds.pending_referral(
        world, patient=worlds.patient(world, serial), urgency=urgency, **more
    )


# --- Who reaches it ----------------------------------------------------------------------------


def test_strangers_are_sent_to_sign_in(client, db):
    assert client.get(INBOX).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("person", ["doctor", "county_doctor", "office", "qc", "auditor"])
def test_only_desks_have_an_inbox(world, sign_in, person):
    assert sign_in(getattr(world, person)).get(INBOX).status_code == 403


def test_a_row_of_others_does_not_exist(world, browser_of):
    leg = pending(world, 1)
    assert browser_of(world.county2_liaison).get(row_url(leg)).status_code == 404
    assert row_url(leg) not in page(browser_of(world.county2_liaison))


def test_an_unknown_tray_is_not_found(world, browser_of):
    assert browser_of(world.liaison).get(INBOX, {"tray": "attic"}).status_code == 404


# --- Order and trays ---------------------------------------------------------------------------


def test_the_most_urgent_comes_first_then_what_is_due_first(world, browser_of):
    routine = pending(world, 1, "routine")
    later = pending(world, 2)
    sooner = pending(world, 3)
    Referral.objects.filter(pk=sooner.pk).update(due_at=later.due_at - timedelta(minutes=5))
    emergency = pending(world, 4, "emergency")
    html = page(browser_of(world.liaison))
    places = [html.index(f'href="{row_url(leg)}"') for leg in (emergency, sooner, later, routine)]
    assert places == sorted(places)


def test_an_empty_desk_says_so(world, browser_of):
    assert "Nothing waits here" in page(browser_of(world.liaison))


def test_each_tray_holds_what_waits_for_us(world, browser_of):
    booked = worlds.accepted_referral(world, patient=worlds.patient(world, 2))
    coming = worlds.accepted_referral(world, patient=worlds.patient(world, 3))
    soon = timezone.now() + timedelta(hours=2)
    worlds.step(coming, "depart", world.doctor, expected_at=soon)
    here = worlds.step(
        worlds.accepted_referral(world, patient=worlds.patient(world, 4)), "arrive", world.liaison
    )
    browser = browser_of(world.liaison)
    for tray, leg in [("arrange", booked), ("arriving", coming), ("care", here)]:
        html = page(browser, tray=tray)
        assert f"{row_url(leg)}?tray={tray}" in html
        others = {booked, coming, here} - {leg}
        assert not any(row_url(other) in html for other in others)


def test_a_question_waits_on_the_senders_desk(world, browser_of):
    leg = worlds.step(pending(world, 1), "ask", world.liaison, question="体温多少？")
    html = page(browser_of(world.township_liaison), tray="answer")
    assert row_url(leg) in html
    assert "体温多少？" in html
    assert row_url(leg) not in page(browser_of(world.liaison), tray="answer")


def test_searching_keeps_the_tray(world, browser_of):
    leg = worlds.accepted_referral(world, patient=worlds.patient(world, 2, "赵铁柱"))
    browser = browser_of(world.liaison)
    html = page(browser, tray="arrange", search="ztz")
    assert row_url(leg) in html
    assert '<input type="hidden" name="tray" value="arrange"' in html
    assert "Nothing matches" in page(browser, tray="arrange", search="王")


def test_a_filter_that_makes_no_sense_is_named(world, browser_of):
    response = browser_of(world.liaison).get(INBOX, {"urgency": "very"})
    assert response.status_code == 422
    assert "Urgency: Select a valid choice" in response.content.decode()


def test_pages_follow_the_order(world, browser_of, monkeypatch):
    monkeypatch.setattr(views_inbox, "PAGE", 2)
    legs = [pending(world, serial) for serial in (1, 2)]
    routine = [pending(world, serial, "routine") for serial in (3, 4)]
    browser = browser_of(world.liaison)
    html = page(browser)
    following = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    html = page(browser, following)
    assert [row_url(leg) in html for leg in (*legs, *routine)] == [False, False, True, True]
    assert 'rel="next"' not in html
    assert 'rel="prev"' in html


@pytest.mark.parametrize("after", ["nonsense", "urgent.", "urgent.abc", "very.abc", "."])
def test_a_broken_cursor_is_a_clear_error(world, browser_of, after):
    assert browser_of(world.liaison).get(INBOX, {"after": after}).status_code == 400


def test_one_row_and_twenty_cost_the_same(world, queries_of):
    pending(world, 1)
    pending(world, 2)  # so that there is a next one both times
    few = queries_of(world.liaison, INBOX)
    for serial in range(3, 21):
        pending(world, serial)
    assert queries_of(world.liaison, INBOX) == few <= 11


# --- The row in hand ---------------------------------------------------------------------------


def test_the_first_row_is_in_hand_and_says_why_we_can_receive(world, browser_of):
    pending(world, 1, technique=world.appendectomy, receiver_department=world.county_surgery)
    html = page(browser_of(world.liaison))
    assert "This hospital can receive" in html
    assert f"{world.county_surgery} is here" in html
    assert "腹腔镜下阑尾切除术 (Advanced) is permitted at this tier" in html


def test_what_speaks_against_it_is_said(world, browser_of):
    leg = pending(world, 1)
    Referral.objects.filter(pk=leg.pk).update(technique=world.gastrectomy)
    html = page(browser_of(world.liaison))
    assert "Something speaks against it" in html
    assert "graded above the tier" in html


def test_htmx_gets_the_pane_alone_and_others_the_whole_page(world, browser_of):
    pending(world, 1)
    leg = pending(world, 2)
    browser = browser_of(world.liaison)
    part = browser.get(row_url(leg), headers=HTMX).content.decode()
    assert "<html" not in part
    assert leg.number in part
    whole = page(browser, row_url(leg))
    assert "<html" in whole
    assert leg.number in whole


def test_accept_and_next(world, browser_of):
    first, second = pending(world, 1), pending(world, 2)
    browser = browser_of(world.liaison)
    html = page(browser)
    assert f'name="next" value="{row_url(second)}"' in html
    answer = browser.post(
        reverse("referrals:move", args=[first.public_id, "accept"]),
        {"version": first.version, "next": row_url(second)},
    )
    assert (answer.status_code, answer.url) == (302, row_url(second))
    first.refresh_from_db()
    assert first.status == Status.ACCEPTED
    html = page(browser, answer.url)
    assert "Accept · done" in html
    assert f'name="next" value="{INBOX}"' in html


def test_after_the_last_row_the_first_one_comes(world, browser_of):
    first, second = pending(world, 1), pending(world, 2)
    html = page(browser_of(world.liaison), row_url(second))
    assert f'name="next" value="{row_url(first)}"' in html


def test_a_row_that_a_colleague_took_shows_what_it_is_now(world, browser_of):
    leg = pending(world, 1)
    worlds.step(leg, "accept", world.liaison)
    html = page(browser_of(world.liaison), row_url(leg))
    assert "Accepted" in html
    assert reverse("referrals:move", args=[leg.public_id, "accept"]) not in html


def test_the_desk_is_not_offered_rare_acts(world, browser_of):
    leg = pending(world, 1)
    browser = browser_of(world.liaison)
    rare = reverse("referrals:move", args=[leg.public_id, "mark_deceased"])
    assert rare not in page(browser)
    assert rare in page(browser, leg.get_absolute_url())
