"""What must never be false about privileges."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import privileges as make
from training.privileges.models import Certificate, Override, Privilege, PrivilegeEvent, Suspension

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"valid_until": MAY, "valid_from": JUNE}, "privileges_privilege_period"),
        ({"level": "master"}, "privileges_privilege_level"),
        ({"ground": "favour"}, "privileges_privilege_ground"),
        ({"ground": "programme"}, "privileges_privilege_programme_supervised"),
        ({"withdrawn_on": MAY}, "privileges_privilege_withdrawal_whole"),
        ({"withdrawal_reason": "?"}, "privileges_privilege_withdrawal_whole"),
        (
            {"valid_from": JUNE, "replaced_on": MAY},
            "privileges_privilege_replaced_after",
        ),
        ({"valid_from": JULY}, "privileges_privilege_no_overlap"),
    ],
)
def test_privileges_refuse(world, values, constraint):
    if constraint == "privileges_privilege_no_overlap":
        make.bare(world)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.bare(world, **values)


def test_a_privilege_that_ended_early_makes_room_from_that_day(world):
    first = make.bare(world, replaced_on=JUNE)
    make.bare(world, valid_from=JUNE)
    assert Privilege.objects.get(pk=first.pk).ends_on == JUNE
    make.bare(world, technique=world.debridement)
    make.bare(world, institution=world.township)
    with (
        pytest.raises(IntegrityError, match="privileges_privilege_no_overlap"),
        transaction.atomic(),
    ):
        make.bare(world, valid_from=date(2025, 1, 1), valid_until=date(2026, 5, 31))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"valid_from": JULY, "valid_until": JUNE}, "privileges_suspension_period"),
        ({"reason": ""}, "privileges_suspension_reason"),
        ({"restore_reason": "mended"}, "privileges_suspension_restored_whole"),
        ({"valid_from": JUNE}, "privileges_suspension_no_overlap"),
    ],
)
def test_suspensions_refuse(world, values, constraint):
    privilege = make.bare(world)
    ready = {"privilege": privilege, "reason": "review", "suspended_by": world.qc}
    if constraint == "privileges_suspension_no_overlap":
        Suspension.objects.create(valid_from=MAY, **ready)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Suspension.objects.create(**{"valid_from": MAY, **ready, **values})


def test_events_are_of_a_known_kind_and_stay(world):
    privilege = make.bare(world)
    with pytest.raises(IntegrityError, match="privileges_event_kind"), transaction.atomic():
        PrivilegeEvent.objects.create(privilege=privilege, kind="party")
    event = PrivilegeEvent.objects.create(privilege=privilege, kind="granted")
    for statement in (
        "UPDATE privileges_privilegeevent SET reason = 'x'",
        "DELETE FROM privileges_privilegeevent",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert PrivilegeEvent.objects.get() == event


def test_a_certificate_has_a_token_nobody_guesses(world):
    with pytest.raises(IntegrityError, match="privileges_certificate_token"), transaction.atomic():
        Certificate.objects.create(
            privilege=make.bare(world), number="1", token="123", issued_by=world.qc
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"reason": ""}, "privileges_override_reason"),
        ({"report_due_at": datetime(2026, 5, 1, tzinfo=UTC)}, "privileges_override_due_after"),
        ({"report": "written by nobody"}, "privileges_override_report_whole"),
        ({"review": "before any report"}, "privileges_override_review_whole"),
        ({}, "privileges_override_once"),
    ],
)
def test_overrides_refuse(world, values, constraint):
    at = datetime(2026, 5, 1, 3, tzinfo=UTC)
    ready = {
        "alliance": world.alliance,
        "practitioner": world.practitioner,
        "technique": world.appendectomy,
        "institution": world.township,
        "at": at,
        "reason": "bleeding",
        "recorded_by": world.doctor,
        "report_due_at": at + timedelta(hours=24),
    }
    if constraint == "privileges_override_once":
        Override.objects.create(**ready)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Override.objects.create(**{**ready, **values})
