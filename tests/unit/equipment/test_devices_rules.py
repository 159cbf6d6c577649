"""Arithmetic of devices, and what is refused of them."""

from datetime import date

import pytest
from django.utils.translation import override

from equipment.devices import rules, starter
from equipment.devices.choices import Need, TypeKind
from equipment.devices.models import DeviceType
from equipment.devices.words import STARTER
from equipment.service.models import MaintenancePlan


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (date(2018, 11, 22), date(2026, 11, 22), 8),
        (date(2018, 11, 23), date(2026, 11, 22), 7),
        (date(2020, 2, 29), date(2021, 2, 28), 0),
        (date(2020, 2, 29), date(2021, 3, 1), 1),
        (date(2026, 12, 1), date(2026, 11, 22), 0),
    ],
)
def test_years_are_whole(since, on, years):
    assert rules.years_between(since, on) == years


def test_a_leap_day_comes_back_as_the_first_of_march():
    assert rules.after_years(date(2020, 2, 29), 1) == date(2021, 3, 1)
    assert rules.before_years(date(2020, 2, 29), 4) == date(2016, 2, 29)


FACTS = {"owner_id": 1, "department_owner_id": None, "type_is_active": True, "type_is_new": True}


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({}, set()),
        ({"department_owner_id": 1}, set()),
        ({"department_owner_id": 2}, {"department"}),
        ({"type_is_active": False}, {"type"}),
        ({"type_is_active": False, "type_is_new": False}, set()),
    ],
)
def test_what_a_device_names_must_fit(told, wrong):
    assert set(rules.device_errors(rules.DeviceFacts(**FACTS | told))) == wrong


@pytest.mark.parametrize(
    ("on", "since", "wrong"),
    [
        (date(2026, 11, 22), date(2020, 1, 1), False),
        (date(2019, 12, 31), date(2020, 1, 1), True),
        (date(2026, 11, 23), date(2020, 1, 1), True),
        (date(2026, 12, 1), date(2026, 12, 1), False),
    ],
)
def test_a_device_leaves_between_its_first_day_and_today(on, since, wrong):
    found = rules.retirement_errors(on=on, in_use_from=since, today=date(2026, 11, 22))
    assert bool(found) is wrong


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (" SB01 ", "SB01"),
        ("https://yl.example/equipment/devices/q/0f4c/", "0f4c"),
        ("https://yl.example/equipment/devices/q/0f4c", "0f4c"),
    ],
)
def test_a_label_is_read_by_the_id_in_it(text, asked):
    assert rules.asked_number(text) == asked


def test_starter_types_are_whole():
    rows = {row.code: row for row in starter.types()}
    assert {row.kind for row in rows.values()} == set(TypeKind)
    assert rows["LAP-P"].family == rows["LAP-3D"].family == "腹腔镜"
    assert rows["US-SCALPEL"].needs["47.0100"] == Need.HELPFUL
    assert rows["LAP-HD"].needs["47.0100"] == Need.REQUIRED
    assert all(len(row.code) <= 30 and 0 < row.life_years <= 60 for row in rows.values())
    assert all("未核实" in row.source for row in rows.values())


@pytest.mark.parametrize(
    ("entered", "given", "expected"),
    [
        (date(2026, 10, 23), False, ""),
        (date(2026, 10, 22), False, "late"),
        (date(2026, 11, 22), True, "given"),
    ],
)
def test_which_retirements_can_be_undone(entered, given, expected):
    on = date(2026, 11, 22)
    found = rules.put_back_refusal(entered_on=entered, was_given=given, days=30, on=on)
    assert found == expected


def test_names_that_came_with_the_platform_are_told_in_the_readers_language():
    """Each starter type in Chinese as its file has it; what a house typed stays as it is."""
    names = {row.code: row.name for row in starter.types()}
    assert names.keys() == STARTER.keys()
    with override("zh-hans"):
        assert {code: str(DeviceType(code=code, name=names[code])) for code in names} == names
    with override("en"):
        assert all(str(DeviceType(code=code, name=names[code])).isascii() for code in names)
        assert str(DeviceType(code="US", name="彩超")) == "彩超"
        assert str(DeviceType(code="OURS", name="手术间")) == "手术间"
        assert str(DeviceType(code="US")) == ""
        plan = MaintenancePlan(kind="statutory", name="强制检定")
        assert plan.title == "Statutory calibration"
        plan.name = "强制检定（计量院）"
        assert plan.title == plan.name
