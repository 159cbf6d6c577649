"""The committee: who votes and who is excused, what it decides, and what each may do."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import StaleVersion, TransitionNotAllowed
from alliance.people.models import Practitioner
from tests.factories import alliance as make
from tests.factories import granting, logbook, mentoring
from training.granting import actions, policies, rules
from training.granting.choices import Ground, Status
from training.granting.models import Application, Decision, Excusal, Member
from training.granting.policies import Act
from training.privileges.models import Privilege

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)


# --- The committee -------------------------------------------------------------------------------


def test_there_is_nothing_to_vote_on_without_a_committee(world):
    row = granting.waiting(world)
    with granting.refusal("no_committee"):
        actions.take_up(application=row, by=world.office)
    with pytest.raises(PermissionDenied):
        actions.take_up(application=row, by=world.doctor)
    granting.committee(world)
    other = make.AllianceFactory()
    foreign = granting.meeting(world, granting.bare_committee(world, other))
    with pytest.raises(ValidationError, match="in office"):
        actions.take_up(application=row, meeting=foreign, by=world.office)


def test_the_record_says_who_is_excused_and_why(world):
    found = granting.committee(world, members=5)
    chair, mentor, neighbour, clerk, _free = found.members.order_by("pk")
    granting.link(mentor.user, world.county_doctor.practitioner)
    logbook.teach(world)
    mentoring.agreed_mentorship(world)
    Member.objects.filter(pk=neighbour.pk).update(institution=world.township)
    clerk.user.grants.create(
        role="doctor", institution=world.township, valid_from=TODAY, granted_by=world.qc
    )
    row = granting.taken_up(world, found)
    told = dict(Excusal.objects.values_list("member", "ground"))
    assert told == {
        mentor.pk: Ground.MENTOR,
        neighbour.pk: Ground.INSTITUTION,
        clerk.pk: Ground.INSTITUTION,
    }
    for seat in (mentor, neighbour, clerk):
        with granting.refusal("member_excused"):
            actions.cast_vote(application=row, ballot="for", reason="好", by=seat.user)
    assert actions.cast_vote(application=row, ballot="for", reason="好", by=chair.user)


def test_a_new_member_is_looked_at_for_what_waits(world):
    row = granting.taken_up(world)
    late = granting.colleague(
        world, practitioner=make.PractitionerFactory(institution=world.township)
    )
    seat = actions.appoint_member(
        committee=row.committee, user=late, valid_from=TODAY, by=world.office
    )
    assert seat.institution == world.township
    assert Excusal.objects.get(member=seat).ground == Ground.INSTITUTION


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"ballot": "perhaps", "reason": "好"}, {"ballot"}),
        ({"ballot": "for", "reason": " "}, {"reason"}),
    ],
)
def test_a_vote_is_whole(world, values, fields):
    row = granting.taken_up(world)
    with pytest.raises(ValidationError) as refused:
        actions.cast_vote(application=row, by=world.qc, **values)
    assert set(refused.value.message_dict) == fields


def test_who_may_not_vote_and_when(world):
    row = granting.waiting(world)
    vote = {"application": row, "ballot": "for", "reason": "好"}
    with pytest.raises(PermissionDenied):
        actions.cast_vote(by=world.doctor, **vote)
    with pytest.raises(PermissionDenied):
        actions.cast_vote(by=world.qc, **vote)
    granting.committee(world)
    with pytest.raises(TransitionNotAllowed):
        actions.cast_vote(by=world.qc, **vote)


def test_a_member_votes_anew_or_stands_back(world):
    row = granting.taken_up(world)
    for ballot in ("against", "for"):
        actions.cast_vote(application=row, ballot=ballot, reason="复核后", by=world.qc)
    assert row.votes.get().ballot == "for"
    with pytest.raises(ValidationError):
        actions.declare_interest(application=row, note=" ", by=world.qc)
    assert actions.declare_interest(application=row, note="远亲", by=world.qc).note == "远亲"
    with granting.refusal("member_excused"):
        actions.cast_vote(application=row, ballot="for", reason="好", by=world.qc)
    with granting.refusal("no_quorum"):
        actions.decide(application=row, reason="好", by=world.office)


def test_the_votes_decide_and_grant(world):
    row = granting.before_committee(world)
    granting.vote(world, row, "for", "for")
    with granting.refusal("no_quorum") as refused:
        actions.decide(application=row, reason="同意", by=world.office)
    assert refused.value.details == {"cast": 2, "needed": 3, "entitled": 3}
    granting.vote(world, row, "for", "for", "against")
    with pytest.raises(PermissionDenied):
        actions.decide(application=row, reason="同意", by=world.doctor)
    with pytest.raises(ValidationError):
        actions.decide(application=row, reason="", by=world.office)
    terms = actions.Terms(conditions="首月由上级医师复核")
    decision = actions.decide(application=row, reason="同意", terms=terms, by=world.office)
    assert (decision.outcome, decision.tally["in_favour"]) == (Status.GRANTED, 2)
    granted = decision.privilege
    assert (granted.level, granted.conditions) == ("independent", "首月由上级医师复核")
    assert granted.evidence["application"] == str(row.public_id)
    assert granted.certificate.number
    with pytest.raises(TransitionNotAllowed):
        actions.decide(application=row, reason="再来一次", by=world.office)
    assert Decision.objects.count() == 1


def test_a_refusal_grants_nothing(world):
    row = granting.before_committee(world)
    granting.vote(world, row, "for", "against", "abstain")
    decision = actions.decide(application=row, reason="例数不足", by=world.qc)
    assert (decision.outcome, decision.privilege, decision.level) == (Status.REFUSED, None, "")
    assert not Privilege.objects.exists()


def test_who_is_bound_to_the_applicant_pronounces_no_decision(world):
    row = granting.before_committee(world)
    granting.vote(world, row, "for", "for", "for")
    bound = granting.link(world.office, make.PractitionerFactory(institution=world.township))
    with granting.refusal("member_excused"):
        actions.decide(application=row, reason="同意", by=bound)


def test_what_has_ended_since_is_not_granted(world):
    row = granting.before_committee(world)
    granting.vote(world, row, "for", "for", "for")
    Practitioner.objects.filter(pk=world.practitioner.pk).update(licence_valid_until=TODAY - DAY)
    with granting.refusal("requirements_missing"):
        actions.decide(application=row, reason="同意", by=world.office)
    assert not Decision.objects.exists()


def test_the_applicant_takes_it_back(world):
    row = granting.waiting(world)
    with pytest.raises(PermissionDenied):
        actions.withdraw(application=row, reason="改日", by=world.office, version=1)
    with pytest.raises(StaleVersion):
        actions.withdraw(application=row, reason="改日", by=world.doctor, version=9)
    with pytest.raises(ValidationError):
        actions.withdraw(application=row, reason="", by=world.doctor, version=1)
    assert actions.withdraw(
        application=row, reason="改日", by=world.doctor, version=1
    ).status == Status.WITHDRAWN  # fmt: skip


def test_terms_seats_and_meetings(world):
    found = granting.committee(world)
    with pytest.raises(ValidationError, match="may vote"):
        actions.appoint_member(
            committee=found, user=world.doctor, valid_from=TODAY, by=world.office
        )
    seat = found.members.get(user=world.qc)
    actions.end_seat(member=seat, until=TODAY + DAY, by=world.office)
    with granting.refusal("seat_ended"):
        actions.end_seat(member=seat, until=TODAY + DAY, by=world.office)
    with pytest.raises(ValidationError):
        actions.plan_meeting(
            committee=found, held_on=TODAY - DAY, starts_at=time(9), place="会议室", by=world.office
        )
    planned = granting.meeting(world, found)
    row = actions.take_up(application=granting.waiting(world), meeting=planned, by=world.office)
    assert row.meeting == planned
    written = actions.write_minutes(meeting=planned, minutes=" 逐例审议 ", by=world.qc, version=1)
    assert written.minutes == "逐例审议"
    with pytest.raises(StaleVersion):
        actions.write_minutes(meeting=planned, minutes="改", by=world.qc, version=1)
    ended = actions.end_term(committee=found, until=TODAY + DAY, by=world.office, version=1)
    assert ended.valid_until == TODAY + DAY
    with pytest.raises(PermissionDenied):
        actions.found_committee(
            alliance=world.alliance, name="二届", valid_from=TODAY + DAY, by=world.doctor
        )


# --- Policies and sets ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status", "acts"),
    [
        ("doctor", "submitted", {Act.WITHDRAW}),
        ("office", "submitted", {Act.TAKE_UP}),
        ("office", "in_committee", {Act.TAKE_UP, Act.DECIDE}),
        ("qc", "in_committee", {Act.TAKE_UP, Act.DECIDE, Act.VOTE, Act.DECLARE}),
        ("township_manager", "in_committee", set()),
    ],
)
def test_acts_by_state_and_person(world, who, status, acts):
    row = granting.waiting(world)
    if status == "in_committee":
        granting.committee(world)
        row = actions.take_up(application=row, by=world.office)
    assert policies.acts_on(getattr(world, who), row, may_vote=who == "qc") == acts


def test_what_waits_for_ones_vote(world):
    row = granting.taken_up(world)
    mine = Application.objects.visible_to(world.qc).unvoted_by(world.qc, TODAY)
    assert list(mine) == [row]
    actions.cast_vote(application=row, ballot="for", reason="好", by=world.qc)
    assert not mine.all().exists()
    assert not Application.objects.unvoted_by(world.office, TODAY).exists()


def test_the_whole_of_what_was_frozen_is_read_again(world):
    row = granting.opened(world)
    frozen = [rules.Requirement.from_json(one) for one in row.evidence["requirements"]]
    assert {one.code for one in frozen} >= {"licence", "grade", "enrolled", "programme"}
