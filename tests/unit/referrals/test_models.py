"""What must never be false of referrals: each constraint, broken on purpose past every rule."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from referrals.models import (
    Attachment,
    ClockAlert,
    ReasonCode,
    Referral,
    ReferralDiagnosis,
    ReferralEvent,
)
from tests import worlds
from tests.factories import alliance as make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def broken(constraint):
    """The database refuses what follows by that name; the transaction of the test goes on."""
    return pytest.raises(IntegrityError, match=f'"{constraint}"')


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"urgency": "soon"}, "referrals_urgency"),
        ({"direction": "away"}, "referrals_direction"),
        ({"patient": None}, "referrals_complete_once_submitted"),
        ({"receiver": None}, "referrals_complete_once_submitted"),
        ({"specialty": None}, "referrals_complete_once_submitted"),
        ({"submitted_at": None}, "referrals_complete_once_submitted"),
        ({"holder": None}, "referrals_somebody_holds_open_legs"),
        ({"closed_at": NOW}, "referrals_somebody_holds_open_legs"),
        ({"status": "closed"}, "referrals_somebody_holds_open_legs"),
        ({"status": "rejected", "closed_at": NOW}, "referrals_somebody_holds_open_legs"),
    ],
)
def test_a_leg_that_waits_for_its_receiver(world, change, constraint):
    leg = worlds.pending_referral(world)
    with broken(constraint), transaction.atomic():
        Referral.objects.filter(pk=leg.pk).update(**change)


def test_a_state_is_one_of_the_machines(world):
    """Without the constraint on holders, which refuses an unknown state too, and first."""
    leg = worlds.pending_referral(world)
    with connection.cursor() as cursor:
        # Deferred checks of other tables may wait in this transaction; they come first.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE referrals_referral DROP CONSTRAINT referrals_somebody_holds_open_legs"
        )
    with broken("referrals_status"), transaction.atomic():
        Referral.objects.filter(pk=leg.pk).update(status="lost")


def test_nobody_refers_to_themselves(world):
    leg = worlds.pending_referral(world)
    with broken("referrals_two_parties"), transaction.atomic():
        Referral.objects.filter(pk=leg.pk).update(receiver=leg.sender)


def test_a_patient_is_on_one_way_for_a_specialty(world):
    leg = worlds.pending_referral(world)
    values = {
        field.name: getattr(leg, field.name)
        for field in Referral._meta.concrete_fields
        if field.name not in ("id", "public_id", "number")
    }
    with broken("referrals_one_open_leg"), transaction.atomic():
        Referral.objects.create(**values | {"number": "twin"})
    other = values | {"number": "other", "specialty": world.medicine}
    assert Referral.objects.create(**other).pk


def test_numbers_are_given_once(world):
    first = worlds.pending_referral(world)
    second = worlds.pending_referral(world, patient=worlds.patient(world, 2))
    with broken("referrals_referral_number_key"), transaction.atomic():
        Referral.objects.filter(pk=second.pk).update(number=first.number)


@pytest.mark.parametrize(
    ("again", "constraint"),
    [("rank", "referrals_diagnosis_rank"), ("disease", "referrals_diagnosis_once")],
)
def test_diagnoses_are_told_apart(world, again, constraint):
    first = worlds.pending_referral(world).diagnoses.get()
    values = {"rank": 2, "disease": world.gastritis} | {again: getattr(first, again)}
    with broken(constraint), transaction.atomic():
        ReferralDiagnosis.objects.create(referral=first.referral, **values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"version": None, "target": "accepted"}, "referrals_event_version"),
        ({"version": 99, "target": "lost"}, "referrals_event_to"),
    ],
)
def test_a_version_has_one_event_and_leads_to_a_state(world, values, constraint):
    leg = worlds.pending_referral(world)
    values = values | {"version": values["version"] or leg.events.get().version}
    with broken(constraint), transaction.atomic():
        ReferralEvent.objects.create(referral=leg, at=NOW, **values)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_events_stay_as_they_were_written(world, change):
    events = ReferralEvent.objects.filter(referral=worlds.pending_referral(world))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        events.update(reason="other") if change == "update" else events._raw_delete(events.db)


def paper(leg, **more):
    return Attachment.objects.create(
        referral=leg, file="x.pdf", name="x.pdf", content_type="application/pdf", size=1,
        sha256="a" * 64, uploaded_by=make.UserFactory(), **more,
    )  # fmt: skip


def test_a_file_is_attached_once_and_again_when_it_was_removed(world):
    leg = worlds.pending_referral(world)
    first = paper(leg)
    with broken("referrals_attachment_once"), transaction.atomic():
        paper(leg)
    Attachment.objects.filter(pk=first.pk).update(removed_at=NOW, removed_by=first.uploaded_by)
    assert paper(leg).pk


@pytest.mark.parametrize("half", ["removed_at", "removed_by"])
def test_who_removed_a_file_and_when_go_together(world, half):
    found = paper(worlds.pending_referral(world))
    value = NOW if half == "removed_at" else found.uploaded_by
    with broken("referrals_attachment_removed_pair"), transaction.atomic():
        Attachment.objects.filter(pk=found.pk).update(**{half: value})


def test_a_reason_begins_once(db):
    values = {"move": "cancel", "code": "wish", "label_zh": "患者要求", "label_en": "Wish"}
    ReasonCode.objects.create(**values, valid_from=make.LONG_AGO)
    with broken("referrals_reasoncode_once"), transaction.atomic():
        ReasonCode.objects.create(**values, valid_from=make.LONG_AGO)


def test_an_alarm_rings_once(world):
    leg = worlds.pending_referral(world)
    for due in (NOW, leg.due_at):
        ClockAlert.objects.create(referral=leg, due_at=due, level="warned")
    with broken("referrals_alert_once"), transaction.atomic():
        ClockAlert.objects.create(referral=leg, due_at=NOW, level="warned")
