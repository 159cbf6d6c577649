"""Who hears of each step and what they read: what happened, and what to do next."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from alliance.core import outbox
from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.models import Notice
from alliance.people.models import RoleGrant
from referrals import actions
from tests import worlds

pytestmark = pytest.mark.usefixtures("reasons")


def heard(*, since=0):
    """What everybody heard since, as {text key: user names' ids}."""
    outbox.relay()
    told = {}
    for notice in Notice.objects.filter(pk__gt=since).order_by("pk"):
        told.setdefault(notice.text_key.removeprefix("referral."), set()).add(notice.user_id)
    return told


def after(act):
    """What is heard of an act alone."""
    outbox.relay()
    last = Notice.objects.order_by("pk").last()
    act()
    return heard(since=last.pk if last else 0)


def senders(world):
    return {world.doctor.pk, world.township_liaison.pk}


def test_every_step_of_the_loop_is_heard_where_somebody_has_to_act(world):
    leg = worlds.pending_referral(world)
    assert heard() == {"submit": {world.liaison.pk}}
    at = timezone.now() + timedelta(days=1)
    for move, by, data, expected in [
        ("ask", world.liaison, {"question": "有无发热？"}, {"ask": senders(world)}),
        ("answer", world.doctor, {"answer": "38.2 ℃"}, {"answer": {world.liaison.pk}}),
        ("accept", world.liaison, {}, {"accept": senders(world)}),
        ("reserve", world.liaison, {"at": at, "place": "外科"}, {"reserve": senders(world)}),
        ("no_show", world.liaison, {}, {"no_show": senders(world)}),
        ("rebook", world.doctor, {"at": at}, {"rebook": {*senders(world), world.liaison.pk}}),
        ("depart", world.doctor, {"expected_at": at}, {"depart": {world.liaison.pk}}),
        ("arrive", world.liaison, {}, {"arrive": senders(world)}),
        ("start_care", world.county_doctor, {}, {}),
    ]:
        told = after(lambda move=move, by=by, data=data: worlds.step(leg, move, by, **data))
        wanted = {key: people - {by.pk} for key, people in expected.items()}
        assert told == wanted, move


def test_the_way_back_is_told_to_whoever_sent_the_patient_up(world):
    leg = worlds.care_done_referral(world)
    plan = {"receiver": world.township, "stability": "平稳", "plan": "拆线"}
    told = after(lambda: worlds.step(leg, "refer_back", world.county_doctor, **plan))
    assert told == {"refer_back": senders(world), "submit_back": senders(world)}
    home = leg.children.get()
    hospital = {world.county_doctor.pk, world.liaison.pk}
    assert after(lambda: worlds.step(home, "accept", world.doctor)) == {"accept_back": hospital}
    for move in ("arrive", "start_care"):
        worlds.step(home, move, world.doctor)
    visit = {"note": "切口愈合", "outcome": "recovered"}
    told = after(lambda: worlds.step(home, "follow_up", world.doctor, **visit))
    assert told == {"follow_up": hospital}
    assert "Recovered" in texts.body_of(Notice.objects.filter(text_key="referral.follow_up")[0])
    told = after(lambda: worlds.step(home, "close", world.doctor))
    assert told["close"] >= hospital | {world.township_liaison.pk}


def test_a_way_back_that_fails_is_the_hospitals_to_mend(world):
    home = worlds.back_leg(world)
    told = after(
        lambda: worlds.step(home, "reject", world.township_liaison, reason_code="no_capacity")
    )
    assert told == {
        "reject": {world.county_doctor.pk, world.liaison.pk},
        "back_failed": {world.liaison.pk},
    }


def test_a_redirect_tells_the_first_sender_where_to_and_so_does_the_next_one(world):
    leg = worlds.pending_referral(world)
    code = {"reason_code": "no_capacity"}
    told = after(
        lambda: worlds.step(leg, "redirect", world.liaison, receiver=world.county2, **code)
    )
    assert told == {"redirect": senders(world), "submit": {world.county2_liaison.pk}}
    child = leg.children.get()
    title = texts.title_of(Notice.objects.filter(text_key="referral.redirect")[0])
    assert title == f"{leg.number} was redirected to {world.county2}"
    told = after(
        lambda: worlds.step(
            child, "redirect", world.county2_liaison, receiver=world.tertiary, **code
        )
    )
    assert told["redirect"] == senders(world)
    last = child.children.get()
    told = after(lambda: worlds.step(last, "reject", world.tertiary_liaison, **code))
    assert told == {"reject": senders(world)}


def test_the_own_office_hears_what_waits_for_its_review_also_the_second_time(world):
    world.township.reviews_referrals = True
    world.township.save()
    house = {world.township_liaison.pk, world.township_manager.pk}
    leg = worlds.pending_referral(world)
    assert heard() == {"review": house}
    told = after(lambda: worlds.step(leg, "endorse", world.township_manager))
    assert told == {"submit": {world.liaison.pk}, "endorsed": senders(world)}
    worlds.step(leg, "return", world.liaison, reason_code="missing_consent")
    assert after(lambda: worlds.step(leg, "resubmit", world.doctor)) == {"review": house}


def test_an_emergency_says_so_and_its_paperwork_is_no_answer(world):
    leg = worlds.pending_referral(world, urgency="emergency", present_illness="")
    assert heard() == {"submit_emergency": {world.liaison.pk}}
    supply = {"paperwork": {"present_illness": "胸痛 2 小时"}}
    told = after(lambda: worlds.step(leg, "answer", world.doctor, **supply))
    assert told == {"paperwork": {world.liaison.pk}}


def test_a_discarded_draft_is_nobodys_news(world):
    draft = actions.save_draft(by=world.doctor, institution=world.township, form_data={})
    actions.discard_draft(draft=draft, by=world.doctor)
    assert heard() == {}


def test_a_house_without_a_liaison_hears_through_its_doctors_and_manager(world):
    RoleGrant.objects.filter(institution=world.county, role=Role.LIAISON).delete()
    worlds.pending_referral(world)
    assert heard() == {"submit": {world.manager.pk, world.county_doctor.pk}}


def test_a_death_is_told_on_the_patients_other_open_legs(world):
    first = worlds.pending_referral(world)
    other = worlds.pending_referral(
        world, patient=first.patient, diagnoses=[world.gastritis], receiver=world.county2
    )
    told = after(lambda: worlds.step(first, "mark_deceased", world.doctor, at=timezone.now()))
    assert told["patient_died"] == {*senders(world), world.county2_liaison.pk}
    notice = Notice.objects.filter(text_key="referral.patient_died")[0]
    assert notice.values["number"] == other.number
    assert first.number in texts.body_of(notice)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_notice_is_worded_whole_and_says_when(world, language):
    """No value is missing, in either language, along a long way."""
    leg = worlds.pending_referral(world)
    at = timezone.now() + timedelta(days=1)
    for move, by, data in [
        ("return", world.liaison, {"reason_code": "missing_consent"}),
        ("resubmit", world.doctor, {}),
        ("ask", world.liaison, {"question": "？有"}),
        ("answer", world.doctor, {"answer": "有"}),
        ("accept", world.liaison, {}),
        ("reserve", world.liaison, {"at": at, "place": "外科"}),
        ("depart", world.doctor, {"expected_at": at}),
        ("no_show", world.liaison, {}),
        ("rebook", world.doctor, {"at": at}),
        ("arrive", world.liaison, {}),
        ("start_care", world.county_doctor, {}),
        ("finish_care", world.county_doctor, {"outcome": "improved", "summary": "好转"}),
        (
            "refer_back",
            world.county_doctor,
            {"receiver": world.township, "stability": "平稳", "plan": "拆线"},
        ),
    ]:
        worlds.step(leg, move, by, **data)
        outbox.relay()
    with translation.override(language):
        for notice in Notice.objects.all():
            words = f"{texts.title_of(notice)} {texts.body_of(notice)}"
            assert "—" not in words, notice.text_key
            assert not re.search(r"%\(|  |None", words), words
            assert "王小兰" not in words
