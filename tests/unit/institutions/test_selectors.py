"""Questions others ask about institutions."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from alliance.core.models import PolicySetting
from alliance.institutions import selectors
from alliance.institutions.models import (
    CalendarDay,
    Department,
    Institution,
    Membership,
    Relation,
)
from alliance.institutions.office import tiles_for
from tests.factories import alliance as make

CHINA = ZoneInfo("Asia/Shanghai")


def today():
    return timezone.localdate()


def names(queryset):
    return set(queryset.values_list("name", flat=True))


def test_alliances_of_asks_for_a_date(world):
    Membership.objects.filter(institution=world.county).update(valid_until=date(2021, 1, 1))
    assert selectors.alliances_of(world.county.pk, on=date(2020, 12, 31)) == [world.alliance]
    assert selectors.alliances_of(world.county.pk, on=date(2021, 1, 1)) == []


def test_alliances_of_leaves_out_closed_alliances(world):
    world.alliance.is_active = False
    world.alliance.save()
    assert selectors.alliances_of(world.county.pk, on=today()) == []


def test_shared_alliance_needs_both(world):
    ask = {"on": today()}
    assert selectors.shared_alliance(world.township.pk, world.county.pk, **ask) == world.alliance
    assert selectors.shared_alliance(world.township.pk, world.outside.pk, **ask) is None


def test_relation_allowed_reads_the_cell(world):
    pair = {
        "alliance_id": world.alliance.pk,
        "sender_id": world.township.pk,
        "receiver_id": world.county.pk,
        "on": today(),
    }
    assert selectors.relation_allowed(**pair)
    Relation.objects.filter(sender=world.township, receiver=world.county).update(is_allowed=False)
    assert not selectors.relation_allowed(**pair)


@pytest.mark.parametrize("house", ["township", "county"])
def test_relation_allowed_asks_for_members_on_the_day(world, house):
    houses = {"sender_id": world.township.pk, "receiver_id": world.county.pk}
    left = Membership.objects.filter(institution=getattr(world, house))
    left.update(valid_until=today())
    pair = houses | {"alliance_id": world.alliance.pk}
    assert not selectors.relation_allowed(**pair, on=today())
    assert selectors.relation_allowed(**pair, on=today() - timedelta(days=1))


def test_receivers_for_are_open_active_members(world):
    ask = {"sender_id": world.township.pk, "on": today()}
    up = {"云溪市第一医院", "云溪县人民医院", "云溪县中医院"}
    assert names(selectors.receivers_for(direction="up", **ask)) == up
    assert names(selectors.receivers_for(**ask)) == up | {"白沙镇卫生院", "青山村卫生室"}
    Relation.objects.filter(receiver=world.tertiary).update(is_allowed=False)
    Institution.objects.filter(pk=world.county.pk).update(is_active=False)
    Membership.objects.filter(institution=world.county2).update(valid_until=today())
    assert names(selectors.receivers_for(direction="up", **ask)) == set()


def test_receivers_for_a_sender_that_left_are_none(world):
    Membership.objects.filter(institution=world.township).update(valid_until=today())
    assert not selectors.receivers_for(sender_id=world.township.pk, on=today()).exists()


def test_departments_for_are_open_ones_of_the_specialty(world):
    ask = {"institution_id": world.county.pk, "specialty_id": world.surgery.pk}
    assert list(selectors.departments_for(**ask)) == [world.county_surgery]
    world.county_surgery.is_active = False
    world.county_surgery.save()
    assert not selectors.departments_for(**ask).exists()


def test_working_calendar_knows_policy_holidays_and_own_exceptions(world):
    PolicySetting.objects.create(
        alliance=world.alliance,
        key="calendar.weekend_hours",
        value="09:00-11:00",
        effective_from=date(2026, 1, 1),
        source="理事会",
    )
    CalendarDay.objects.create(institution=world.county, day=date(2026, 3, 3), reason="检修")
    CalendarDay.objects.create(
        institution=world.county,
        day=date(2026, 3, 4),
        is_open=True,
        reason="义诊",
        opens_at="08:00",
        closes_at="20:00",
    )
    calendar = selectors.working_calendar(world.county.pk, date(2026, 3, 2), date(2026, 3, 31))

    def minutes(day):
        return sum(period.minutes for period in calendar.periods_on(day))

    assert minutes(date(2026, 3, 2)) == 450
    assert minutes(date(2026, 3, 3)) == 0
    assert minutes(date(2026, 3, 4)) == 720
    assert minutes(date(2026, 3, 7)) == 120
    assert minutes(date(2026, 10, 1)) == 0


def test_working_calendar_of_a_house_in_no_alliance_is_the_default(world):
    calendar = selectors.working_calendar(world.outside.pk, date(2026, 3, 2), date(2026, 3, 2))
    assert calendar.is_open_at(datetime(2026, 3, 2, 9, tzinfo=CHINA))
    assert not calendar.is_open_at(datetime(2026, 3, 7, 9, tzinfo=CHINA))


def test_working_calendar_costs_three_queries(world, django_assert_num_queries):
    with django_assert_num_queries(3):
        selectors.working_calendar(world.county.pk, today(), today() + timedelta(days=30))


@pytest.mark.parametrize(
    ("who", "found"),
    [("office", True), ("manager", False), ("qc", False), ("system_admin", False)],
)
def test_office_alliance(world, who, found):
    assert selectors.office_alliance(getattr(world, who)) == (world.alliance if found else None)


def test_members_are_those_of_the_date_highest_tier_first(world):
    Membership.objects.filter(institution=world.county2).update(valid_until=today())
    rows = selectors.members(world.alliance.pk, on=today())
    assert [row.institution.tier for row in rows] == [
        "tertiary",
        "county",
        "township",
        "township",
        "village",
    ]


@pytest.mark.parametrize("text", ["黄田", "htz", "HTZWSY", " "])
def test_search_finds_by_name_and_initials(world, text):
    house = make.InstitutionFactory(name="黄田镇卫生院", pinyin="htzwsy")
    assert house in Institution.objects.search(text)


def test_search_finds_by_credit_code_and_nothing_else(world):
    assert list(Institution.objects.search(world.county.uscc.lower())) == [world.county]
    assert not Institution.objects.search("没有这家").exists()


@pytest.mark.parametrize(("text", "found"), [("普通", 1), ("ptwk", 1), ("NONE", 0), (" ", 2)])
def test_search_departments_by_name_and_initials(world, text, found):
    departments = Department.objects.filter(institution=world.county).search(text)
    assert departments.count() == found


def test_tiles_of_who_keeps_nothing_are_none(world):
    assert tiles_for(world.doctor, world.alliance) == []


def test_alliance_seen_by_a_member_is_that_of_the_house(world):
    ask = {"institution_id": world.township.pk, "on": today()}
    assert selectors.alliance_seen_by(world.doctor, **ask) == world.alliance
    assert selectors.alliance_seen_by(world.qc, institution_id=None, on=today()) == world.alliance
    assert selectors.alliance_seen_by(world.auditor, institution_id=None, on=today()) is None
