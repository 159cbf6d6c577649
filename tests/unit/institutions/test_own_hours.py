"""An institution's own hours count before its alliance's, from their day on, with history."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core.models import AuditEntry, PolicySetting
from alliance.institutions import actions, selectors

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def on_a_monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


def day(offset=0):
    return MONDAY.date() + timedelta(days=offset)


def own(world, **more):
    values = {
        "weekday": "08:00-12:00", "weekend": "09:00-11:00", "observes_holidays": False,
        "effective_from": day(), "reason": "集市日上午门诊", "by": world.township_manager,
    }  # fmt: skip
    actions.set_own_hours(institution=world.township, **{**values, **more})


def minutes(house, on):
    """How long the house is open on a day."""
    calendar = selectors.working_calendar(house.pk, on, on)
    return sum(period.end - period.start for period in calendar.periods_on(on))


def test_own_hours_count_for_the_house_and_for_no_other(world):
    own(world)
    assert minutes(world.township, day()) == 4 * 60
    assert minutes(world.township, day(5)) == 2 * 60
    assert minutes(world.township2, day()) == 7.5 * 60
    assert minutes(world.township2, day(5)) == 0


def test_they_count_from_their_day_on(world):
    own(world, effective_from=day(2))
    assert minutes(world.township, day(1)) == 7.5 * 60
    assert minutes(world.township, day(2)) == 4 * 60


def test_own_hours_count_before_those_the_alliance_sets_later(world):
    own(world)
    actions.change_policy(
        key="calendar.weekday_hours", value="00:00-24:00", effective_from=day(1), reason="试行",
        source="医联体办公室", alliance=world.alliance, by=world.office,
    )  # fmt: skip
    assert minutes(world.township, day(1)) == 4 * 60
    assert minutes(world.township2, day(1)) == 24 * 60


def test_back_to_the_alliance_leaves_the_history(world):
    own(world)
    actions.end_own_hours(
        institution=world.township, effective_from=day(1), reason="恢复", by=world.township_manager
    )
    assert minutes(world.township, day()) == 4 * 60
    assert minutes(world.township, day(1)) == 7.5 * 60
    decided = selectors.own_hours(world.township.pk)
    assert [row.value for row in decided] == [None, "08:00-12:00"]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "calendar.hours_set",
        "calendar.hours_ended",
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekday": "8-12"}, "weekday"),
        ({"weekend": "late"}, "weekend"),
        ({"weekday": "", "weekend": " "}, "weekday"),
        ({"reason": " "}, "reason"),
        ({"effective_from": day(-1)}, "effective_from"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(world, wrong, field):
    with pytest.raises(ValidationError) as refused:
        own(world, **wrong)
    assert field in refused.value.message_dict
    assert not PolicySetting.objects.exists()


def test_going_back_needs_a_reason(world):
    with pytest.raises(ValidationError, match="Say why"):
        actions.end_own_hours(
            institution=world.township, effective_from=day(), reason="", by=world.township_manager
        )


def test_other_houses_do_not_set_them(world):
    with pytest.raises(PermissionDenied):
        own(world, by=world.manager)
    with pytest.raises(PermissionDenied):
        actions.end_own_hours(
            institution=world.township, effective_from=day(), reason="恢复", by=world.manager
        )


def test_a_setting_is_an_alliances_or_an_institutions(world):
    with (
        pytest.raises(IntegrityError, match="core_policysetting_place"),
        transaction.atomic(),
    ):
        PolicySetting.objects.create(
            alliance=world.alliance, institution=world.township, key="calendar.weekday_hours",
            value="", effective_from=timezone.localdate(), source="x",
        )  # fmt: skip
