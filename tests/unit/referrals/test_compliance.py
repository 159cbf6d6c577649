"""Scheduled checks on referrals: each with what makes it hit, what clears it, and a near miss."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alliance.core import compliance
from referrals.models import ReasonCode, Referral
from tests import worlds

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock(time_machine):
    """Stand at a moment some days (and hours) after the Monday."""

    def stand(days=0, hours=0):
        time_machine.move_to(MONDAY + timedelta(days=days, hours=hours), tick=False)

    stand()
    return stand


def found(world, code, *, days=0, **parameters):
    """What the check finds for the day so many days after the Monday."""
    on = (MONDAY + timedelta(days=days)).date()
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=on)[code]
    return list(
        setting.check.rows(compliance.question(setting, alliance_ids=[world.alliance.pk], on=on))
    )


def subjects(rows):
    return [row["subject"] for row in rows]


# --- referrals.clock_broken ---------------------------------------------------------------------


def test_a_clock_a_day_past_due_is_broken_and_its_holder_is_named(clock, world):
    leg = worlds.pending_referral(world)
    clock(days=3)
    (row,) = found(world, "referrals.clock_broken", days=2)
    assert row["subject"] == str(leg.public_id)
    assert row["house_id"] == world.county.pk
    assert row["facet"] == "decision"
    assert row["due_on"] is None
    assert row["evidence"]["number"] == leg.number
    assert row["evidence"]["status"] == "pending"


def test_a_clock_not_yet_a_day_past_due_is_a_near_miss(clock, world):
    worlds.pending_referral(world)
    clock(days=3)
    assert found(world, "referrals.clock_broken", days=0) == []


def test_an_answer_clears_a_broken_clock_from_its_day_on_and_not_before(clock, world):
    leg = worlds.pending_referral(world)
    clock(days=3)
    ReasonCode.objects.create(
        move="reject", code="no_bed", label_zh="无床", label_en="No bed", valid_from="2020-01-01"
    )
    worlds.step(leg, "reject", world.liaison, reason_code="no_bed")
    clock(days=5)
    assert subjects(found(world, "referrals.clock_broken", days=2)) == [str(leg.public_id)]
    assert found(world, "referrals.clock_broken", days=3) == []
    assert found(world, "referrals.clock_broken", days=4) == []


def test_the_next_clock_is_another_facet(clock, world):
    leg = worlds.pending_referral(world)
    clock(days=3)
    leg = worlds.step(leg, "accept", world.liaison)
    clock(days=9)
    (row,) = found(world, "referrals.clock_broken", days=8)
    assert (row["subject"], row["facet"]) == (str(leg.public_id), "reserve")


# --- referrals.way_back_missing -----------------------------------------------------------------


def test_care_done_and_nobody_sent_back_is_found_at_the_hospital(clock, world):
    leg = worlds.care_done_referral(world)
    clock(days=6)
    (row,) = found(world, "referrals.way_back_missing", days=4)
    assert (row["subject"], row["house_id"]) == (str(leg.public_id), world.county.pk)


def test_care_done_a_day_ago_is_a_near_miss(clock, world):
    worlds.care_done_referral(world)
    clock(days=6)
    assert found(world, "referrals.way_back_missing", days=2) == []


def test_sending_back_clears_the_missing_way(clock, world):
    leg = worlds.care_done_referral(world)
    clock(days=5)
    worlds.step(leg, "refer_back", world.county_doctor, receiver=world.township,
                stability="切口干燥", plan="第 7 天拆线")  # fmt: skip
    clock(days=7)
    assert found(world, "referrals.way_back_missing", days=6) == []
    assert subjects(found(world, "referrals.way_back_missing", days=4)) == [str(leg.public_id)]


# --- referrals.follow_up_missed -----------------------------------------------------------------


def followed_up(world, **more):
    leg = worlds.back_leg(world)
    for name in ("accept", "arrive", "start_care"):
        leg = worlds.step(leg, name, world.doctor)
    return worlds.step(leg, "follow_up", world.doctor, note="恢复可", outcome="recovered", **more)


def test_a_promised_visit_that_did_not_come_is_found_at_the_township(clock, world):
    leg = followed_up(world, next_on=(MONDAY + timedelta(days=7)).date())
    clock(days=20)
    (row,) = found(world, "referrals.follow_up_missed", days=15)
    assert (row["subject"], row["house_id"]) == (str(leg.public_id), world.township.pk)
    assert row["evidence"]["next_on"] == (MONDAY + timedelta(days=7)).date().isoformat()


def test_a_visit_a_week_late_is_a_near_miss(clock, world):
    followed_up(world, next_on=(MONDAY + timedelta(days=7)).date())
    clock(days=20)
    assert found(world, "referrals.follow_up_missed", days=14) == []


def test_no_promise_is_not_missed(clock, world):
    followed_up(world)
    clock(days=40)
    assert found(world, "referrals.follow_up_missed", days=39) == []


def test_closing_clears_a_missed_visit(clock, world):
    leg = followed_up(world, next_on=(MONDAY + timedelta(days=7)).date())
    clock(days=20)
    worlds.step(leg, "close", world.doctor)
    clock(days=22)
    assert found(world, "referrals.follow_up_missed", days=20) == []
    assert subjects(found(world, "referrals.follow_up_missed", days=18)) == [str(leg.public_id)]


def test_drafts_and_other_alliances_are_nobodys_finding(clock, world):
    worlds.pending_referral(world)
    Referral.objects.update(alliance=world.alliance)
    clock(days=40)
    setting = compliance.in_force(alliance_id=0, on=MONDAY.date())["referrals.clock_broken"]
    asked = compliance.question(setting, alliance_ids=[0], on=MONDAY.date())
    assert list(setting.check.rows(asked)) == []
