"""What must never be false of institutions: each constraint good, then broken on purpose."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from alliance.core.models import PolicySetting
from alliance.institutions.models import Alliance, CalendarDay, Institution, Membership, Relation
from tests.factories import alliance as make

pytestmark = pytest.mark.django_db


def broken(constraint):
    """The database refuses what follows by that name; the transaction of the test goes on."""
    return pytest.raises(IntegrityError, match=constraint)


def test_alliance_kind_is_one_of_four():
    group = make.AllianceFactory()
    with broken("institutions_alliance_kind"), transaction.atomic():
        Alliance.objects.filter(pk=group.pk).update(kind="club")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"tier": "heaven"}, "institutions_tier"),
        ({"tier": "village"}, "institutions_village_has_parent"),
    ],
)
def test_institution_constraints(values, constraint):
    house = make.InstitutionFactory()
    with broken(constraint), transaction.atomic():
        Institution.objects.filter(pk=house.pk).update(**values)


def test_institution_is_not_its_own_parent():
    house = make.InstitutionFactory()
    with broken("institutions_parent_is_other"), transaction.atomic():
        Institution.objects.filter(pk=house.pk).update(parent=house)


def test_institution_credit_code_once():
    house = make.InstitutionFactory()
    with broken("uscc"), transaction.atomic():
        make.InstitutionFactory(uscc=house.uscc)


def test_membership_periods_touch_and_never_overlap():
    first = make.MembershipFactory(valid_until=date(2021, 1, 1))
    make.MembershipFactory(
        alliance=first.alliance, institution=first.institution, valid_from=date(2021, 1, 1)
    )
    with broken("institutions_membership_no_overlap"), transaction.atomic():
        make.MembershipFactory(
            alliance=first.alliance,
            institution=first.institution,
            valid_from=date(2020, 6, 1),
            valid_until=date(2020, 7, 1),
        )


def test_membership_one_lead_at_a_time():
    lead = make.MembershipFactory(role="lead", valid_until=date(2021, 1, 1))
    make.MembershipFactory(alliance=lead.alliance, role="lead", valid_from=date(2021, 1, 1))
    with broken("institutions_membership_one_lead"), transaction.atomic():
        make.MembershipFactory(
            alliance=lead.alliance,
            role="lead",
            valid_from=date(2020, 2, 1),
            valid_until=date(2020, 3, 1),
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"valid_until": make.LONG_AGO}, "institutions_membership_period"),
        ({"role": "boss"}, "institutions_membership_role"),
    ],
)
def test_membership_constraints(values, constraint):
    row = make.MembershipFactory()
    with broken(constraint), transaction.atomic():
        Membership.objects.filter(pk=row.pk).update(**values)


def test_department_code_once_in_an_institution():
    one = make.DepartmentFactory(code="0401")
    make.DepartmentFactory(code="0401")
    with broken("institutions_department_code_once"), transaction.atomic():
        make.DepartmentFactory(institution=one.institution, code="0401")


def test_relation_constraints():
    group, one, other = make.AllianceFactory(), make.InstitutionFactory(), make.InstitutionFactory()
    cell = make.RelationFactory(alliance=group, sender=one, receiver=other, direction="up")
    with broken("institutions_relation_once"), transaction.atomic():
        make.RelationFactory(alliance=group, sender=one, receiver=other, direction="up")
    with broken("institutions_relation_two_parties"), transaction.atomic():
        Relation.objects.filter(pk=cell.pk).update(receiver=one)
    with broken("institutions_relation_direction"), transaction.atomic():
        Relation.objects.filter(pk=cell.pk).update(direction="sideways")


def test_calendar_day_constraints():
    house, day = make.InstitutionFactory(), date(2026, 12, 1)
    CalendarDay.objects.create(institution=house, day=day, reason="检修")
    with broken("institutions_calendarday_once"), transaction.atomic():
        CalendarDay.objects.create(institution=house, day=day, reason="检修")
    hours = {"opens_at": time(12), "closes_at": time(9)}
    with broken("institutions_calendarday_hours"), transaction.atomic():
        CalendarDay.objects.create(
            institution=house, day=day + timedelta(days=1), is_open=True, reason="义诊", **hours
        )


def test_policy_setting_is_append_only():
    row = PolicySetting.objects.create(
        key="security.idle_minutes", value=20, effective_from=date(2026, 1, 1), source="等保"
    )
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PolicySetting.objects.filter(pk=row.pk).update(value=30)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()


def test_policy_setting_names_its_source():
    with broken("core_policysetting_source"), transaction.atomic():
        PolicySetting.objects.create(
            key="security.idle_minutes", value=20, effective_from=date(2026, 1, 1), source=""
        )
