"""What the tables of granting refuse, whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import granting, privileges
from training.granting.choices import Ballot, Ground, Status
from training.granting.models import (
    Application,
    ApplicationEvent,
    Committee,
    Decision,
    Excusal,
    Meeting,
    Member,
    Vote,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()
DAY = timedelta(days=1)


def broken(constraint):
    """The database refuses what follows by that name; the transaction of the test goes on."""
    return pytest.raises(IntegrityError, match=f'"{constraint}"')


@pytest.fixture
def committee(world):
    return Committee.objects.create(alliance=world.alliance, name="一届", valid_from=TODAY)


@pytest.fixture
def member(world, committee):
    return Member.objects.create(committee=committee, user=world.qc, valid_from=TODAY)


@pytest.fixture
def before_committee(world, committee):
    return granting.waiting(world, status=Status.IN_COMMITTEE, committee=committee)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "lost"}, "granting_application_status"),
        ({"status": "granted"}, "granting_application_ended_when"),
        ({"ended_at": NOW}, "granting_application_ended_when"),
        ({"status": "in_committee"}, "granting_application_has_committee"),
        ({"status": "refused", "ended_at": NOW}, "granting_application_has_committee"),
    ],
)
def test_an_application_is_in_a_known_state(world, change, constraint):
    one = granting.waiting(world)
    with broken(constraint), transaction.atomic():
        Application.objects.filter(pk=one.pk).update(**change)


def test_an_application_is_of_a_known_kind(world):
    with broken("granting_application_kind"), transaction.atomic():
        granting.waiting(world, kind="other")


@pytest.mark.parametrize("kind", ["first", "renewal"])
def test_what_is_renewed_is_named(world, kind):
    held = privileges.bare(world) if kind == "first" else None
    with broken("granting_application_names_privilege"), transaction.atomic():
        granting.waiting(world, kind=kind, privilege=held)


def test_one_application_waits_for_a_privilege_at_a_time(world):
    granting.waiting(world)
    granting.waiting(world, technique=world.appendectomy)
    with broken("granting_application_one_open"), transaction.atomic():
        granting.waiting(world)


@pytest.mark.parametrize(
    "change", [{"evidence": {}}, {"kind": "renewal"}, {"status": "withdrawn", "ended_at": NOW}]
)
def test_what_is_frozen_or_ended_stays(world, change):
    one = granting.waiting(world, status="withdrawn", ended_at=NOW)
    if "status" not in change:
        one = granting.waiting(world)
    with pytest.raises(IntegrityError, match=r"frozen|never changed"), transaction.atomic():
        Application.objects.filter(pk=one.pk).update(**change)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"move": "jump"}, "granting_applicationevent_move"),
        ({"target": "lost"}, "granting_applicationevent_target"),
    ],
)
def test_a_step_is_one_of_the_machines(world, values, constraint):
    step = {"move": "submit", "target": "submitted", **values}
    with broken(constraint), transaction.atomic():
        ApplicationEvent.objects.create(
            application=granting.waiting(world), by=world.doctor, **step
        )


def test_steps_are_never_changed(world):
    one = ApplicationEvent.objects.create(
        application=granting.waiting(world), by=world.doctor, move="submit", target="submitted"
    )
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        one.delete()


def test_a_term_begins_before_it_ends(committee):
    with broken("granting_committee_period"), transaction.atomic():
        Committee.objects.filter(pk=committee.pk).update(valid_until=TODAY)


def test_one_committee_is_in_office_at_a_time(world, committee):
    with broken("granting_committee_one_at_a_time"), transaction.atomic():
        Committee.objects.create(alliance=world.alliance, name="二届", valid_from=TODAY + DAY)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"position": "guest"}, "granting_member_position"),
        ({"valid_until": TODAY}, "granting_member_period"),
    ],
)
def test_a_seat_is_whole(member, change, constraint):
    with broken(constraint), transaction.atomic():
        Member.objects.filter(pk=member.pk).update(**change)


def test_nobody_sits_twice_and_there_is_one_chair(world, committee, member):
    with broken("granting_member_one_seat"), transaction.atomic():
        Member.objects.create(committee=committee, user=world.qc, valid_from=TODAY)
    Member.objects.filter(pk=member.pk).update(position="chair")
    with broken("granting_member_one_chair"), transaction.atomic():
        Member.objects.create(
            committee=committee, user=world.office, valid_from=TODAY, position="chair"
        )


def test_a_meeting_has_a_place_and_a_time_of_its_own(world, committee):
    values = {"committee": committee, "held_on": TODAY, "created_by": world.office}
    with broken("granting_meeting_place"), transaction.atomic():
        Meeting.objects.create(**values, starts_at="09:00", place="")
    Meeting.objects.create(**values, starts_at="09:00", place="三号会议室")
    with broken("granting_meeting_once"), transaction.atomic():
        Meeting.objects.create(**values, starts_at="09:00", place="四号会议室")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"ground": "mood"}, "granting_excusal_ground"),
        ({"ground": Ground.DECLARED}, "granting_excusal_note"),
    ],
)
def test_an_excusal_says_why(before_committee, member, values, constraint):
    with broken(constraint), transaction.atomic():
        Excusal.objects.create(application=before_committee, member=member, **values)


def test_a_member_is_excused_once(before_committee, member):
    values = {"application": before_committee, "member": member, "ground": Ground.MENTOR}
    Excusal.objects.create(**values)
    with broken("granting_excusal_once"), transaction.atomic():
        Excusal.objects.create(**values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"ballot": "perhaps"}, "granting_vote_ballot"),
        ({"reason": ""}, "granting_vote_reason"),
    ],
)
def test_a_vote_says_how_and_why(before_committee, member, values, constraint):
    vote = {"ballot": Ballot.FOR, "reason": "资料齐全", "at": NOW, **values}
    with broken(constraint), transaction.atomic():
        Vote.objects.create(application=before_committee, member=member, **vote)


def test_a_member_votes_once(before_committee, member):
    vote = {"application": before_committee, "member": member, "ballot": Ballot.FOR, "at": NOW}
    Vote.objects.create(**vote, reason="资料齐全")
    with broken("granting_vote_once"), transaction.atomic():
        Vote.objects.create(**vote, reason="资料齐全")


def _excuse(world, application, member):
    Excusal.objects.create(application=application, member=member, ground=Ground.MENTOR)


def _post_to_township(world, application, member):
    Member.objects.filter(pk=member.pk).update(institution=world.township)


def _applicant(world, application, member):
    type(world.doctor).objects.filter(pk=world.doctor.pk).update(practitioner=None)
    type(world.qc).objects.filter(pk=world.qc.pk).update(practitioner=world.practitioner)


@pytest.mark.parametrize("tie", [_excuse, _post_to_township, _applicant])
def test_the_database_takes_no_vote_of_who_is_excused(world, before_committee, member, tie):
    tie(world, before_committee, member)
    with pytest.raises(IntegrityError, match="excused"), transaction.atomic():
        Vote.objects.create(
            application=before_committee, member=member, ballot="for", reason="好", at=NOW
        )


def test_the_database_takes_no_vote_before_or_after(world, member):
    one = granting.waiting(world)
    with pytest.raises(IntegrityError, match="nobody votes"), transaction.atomic():
        Vote.objects.create(application=one, member=member, ballot="for", reason="好", at=NOW)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"outcome": "granted"}, "granting_decision_whole"),
        ({"outcome": "refused", "level": "independent"}, "granting_decision_whole"),
        ({"outcome": "submitted"}, "granting_decision_whole"),
        ({"outcome": "refused", "reason": ""}, "granting_decision_reason"),
        (
            {
                "outcome": "granted",
                "level": "independent",
                "valid_from": TODAY,
                "valid_until": TODAY,
            },
            "granting_decision_period",
        ),
    ],
)
def test_a_decision_is_whole(world, before_committee, values, constraint):
    if constraint == "granting_decision_period":
        values = {**values, "privilege": privileges.bare(world)}
    decision = {"reason": "同意", "tally": {}, "by": world.office, **values}
    with broken(constraint), transaction.atomic():
        Decision.objects.create(application=before_committee, **decision)


def test_a_decision_is_never_changed(world, before_committee):
    Decision.objects.create(
        application=before_committee, outcome="refused", reason="不足", tally={}, by=world.office
    )
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Decision.objects.update(reason="同意")
