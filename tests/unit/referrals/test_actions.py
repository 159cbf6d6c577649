"""What the actions of referrals leave behind, and that refusals leave nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core import outbox
from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.notices.models import Notice
from alliance.patients import actions as patients
from alliance.patients.models import PatientAccess
from referrals import actions
from referrals.choices import Move, Status
from referrals.models import Referral, ReferralEvent
from tests import worlds


def test_create_files_row_event_ledger_and_outbox(world):
    leg = worlds.pending_referral(world)
    assert (leg.status, leg.version, leg.holder) == (Status.PENDING, 1, world.county)
    assert leg.number.startswith(f"SZ-{timezone.localdate():%Y%m%d}-")
    assert leg.clock == "decision"
    assert leg.due_at - leg.state_since == timedelta(minutes=120)
    event = leg.events.get()
    assert (event.move, event.source, event.target) == ("submit", "draft", "pending")
    assert AuditEntry.objects.filter(action="referral.submit").count() == 1
    assert OutboxMessage.objects.filter(topic="referral.moved").count() == 1
    assert PatientAccess.objects.filter(institution=world.county, patient=leg.patient).exists()


def test_create_without_indication_names_the_field_and_leaves_nothing(world):
    data = worlds.filing(world, indication=" ")
    with pytest.raises(ValidationError) as refused:
        actions.create_referral(by=world.doctor, institution=world.township, data=data)
    assert refused.value.message_dict == {"indication": ["This is needed."]}
    assert not Referral.objects.exists()
    assert not ReferralEvent.objects.exists()


def test_create_for_another_house_is_forbidden(world):
    data = worlds.filing(world)
    with pytest.raises(PermissionDenied):
        actions.create_referral(by=world.township2_doctor, institution=world.township, data=data)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"receiver": "outside"}, "relation_missing"),
        ({"receiver": "township2"}, "direction_mismatch"),
        ({"technique": "gastrectomy"}, "technique_above_tier"),
    ],
)
def test_create_refused_receiver_says_why_and_offers_others(world, more, code):
    data = worlds.filing(world, **{name: getattr(world, value) for name, value in more.items()})
    with pytest.raises(DomainError) as refused:
        actions.create_referral(by=world.doctor, institution=world.township, data=data)
    assert refused.value.code == code
    offered = [other["name"] for other in refused.value.details["alternatives"]]
    assert offered
    assert data["receiver"].name not in offered


def test_create_second_open_leg_of_the_specialty_is_refused(world):
    first = worlds.pending_referral(world)
    with pytest.raises(DomainError) as refused:
        worlds.pending_referral(world, patient=first.patient)
    assert refused.value.code == "open_leg_exists"
    assert refused.value.details["number"] == first.number


def test_whole_loop_closes_both_legs(world):
    leg = worlds.back_leg(world)
    parent = leg.parent
    assert (parent.status, parent.holder) == (Status.BACK_REFERRED, world.township)
    assert (leg.direction, leg.status, leg.sender) == ("down", Status.PENDING, world.county)
    for name, data in [
        ("accept", {}),
        ("arrive", {}),
        ("start_care", {}),
        ("follow_up", {"note": "切口愈合良好", "outcome": "recovered"}),
        ("close", {}),
    ]:
        by = world.township_liaison
        leg = worlds.step(leg, name, by, **data)
    parent.refresh_from_db()
    assert (leg.status, parent.status) == (Status.CLOSED, Status.CLOSED)
    assert parent.holder is None
    assert parent.events.count() == 7


def test_close_back_leg_without_follow_up_is_refused(world):
    leg = worlds.back_leg(world)
    for name in ("accept", "arrive", "start_care"):
        leg = worlds.step(leg, name, world.township_liaison)
    with pytest.raises(TransitionNotAllowed) as refused:
        worlds.step(leg, "close", world.township_liaison)
    assert refused.value.code == "follow_up_missing"


def test_rejected_way_back_gives_the_patient_back_to_the_county(world):
    leg = worlds.back_leg(world)
    make_reason("reject", "no_capacity")
    worlds.step(leg, "reject", world.township_liaison, reason_code="no_capacity")
    leg.parent.refresh_from_db()
    assert (leg.parent.status, leg.parent.holder) == (Status.CARE_DONE, world.county)


def make_reason(move, code):
    from referrals.models import ReasonCode

    return ReasonCode.objects.create(
        move=move, code=code, label_zh=code, label_en=code, valid_from="2020-01-01"
    )


def test_redirect_makes_a_leg_from_the_first_sender(world):
    make_reason("redirect", "better_place")
    leg = worlds.pending_referral(world)
    worlds.step(leg, "redirect", world.liaison, receiver=world.county2, reason_code="better_place")
    child = leg.children.get()
    assert (child.sender, child.receiver, child.status) == (
        world.township,
        world.county2,
        Status.PENDING,
    )
    leg.refresh_from_db()
    assert leg.status == Status.REDIRECTED
    assert PatientAccess.objects.filter(institution=world.county2).exists()


def test_bounce_ends_the_leg_it_follows_from(world):
    leg = worlds.in_care_referral(world)
    data = worlds.filing(world, patient=leg.patient, receiver=world.tertiary)
    new = actions.create_referral(
        by=world.county_doctor, institution=world.county, data=data, parent=leg
    )
    leg.refresh_from_db()
    assert (leg.status, new.status, new.parent_id) == (Status.CLOSED, Status.PENDING, leg.pk)


def test_ask_pauses_the_decision_clock_and_answer_resumes_it(world, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    leg = worlds.pending_referral(world)
    time_machine.shift(timedelta(minutes=30))
    leg = worlds.step(leg, "ask", world.liaison, question="有无发热？")
    assert (leg.status, leg.holder, leg.clock) == (
        Status.INFO_REQUESTED,
        world.township,
        "answer",
    )
    time_machine.shift(timedelta(minutes=45))
    leg = worlds.step(leg, "answer", world.doctor, answer="体温 38.2 ℃")
    assert leg.due_at == timezone.now() + timedelta(minutes=90)


def test_emergency_leaves_before_its_paperwork_and_owes_it(world):
    leg = worlds.pending_referral(
        world,
        urgency="emergency",
        present_illness="",
        indication="",
        diagnoses=[],
        consent=None,
        receiver_department=world.county_surgery,
    )
    assert leg.paperwork_due_at is not None
    leg = worlds.step(leg, "accept", world.liaison)
    paperwork = {
        "present_illness": "胸痛 2 小时",
        "indication": "胸痛中心",
        "diagnoses": [world.appendicitis],
        "consent": {"given": True, "method": "verbal", "given_by": "family"},
    }
    leg = worlds.step(leg, "answer", world.doctor, answer="补齐资料", paperwork=paperwork)
    assert (leg.status, leg.paperwork_due_at) == (Status.ACCEPTED, None)
    assert leg.consent.method == "verbal"


def test_move_with_a_stale_version_changes_nothing(world):
    leg = worlds.pending_referral(world)
    with pytest.raises(StaleVersion):
        actions.move(referral=leg, move=Move.ACCEPT, by=world.liaison, version=7)
    leg.refresh_from_db()
    assert (leg.status, leg.version) == (Status.PENDING, 1)


def test_reject_without_reason_names_the_field(world):
    leg = worlds.pending_referral(world)
    with pytest.raises(ValidationError) as refused:
        worlds.step(leg, "reject", world.liaison)
    assert "reason_code" in refused.value.message_dict


def test_sender_cannot_accept(world):
    leg = worlds.pending_referral(world)
    with pytest.raises(PermissionDenied):
        worlds.step(leg, "accept", world.township_liaison)


def test_draft_keeps_what_was_typed_and_is_encrypted(world):
    from django.db import connection

    draft = actions.save_draft(
        by=world.doctor, institution=world.township, form_data={"name": "王小兰", "x": "半句"}
    )
    again = actions.save_draft(
        by=world.doctor,
        institution=world.township,
        form_data={"name": "王小兰", "x": "一整句"},
        draft=draft,
        version=1,
    )
    assert again.version == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT form_data FROM referrals_referral WHERE id = %s", [draft.pk])
        assert "王" not in cursor.fetchone()[0]
    with pytest.raises(StaleVersion):
        actions.save_draft(
            by=world.doctor,
            institution=world.township,
            form_data={},
            draft=draft,
            version=1,
        )


def test_draft_is_submitted(world):
    draft = actions.save_draft(by=world.doctor, institution=world.township, form_data={})
    leg = actions.submit_draft(draft=draft, data=worlds.filing(world), by=world.doctor, version=1)
    assert (leg.status, leg.number, leg.form_data) == (Status.PENDING, draft.number, "")


def test_withdrawn_consent_is_told_to_both_houses(world):
    leg = worlds.pending_referral(world)
    patients.withdraw_consent(consent=leg.consent, reason="患者要求", by=world.doctor)
    outbox.relay()
    told = Notice.objects.filter(text_key="referral.consent_withdrawn")
    assert {notice.user_id for notice in told} == {
        world.doctor.pk,
        world.township_liaison.pk,
        world.liaison.pk,
    }


def test_the_way_back_names_the_diagnosis_even_where_nobody_wrote_a_result(world):
    leg = worlds.back_leg(world)
    assert leg.diagnosis_result == "急性阑尾炎"
