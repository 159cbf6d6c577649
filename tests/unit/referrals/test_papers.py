"""Paperwork that an emergency owes, and returned forms put right: what changes, what is kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from alliance.core.errors import DomainError
from alliance.patients import actions as patients
from referrals.choices import Status, Urgency
from referrals.models import Referral
from tests import worlds

CONSENT = {"given": True, "method": "verbal", "given_by": "family"}


@pytest.fixture
def owing(world):
    """An emergency that left with an impression only and waits for the county."""
    return worlds.pending_referral(
        world,
        urgency="emergency",
        present_illness="",
        indication="",
        diagnoses=[],
        consent=None,
        receiver_department=world.county_surgery,
    )


@pytest.fixture
def returned(world, reasons):
    return worlds.step(
        worlds.pending_referral(world, technique=world.appendectomy),
        "return",
        world.liaison,
        reason_code="incomplete",
        reason="病史不清",
    )


def resubmit(world, leg, **correction):
    return worlds.step(leg, "resubmit", world.doctor, correction=correction)


def last(leg):
    return leg.events.order_by("version").last()


# --- 先救后补 ----------------------------------------------------------------------------------


def test_paperwork_comes_in_parts_before_and_after_the_decision(world, owing):
    due, since = owing.due_at, owing.state_since
    part = {"present_illness": " 胸痛 2 小时 ", "indication": ""}
    leg = worlds.step(owing, "answer", world.doctor, paperwork=part)
    assert (leg.status, leg.due_at, leg.state_since) == (Status.PENDING, due, since)
    assert leg.present_illness == "胸痛 2 小时"
    assert last(leg).data == {
        "changed": {"present_illness": ""},
        "owed": ["indication", "diagnoses", "consent"],
    }
    leg = worlds.step(leg, "accept", world.liaison)
    rest = {"indication": "胸痛中心", "diagnoses": [world.appendicitis], "consent": CONSENT}
    leg = worlds.step(leg, "answer", world.doctor, paperwork=rest)
    assert (leg.status, leg.paperwork_due_at, last(leg).data["owed"]) == (Status.ACCEPTED, None, [])
    assert [row.disease for row in leg.diagnoses.all()] == [world.appendicitis]


@pytest.mark.parametrize("state", ["reserved", "in_care"])
def test_handing_in_paperwork_starts_no_clock_again(world, owing, state):
    leg = worlds.step(owing, "accept", world.liaison)
    if state == "in_care":
        leg = worlds.step(leg, "arrive", world.liaison)
        leg = worlds.step(leg, "start_care", world.county_doctor)
    else:
        leg = worlds.step(leg, "reserve", world.liaison, at=leg.due_at, place="门诊")
    before = (leg.status, leg.state_since, leg.clock, leg.due_at, leg.next_alert_at)
    leg = worlds.step(leg, "answer", world.doctor, paperwork={"indication": "胸痛中心"})
    assert (leg.status, leg.state_since, leg.clock, leg.due_at, leg.next_alert_at) == before


def test_an_empty_hand_is_refused(world, owing):
    with pytest.raises(ValidationError) as refused:
        worlds.step(owing, "answer", world.doctor, paperwork={"indication": " "})
    assert "answer" in refused.value.message_dict


# --- Returned forms ----------------------------------------------------------------------------


def test_a_returned_form_is_put_right_and_what_it_said_stands_in_the_event(world, returned):
    leg = resubmit(
        world,
        returned,
        present_illness="转移性右下腹痛 12 小时，伴发热",
        urgency="routine",
        allergies="青霉素",
        diagnoses=[world.appendicitis, world.gastritis],
    )
    assert (leg.status, leg.urgency, leg.allergies) == (
        Status.PENDING,
        Urgency.ROUTINE,
        "青霉素",
    )
    assert last(leg).data == {
        "changed": {
            "present_illness": "转移性右下腹痛 12 小时",
            "urgency": "urgent",
            "allergies": "",
            "diagnoses": world.appendicitis.code,
        }
    }


def test_unchanged_fields_are_no_change(world, returned):
    leg = resubmit(world, returned, indication=returned.indication, infection_note="")
    assert last(leg).data == {"changed": {}}


@pytest.mark.parametrize("column", ["receiver", "patient", "status", "sender", "number"])
def test_nothing_but_the_form_is_corrected(world, returned, column):
    leg = resubmit(world, returned, **{column: "anything", "indication": "需手术"})
    assert getattr(leg, column) == (
        Status.PENDING if column == "status" else getattr(returned, column)
    )


def test_a_correction_may_not_empty_what_is_needed(world, returned):
    with pytest.raises(ValidationError) as refused:
        resubmit(world, returned, indication=" ")
    assert "correction.indication" in refused.value.message_dict
    returned.refresh_from_db()
    assert (returned.status, returned.indication) == (Status.RETURNED, "需手术治疗")


def test_a_department_of_another_house_is_refused(world, returned):
    other = world.township.departments.first()
    with pytest.raises(ValidationError) as refused:
        resubmit(world, returned, receiver_department=other)
    assert "correction.receiver_department" in refused.value.message_dict


def test_another_department_asks_another_specialty_and_finds_the_open_leg(world, returned):
    other = world.county.departments.get(specialty=world.medicine)
    assert resubmit(world, returned, receiver_department=other).specialty == world.medicine
    again = worlds.pending_referral(world, patient=returned.patient, diagnoses=[world.appendicitis])
    again = worlds.step(again, "return", world.liaison, reason_code="incomplete", reason="病史不清")
    with pytest.raises(DomainError) as refused:
        resubmit(world, again, receiver_department=other)
    assert refused.value.code == "open_leg_exists"


def test_a_technique_above_the_tier_is_refused_when_it_comes_by_correction(world, returned):
    with pytest.raises(DomainError) as refused:
        resubmit(world, returned, technique=world.gastrectomy)
    assert refused.value.code == "technique_above_tier"
    leg = resubmit(world, returned, technique=world.debridement)
    assert leg.grade == "basic"


def test_put_right_as_an_emergency_it_owes_the_rest_and_skips_the_review(world, returned):
    world.township.reviews_referrals = True
    world.township.save()
    leg = resubmit(world, returned, urgency="emergency", indication="")
    assert (leg.status, leg.urgency) == (Status.PENDING, Urgency.EMERGENCY)
    assert leg.paperwork_due_at is not None


def test_putting_something_else_right_gives_no_more_time_for_what_is_owed(world, owing, reasons):
    leg = worlds.step(
        owing, "return", world.liaison, reason_code="incomplete", reason="联系电话有误"
    )
    Referral.objects.update(paperwork_due_at=leg.paperwork_due_at - timedelta(hours=1))
    owed_by = Referral.objects.get().paperwork_due_at
    assert resubmit(world, leg, allergies="青霉素").paperwork_due_at == owed_by


def test_put_right_as_routine_it_goes_through_the_review(world, returned):
    world.township.reviews_referrals = True
    world.township.save()
    assert resubmit(world, returned, urgency="routine").status == Status.ORIGIN_REVIEW


# --- Consent taken back ------------------------------------------------------------------------


def withdraw(world, leg):
    patients.withdraw_consent(consent=leg.consent, reason="患者要求", by=world.doctor)


def test_without_consent_nothing_is_passed_on_until_it_is_given_again(world, returned):
    withdraw(world, returned)
    with pytest.raises(DomainError) as refused:
        worlds.step(returned, "resubmit", world.doctor)
    assert refused.value.code == "consent_withdrawn"
    with pytest.raises(ValidationError) as asked:
        resubmit(world, returned, indication="需手术")
    assert "correction.consent" in asked.value.message_dict
    assert resubmit(world, returned, consent=CONSENT).status == Status.PENDING


def test_the_own_office_does_not_send_off_what_lost_its_consent(world):
    world.township.reviews_referrals = True
    world.township.save()
    leg = worlds.pending_referral(world)
    assert leg.status == Status.ORIGIN_REVIEW
    withdraw(world, leg)
    with pytest.raises(DomainError) as refused:
        worlds.step(leg, "endorse", world.township_liaison)
    assert refused.value.code == "consent_withdrawn"
    assert Referral.objects.get(pk=leg.pk).sent_at is None
