"""Checks on privileges: what hits, what clears, what nearly hits."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from alliance.core import compliance
from tests.factories import privileges as make
from training.privileges import actions

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def found(world, code, on=None):
    on = on or TODAY()
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=on)[code]
    asked = compliance.question(setting, alliance_ids=[world.alliance.pk], on=on)
    rows = setting.check.rows(asked).values(*compliance.COLUMNS)
    return [(row["subject"], row["house_id"], row["due_on"]) for row in rows]


def test_a_privilege_that_ends_soon_is_found_until_one_follows(world):
    code, ends = "privileges.ending", date(2026, 6, 30)
    privilege = make.privilege(world, valid_until=ends)
    hit = [(str(privilege.public_id), world.county.pk, ends)]
    assert found(world, code, date(2026, 5, 1)) == hit
    assert found(world, code, date(2026, 6, 29)) == hit
    # A day too early, and once it has ended.
    assert found(world, code, date(2026, 4, 30)) == []
    assert found(world, code, ends) == []
    make.privilege(world, valid_from=ends)
    assert found(world, code, date(2026, 6, 1)) == []


def test_what_was_withdrawn_is_no_longer_said_to_end(world):
    privilege = make.privilege(
        world, valid_from=TODAY() - timedelta(days=9), valid_until=TODAY() + timedelta(days=9)
    )
    assert len(found(world, "privileges.ending")) == 1
    actions.withdraw(privilege=privilege, reason="left", by=world.qc)
    assert found(world, "privileges.ending") == []


def test_a_late_report_is_found_until_it_is_there(world):
    code = "privileges.report_late"
    late = make.override(world, at=timezone.now() - timedelta(hours=25))
    make.override(world, at=timezone.now() - timedelta(hours=23), technique=world.gastrectomy)
    due = timezone.localdate(late.report_due_at)
    assert found(world, code) == [(str(late.public_id), world.township.pk, due)]
    actions.report_override(override=late, report="done", by=world.doctor)
    assert found(world, code) == []
