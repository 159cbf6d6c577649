"""What travels with a patient from leg to leg, and what no longer stands in the way."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.institutions.models import Membership, Relation
from alliance.patients import actions as patients
from referrals import actions
from referrals.choices import Move, Status
from referrals.models import Attachment, Referral
from referrals.presenters.paper import paper_of
from tests import worlds
from tests.factories import alliance as make
from tests.factories.files import png

pytestmark = pytest.mark.usefixtures("reasons")


def attached(leg, by, name="心电图.png", shade=1):
    return actions.attach(referral=leg, file=png(shade), name=name, by=by)


def redirected(world, leg):
    worlds.step(leg, "redirect", world.liaison, receiver=world.county2, reason_code="no_capacity")
    return leg.children.get()


def test_a_redirect_takes_papers_consent_and_what_is_owed_along(world):
    leg = worlds.pending_referral(
        world, urgency="emergency", present_illness="", receiver_department=None
    )
    paper = attached(leg, world.doctor)
    gone = attached(leg, world.doctor, shade=2)
    actions.remove_attachment(attachment=gone, by=world.doctor)
    child = redirected(world, leg)
    copy = child.attachments.get()
    assert (copy.sha256, copy.file.name, copy.institution) == (
        paper.sha256,
        paper.file.name,
        world.township,
    )
    assert Attachment.objects.visible_to(world.county2_liaison).get() == copy
    assert (child.consent, child.paperwork_due_at) == (leg.consent, leg.paperwork_due_at)


def test_a_redirect_is_not_made_on_a_consent_taken_back(world):
    leg = worlds.pending_referral(world)
    patients.withdraw_consent(consent=leg.consent, reason="患者要求", by=world.doctor)
    with pytest.raises(DomainError) as refused:
        redirected(world, leg)
    assert refused.value.code == "consent_withdrawn"
    leg.refresh_from_db()
    assert leg.status == Status.PENDING


def test_papers_go_on_to_the_next_place_and_home_but_not_back_to_whoever_added_them(world):
    leg = worlds.care_done_referral(world)
    attached(leg, world.doctor, "township.png", 1)
    attached(leg, world.county_doctor, "county.png", 2)
    home = worlds.step(
        leg,
        "refer_back",
        world.county_doctor,
        receiver=world.township,
        stability="切口干燥",
        plan="第 7 天拆线",
    ).children.get()
    assert [paper.name for paper in home.attachments.all()] == ["county.png"]


def test_going_on_from_a_refused_leg_takes_its_papers(world):
    leg = worlds.pending_referral(world)
    attached(leg, world.doctor)
    leg = worlds.step(leg, "reject", world.liaison, reason_code="no_capacity")
    data = worlds.filing(world, patient=leg.patient, receiver=world.county2)
    new = actions.create_referral(
        by=world.doctor, institution=world.township, data=data, parent=leg
    )
    assert new.attachments.count() == 1


def test_papers_of_an_ended_leg_stay(world):
    leg = worlds.pending_referral(world)
    paper = attached(leg, world.doctor)
    worlds.step(leg, "reject", world.liaison, reason_code="no_capacity")
    paper.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        actions.remove_attachment(attachment=paper, by=world.doctor)
    assert refused.value.code == "already_ended"


def test_a_doctor_of_another_house_does_not_sign(world):
    stranger = make.PractitionerFactory(institution=world.county)
    with pytest.raises(ValidationError) as refused:
        worlds.pending_referral(world, sender_doctor=stranger)
    assert "sender_doctor" in refused.value.message_dict


# --- Acceptance asks again ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda w: Relation.objects.filter(receiver=w.county).delete(), "relation_missing"),
        (lambda w: end_membership(w.county), "relation_missing"),
        (lambda w: end_membership(w.township), "relation_missing"),
        (lambda w: w.county.departments.update(is_active=False), "department_missing"),
        (lambda w: Referral.objects.update(technique=w.gastrectomy), "technique_above_tier"),
    ],
)
def test_what_is_no_longer_true_is_refused_at_acceptance_with_other_places(world, change, code):
    leg = worlds.pending_referral(world, technique=world.appendectomy)
    change(world)
    with pytest.raises(DomainError) as refused:
        worlds.step(leg, "accept", world.liaison)
    assert refused.value.code == code
    leg.refresh_from_db()
    assert (leg.status, leg.version) == (Status.PENDING, 1)


def end_membership(house):
    Membership.objects.filter(institution=house).update(valid_until=timezone.localdate())


def test_an_emergency_and_the_way_home_never_wait_for_the_matrix(world):
    urgent = worlds.pending_referral(world, urgency="emergency")
    person = worlds.patient(world, 3, "赵大山")
    home = worlds.back_leg(world, patient=person)
    Relation.objects.all().delete()
    assert worlds.step(urgent, "accept", world.liaison).status == Status.ACCEPTED
    assert worlds.step(home, "accept", world.township_liaison).status == Status.ACCEPTED


def test_a_member_that_left_gets_no_referrals_though_its_cells_are_still_there(world):
    end_membership(world.county)
    with pytest.raises(DomainError) as refused:
        worlds.pending_referral(world)
    assert refused.value.code == "relation_missing"


# --- The way back to a peer --------------------------------------------------------------------


def test_a_peer_gets_its_patient_back(world):
    person = worlds.patient(world, at=world.county)
    data = worlds.filing(world, patient=person, direction="lateral", receiver=world.county2)
    leg = actions.create_referral(by=world.liaison, institution=world.county, data=data)
    there = world.county2_liaison
    for name in ("accept", "arrive", "start_care"):
        leg = worlds.step(leg, name, there)
    leg = worlds.step(leg, "finish_care", there, outcome="improved", summary="已检查")
    said = {"stability": "平稳", "plan": "继续观察"}
    with pytest.raises(ValidationError):
        worlds.step(leg, "refer_back", there, receiver=world.tertiary, **said)
    leg = worlds.step(leg, "refer_back", there, receiver=world.county, **said)
    home = leg.children.get()
    assert (home.direction, home.receiver) == ("lateral", world.county)
    assert paper_of(home, on=timezone.localdate()).is_back


# --- Who died is not referred ------------------------------------------------------------------


def test_a_patient_who_died_is_not_referred(world):
    person = worlds.patient(world)
    patients.record_death(
        patient=person, on=timezone.localdate(), by=world.doctor, institution=world.township
    )
    with pytest.raises(DomainError) as refused:
        worlds.pending_referral(world, patient=person)
    assert refused.value.code == "patient_deceased"


# --- A forgotten leg does not bar the patient ----------------------------------------------------


def test_a_forgotten_leg_lapses_when_the_patient_is_referred_again(world):
    old = worlds.pending_referral(world)
    Referral.objects.filter(pk=old.pk).update(due_at=timezone.now() - timedelta(days=15))
    new = worlds.pending_referral(world, patient=old.patient)
    old.refresh_from_db()
    assert (new.status, old.status) == (Status.PENDING, Status.LAPSED)
    event = old.events.order_by("version").last()
    assert (event.move, event.by) == (Move.LAPSE, world.doctor)
    assert new.number in event.reason
    assert new.consent.receiver == world.county


def test_care_that_nobody_recorded_any_more_closes(world):
    old = worlds.in_care_referral(world)
    Referral.objects.filter(pk=old.pk).update(state_since=timezone.now() - timedelta(days=61))
    worlds.pending_referral(world, patient=old.patient)
    old.refresh_from_db()
    assert old.status == Status.CLOSED


@pytest.mark.parametrize("days", [13, 0, -1])
def test_a_living_leg_still_bars_another(world, days):
    old = worlds.pending_referral(world)
    Referral.objects.filter(pk=old.pk).update(due_at=timezone.now() - timedelta(days=days))
    with pytest.raises(DomainError) as refused:
        worlds.pending_referral(world, patient=old.patient)
    assert refused.value.code == "open_leg_exists"


def test_review_at_home_neither_lapses_nor_closes_by_itself(world):
    world.township.reviews_referrals = True
    world.township.save()
    old = worlds.pending_referral(world)
    Referral.objects.filter(pk=old.pk).update(due_at=timezone.now() - timedelta(days=90))
    with pytest.raises(DomainError):
        worlds.pending_referral(world, patient=old.patient)
