"""Institutions, departments and calendars: state after, ledger line, refusals leave nothing."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.core.identifiers import uscc_with_check
from alliance.core.models import AuditEntry
from alliance.institutions import actions
from alliance.institutions.choices import Tier
from alliance.institutions.models import CalendarDay, Department, Institution, Relation
from tests.factories import alliance as make


def facts(**changes):
    return {
        "name": "云溪县黄田镇卫生院",
        "short_name": "黄田镇卫生院",
        "tier": Tier.TOWNSHIP,
        "type_code": "C220",
        "uscc": uscc_with_check("12330100900000010"),
        "division_code": "330100",
        **changes,
    }


def last_line():
    return AuditEntry.objects.order_by("-pk").first()


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def test_create_institution_fills_pinyin_and_records(world):
    made = actions.create_institution(by=world.office, beds=30, **facts(uscc=" " + facts()["uscc"]))
    assert made.pinyin == "htzwsy yxxhtzwsy"
    assert made.uscc == facts()["uscc"]
    assert (last_line().action, last_line().subject_id) == (
        "institution.created",
        str(made.public_id),
    )


def test_create_institution_without_short_name_uses_the_name(world):
    made = actions.create_institution(by=world.system_admin, **facts(short_name=""))
    assert made.short_name == made.name
    assert made.pinyin == "yxxhtzwsy"


@pytest.mark.parametrize("who", ["manager", "doctor", "auditor", "security_admin", "qc"])
def test_create_institution_needs_an_office(world, who):
    with pytest.raises(PermissionDenied):
        actions.create_institution(by=getattr(world, who), **facts())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uscc": "123"}, "uscc"),
        ({"division_code": "0"}, "division_code"),
        ({"type_code": "?"}, "type_code"),
        ({"tier": Tier.VILLAGE}, "parent"),
        ({"name": "", "short_name": "x"}, "name"),
    ],
)
def test_create_institution_refuses_wrong_facts(world, change, field):
    before = Institution.objects.count()
    with pytest.raises(ValidationError) as refused:
        actions.create_institution(by=world.office, **facts(**change))
    assert field in refused.value.message_dict
    assert Institution.objects.count() == before


def test_create_institution_refuses_a_known_credit_code(world):
    with pytest.raises(ValidationError) as refused:
        actions.create_institution(by=world.office, **facts(uscc=world.county.uscc))
    assert "uscc" in refused.value.message_dict


def test_update_institution_own_manager_changes_contacts(world):
    actions.update_institution(institution=world.county, by=world.manager, beds=410, phone="0571")
    world.county.refresh_from_db()
    assert (world.county.beds, world.county.phone) == (410, "0571")
    assert last_line().data["changed"] == {"beds": [20, 410], "phone": ["", "0571"]}


def test_update_institution_own_manager_may_not_change_its_tier(world):
    with pytest.raises(PermissionDenied):
        actions.update_institution(
            institution=world.county, by=world.manager, tier=Tier.TERTIARY, beds=1
        )
    world.county.refresh_from_db()
    assert (world.county.tier, world.county.beds) == (Tier.COUNTY, 20)


def test_update_institution_same_values_leave_no_line(world):
    before = AuditEntry.objects.count()
    actions.update_institution(institution=world.county, by=world.manager, beds=20)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("who", ["outsider", "doctor", "county_doctor", "auditor"])
def test_update_institution_needs_its_manager_or_office(world, who):
    with pytest.raises(PermissionDenied):
        actions.update_institution(institution=world.county, by=getattr(world, who), beds=1)


def test_update_institution_of_another_alliance_is_not_our_offices(world):
    make.MembershipFactory(alliance=make.AllianceFactory(), institution=world.outside)
    with pytest.raises(PermissionDenied):
        actions.update_institution(institution=world.outside, by=world.office, beds=1)


def test_update_institution_nobodys_member_is_any_offices(world):
    actions.update_institution(institution=world.outside, by=world.office, beds=1)
    world.outside.refresh_from_db()
    assert world.outside.beds == 1


def test_update_institution_by_who_imports_for_the_system(world):
    actions.update_institution(institution=world.county, by=world.system_admin, beds=1)
    world.county.refresh_from_db()
    assert world.county.beds == 1


def test_update_institution_new_tier_turns_its_relations(world):
    actions.update_institution(institution=world.township2, by=world.office, tier=Tier.COUNTY)
    ways = dict(
        Relation.objects.filter(sender=world.township2).values_list("receiver__name", "direction")
    )
    assert ways["云溪县人民医院"] == "lateral"
    assert ways["青山镇卫生院"] == "down"
    assert ways["云溪市第一医院"] == "up"


def test_update_institution_new_parent_is_recorded_by_id(world):
    actions.update_institution(institution=world.village, by=world.office, parent=world.township2)
    assert last_line().data["changed"] == {"parent": [world.township.pk, world.township2.pk]}


def test_create_department_fills_pinyin_and_records(world):
    made = actions.create_department(
        institution=world.county,
        by=world.manager,
        code=" 0401 ",
        name="普外二科",
        specialty=world.surgery,
        beds=12,
    )
    assert (made.code, made.pinyin) == ("0401", "pwek")
    assert (last_line().action, last_line().institution_id) == (
        "department.created",
        world.county.pk,
    )


def test_create_department_refuses_a_code_twice(world):
    with pytest.raises(ValidationError, match="already has a department of that code"):
        actions.create_department(
            institution=world.county,
            by=world.manager,
            code=world.county_surgery.code,
            name="又一科",
            specialty=world.surgery,
        )


def test_create_department_needs_its_manager(world):
    with pytest.raises(PermissionDenied):
        actions.create_department(
            institution=world.county,
            by=world.outsider,
            code="X",
            name="X",
            specialty=world.surgery,
        )


def test_update_department_changes_and_records(world):
    actions.update_department(department=world.county_surgery, by=world.office, name="微创外科")
    world.county_surgery.refresh_from_db()
    assert world.county_surgery.pinyin == "wcwk"
    assert last_line().data["changed"] == {"name": ["普通外科", "微创外科"]}


def test_update_department_same_values_leave_no_line(world):
    before = AuditEntry.objects.count()
    actions.update_department(department=world.county_surgery, by=world.manager, name="普通外科")
    assert AuditEntry.objects.count() == before


def test_set_department_active_closes_and_opens_once(world):
    before = AuditEntry.objects.count()
    for is_active in (False, False, True):
        actions.set_department_active(
            department=world.county_surgery, is_active=is_active, by=world.manager
        )
    assert Department.objects.get(pk=world.county_surgery.pk).is_active
    assert AuditEntry.objects.count() == before + 2


def test_set_department_active_needs_its_manager(world):
    with pytest.raises(PermissionDenied):
        actions.set_department_active(
            department=world.county_surgery, is_active=False, by=world.township_manager
        )


def test_add_calendar_days_closes_a_range(world):
    days = actions.add_calendar_days(
        institution=world.county,
        first=tomorrow(),
        last=tomorrow() + timedelta(days=2),
        by=world.manager,
        reason="门诊楼检修",
    )
    assert len(days) == CalendarDay.objects.filter(institution=world.county).count() == 3
    assert last_line().action == "calendar.days_added"


def test_add_calendar_days_opens_with_hours(world):
    (day,) = actions.add_calendar_days(
        institution=world.county,
        first=tomorrow(),
        by=world.manager,
        reason="义诊",
        is_open=True,
        opens_at=time(9),
        closes_at=time(12),
    )
    assert (day.opens_at, day.closes_at) == (time(9), time(12))


def test_add_calendar_days_closed_keeps_no_hours(world):
    (day,) = actions.add_calendar_days(
        institution=world.county,
        first=tomorrow(),
        by=world.manager,
        reason="检修",
        opens_at=time(9),
        closes_at=time(12),
    )
    assert (day.opens_at, day.closes_at) == (None, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"first": date(2020, 1, 1)}, "first"), ({"reason": " "}, "reason")],
)
def test_add_calendar_days_refuses(world, change, field):
    values = {"first": tomorrow(), "reason": "检修", **change}
    with pytest.raises(ValidationError) as refused:
        actions.add_calendar_days(institution=world.county, by=world.manager, **values)
    assert list(refused.value.message_dict) == [field]
    assert not CalendarDay.objects.exists()


def test_add_calendar_days_names_the_day_already_taken(world):
    values = {"institution": world.county, "by": world.manager, "first": tomorrow()}
    actions.add_calendar_days(reason="检修", **values)
    with pytest.raises(ValidationError, match="检修"):
        actions.add_calendar_days(reason="义诊", last=tomorrow() + timedelta(days=1), **values)
    assert CalendarDay.objects.count() == 1


def test_add_calendar_days_needs_its_manager(world):
    with pytest.raises(PermissionDenied):
        actions.add_calendar_days(
            institution=world.county, by=world.liaison, first=tomorrow(), reason="检修"
        )


def test_remove_calendar_day_takes_it_back(world):
    (day,) = actions.add_calendar_days(
        institution=world.county, first=tomorrow(), by=world.manager, reason="检修"
    )
    actions.remove_calendar_day(calendar_day=day, by=world.manager)
    assert not CalendarDay.objects.exists()
    assert last_line().action == "calendar.day_removed"


def test_remove_calendar_day_refuses_the_past(world):
    day = CalendarDay.objects.create(
        institution=world.county, day=timezone.localdate() - timedelta(days=1), reason="检修"
    )
    with pytest.raises(DomainError, match="Past days"):
        actions.remove_calendar_day(calendar_day=day, by=world.manager)
    assert CalendarDay.objects.exists()
