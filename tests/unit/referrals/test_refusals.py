"""What a move refuses of the data it is given, and what the refused leave behind: nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.access import Access
from alliance.core.choices import Permission, Role
from alliance.core.errors import DomainError
from alliance.core.models import PolicySetting
from alliance.patients.models import Consent
from referrals import actions
from referrals.choices import Move, Status
from referrals.models import Attachment, Referral
from tests import worlds
from tests.factories import alliance as make
from tests.factories.files import png

pytestmark = pytest.mark.usefixtures("reasons")


def refused(leg, name, by, **data):
    """The fields that the refusal names; the leg stays as it was."""
    before = Referral.objects.values().get(pk=leg.pk)
    with pytest.raises(ValidationError) as refusal:
        worlds.step(leg, name, by, **data)
    assert Referral.objects.values().get(pk=leg.pk) == before
    assert leg.events.count() == leg.version
    assert not leg.children.exists()
    return list(refusal.value.message_dict)


# --- Acceptance --------------------------------------------------------------------------------


def test_whoever_accepts_names_department_and_doctor_of_their_own_house(world):
    doctor = make.PractitionerFactory(institution=world.county)
    leg = worlds.step(
        worlds.pending_referral(world),
        "accept",
        world.liaison,
        department=world.county_surgery,
        practitioner=doctor,
    )
    leg.refresh_from_db()
    assert leg.status == Status.ACCEPTED
    assert (leg.receiver_department, leg.receiver_doctor) == (world.county_surgery, doctor)


@pytest.mark.parametrize("field", ["department", "practitioner"])
def test_nobody_accepts_with_what_belongs_to_another_house(world, field):
    foreign = {
        "department": world.township.departments.first(),
        "practitioner": world.practitioner,
    }
    leg = worlds.pending_referral(world)
    assert refused(leg, "accept", world.liaison, **{field: foreign[field]}) == [field]


def test_a_doctor_of_the_receiver_treats_but_does_not_decide(world):
    leg = worlds.pending_referral(world)
    with pytest.raises(PermissionDenied):
        worlds.step(leg, "accept", world.county_doctor)
    leg.refresh_from_db()
    assert leg.status == Status.PENDING


# --- What the event keeps ------------------------------------------------------------------------


def test_an_event_keeps_what_it_was_told_as_plain_values(world):
    at = timezone.now() + timedelta(days=1)
    leg = worlds.step(
        worlds.accepted_referral(world), "reserve", world.liaison,
        at=at, place="门诊三楼", note={"by": world.county_surgery, "beds": [1], "on": at.date()},
    )  # fmt: skip
    assert leg.events.order_by("version").last().data == {
        "at": at.isoformat(),
        "place": "门诊三楼",
        "note": {
            "by": str(world.county_surgery.public_id),
            "beds": "[1]",
            "on": at.date().isoformat(),
        },
    }


def test_whoever_acts_for_the_whole_platform_acts_for_no_house(world):
    somebody = make.staff(Role.AUDITOR)
    somebody.access = Access(system=frozenset({Permission.REFERRAL_RECEIVE}))
    leg = worlds.step(worlds.pending_referral(world), "accept", somebody)
    event = leg.events.order_by("version").last()
    assert (event.by, event.institution) == (somebody, None)


# --- Reasons -----------------------------------------------------------------------------------


def test_a_reason_that_nobody_offers_is_refused(world):
    leg = worlds.pending_referral(world)
    assert refused(leg, "reject", world.liaison, reason_code="bad_weather") == ["reason_code"]


@pytest.mark.parametrize("said", ["", "  "])
def test_another_reason_is_explained(world, said):
    leg = worlds.pending_referral(world)
    assert refused(leg, "reject", world.liaison, reason_code="other", reason=said) == ["reason"]


# --- Redirects and ways back -------------------------------------------------------------------


@pytest.mark.parametrize("place", ["township", "county"])
def test_a_redirect_goes_to_a_third_house(world, place):
    leg = worlds.pending_referral(world)
    data = {"receiver": getattr(world, place), "reason_code": "no_capacity"}
    assert refused(leg, "redirect", world.liaison, **data) == ["receiver"]


def test_a_way_back_to_a_new_place_says_how_the_patient_agreed(world):
    leg = worlds.care_done_referral(world)
    data = {"receiver": world.township2, "stability": "切口干燥", "plan": "第 7 天拆线"}
    assert refused(leg, "refer_back", world.county_doctor, **data) == ["consent_method"]
    home = worlds.step(
        leg, "refer_back", world.county_doctor, consent_method="verbal", **data
    ).children.get()
    assert (home.receiver, home.status) == (world.township2, Status.PENDING)
    assert home.consent != leg.consent
    assert (home.consent.receiver, home.consent.method) == (world.township2, "verbal")
    assert Consent.objects.count() == 2


def test_a_way_back_that_ends_after_the_leg_above_it_disturbs_nothing(world):
    home = worlds.back_leg(world)
    actions.move_by_system(referral=home.parent, move=Move.CLOSE)
    worlds.step(home, "reject", world.township_liaison, reason_code="no_capacity")
    home.parent.refresh_from_db()
    assert home.parent.status == Status.CLOSED


def test_referred_on_from_a_leg_that_has_ended_leaves_that_as_it_is(world):
    leg = worlds.step(
        worlds.care_done_referral(world),
        "close",
        world.county_doctor,
        reason_code="discharged_home",
    )
    data = worlds.filing(world, patient=leg.patient, receiver=world.tertiary)
    new = actions.create_referral(
        by=world.county_doctor, institution=world.county, data=data, parent=leg
    )
    version = leg.version
    leg.refresh_from_db()
    assert (new.parent, new.status) == (leg, Status.PENDING)
    assert (leg.status, leg.version) == (Status.CLOSED, version)


# --- The scheduler -----------------------------------------------------------------------------


def test_a_leg_that_moved_on_meanwhile_does_not_lapse(world):
    overdue = worlds.pending_referral(world)
    Referral.objects.update(due_at=timezone.now() - timedelta(days=30))
    worlds.step(overdue, "accept", world.liaison)
    assert actions.lapse_overdue(referral=overdue) is None
    overdue.refresh_from_db()
    assert overdue.status == Status.ACCEPTED


def test_a_leg_whose_clock_has_stopped_is_looked_at_once_more_and_then_never(world):
    leg = worlds.in_care_referral(world)
    assert leg.due_at is None
    Referral.objects.update(next_alert_at=timezone.now())
    now = timezone.now() + timedelta(seconds=1)
    assert [actions.due_alerts(now=now) for _ in range(2)] == [1, 0]
    assert not leg.alerts.exists()


# --- Papers ------------------------------------------------------------------------------------


def attach(leg, shade, by):
    return actions.attach(referral=leg, file=png(shade), name="心电图.png", by=by)


def test_a_leg_carries_as_many_papers_as_policy_says_and_the_same_one_twice(world):
    PolicySetting.objects.create(
        alliance=world.alliance,
        key="attachment.max_count",
        value=2,
        effective_from=make.LONG_AGO,
        source="章程",
    )
    leg = worlds.pending_referral(world)
    first, second = attach(leg, 1, world.doctor), attach(leg, 2, world.doctor)
    assert attach(leg, 2, world.doctor) == second
    with pytest.raises(ValidationError) as refusal:
        attach(leg, 3, world.doctor)
    assert refusal.value.message_dict == {
        "file": ["A referral carries at most 2 files. Remove one first."]
    }
    actions.remove_attachment(attachment=first, by=world.doctor)
    third = attach(leg, 3, world.doctor)
    assert set(leg.attachments.filter(removed_at=None)) == {second, third}


def test_a_paper_is_removed_once_and_by_the_house_that_added_it(world):
    paper = attach(worlds.pending_referral(world), 1, world.doctor)
    with pytest.raises(PermissionDenied):
        actions.remove_attachment(attachment=paper, by=world.county_doctor)
    actions.remove_attachment(attachment=paper, by=world.doctor)
    with pytest.raises(DomainError) as refusal:
        actions.remove_attachment(attachment=paper, by=world.township_liaison)
    assert refusal.value.code == "already_removed"
    assert Attachment.objects.get().removed_by == world.doctor


# --- Two entries, one person ---------------------------------------------------------------------


def test_two_entries_with_open_legs_of_one_specialty_stay_two(world):
    kept, merged = worlds.patient(world, 1), worlds.patient(world, 3)
    legs = [worlds.pending_referral(world, patient=person) for person in (kept, merged)]
    with pytest.raises(DomainError) as refusal:
        actions.repoint_patient(kept_id=kept.pk, merged_id=merged.pk)
    assert refusal.value.code == "both_have_open_legs"
    assert [Referral.objects.get(pk=leg.pk).patient for leg in legs] == [kept, merged]
    worlds.step(legs[1], "reject", world.liaison, reason_code="no_capacity")
    assert actions.repoint_patient(kept_id=kept.pk, merged_id=merged.pk) == 1
    assert Referral.objects.filter(patient=kept).count() == 2
