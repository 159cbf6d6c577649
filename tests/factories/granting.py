"""Committees and applications to test with."""

from datetime import time, timedelta

from django.utils import timezone

from alliance.core.choices import Role
from tests.factories import alliance as make
from training.granting import actions
from training.granting.choices import Kind
from training.granting.models import Application, Committee

EVIDENCE = {"requirements": [], "mentors": []}


def waiting(world, *, practitioner=None, technique=None, institution=None, **more):
    """A first application as it stands once it was opened."""
    person = practitioner or world.practitioner
    values = {
        "alliance": world.alliance,
        "kind": Kind.FIRST,
        "practitioner": person,
        "technique": technique or world.debridement,
        "institution": institution or person.institution,
        "evidence": EVIDENCE,
        "opened_by": world.doctor,
        "opened_on": timezone.localdate(),
    }
    return Application.objects.create(**(values | more))


def committee(world, *, members=3, on=None):
    """A committee in office: the QC member of the world in the chair, and others."""
    day = on or timezone.localdate()
    found = actions.found_committee(
        alliance=world.alliance, name="质控委员会", valid_from=day, by=world.office
    )
    people = [world.qc, *(colleague(world) for _serial in range(members - 1))]
    for place, person in enumerate(people):
        actions.appoint_member(
            committee=found,
            user=person,
            position="chair" if place == 0 else "member",
            valid_from=day,
            by=world.office,
        )
    return found


def colleague(world, **more):
    """Another who votes in the alliance's committee."""
    return make.staff(Role.QC_MEMBER, alliance=world.alliance, **more)


def meeting(world, found, *, days=1):
    """A meeting that is planned."""
    return actions.plan_meeting(
        committee=found,
        held_on=timezone.localdate() + timedelta(days=days),
        starts_at=time(14, 30),
        place="云溪市第一医院 3 号会议室",
        by=world.office,
    )


def taken_up(world, found=None, **more):
    """An application before the committee."""
    application = waiting(world, **more)
    found = found or committee(world)
    return actions.take_up(application=application, by=world.office)


def in_office(world):
    """The committee in office, founded where there is none."""
    found = Committee.objects.in_force(timezone.localdate()).filter(alliance=world.alliance)
    return found.first() or committee(world)


def seated(world, found):
    """One more member."""
    return actions.appoint_member(
        committee=found,
        user=colleague(world),
        valid_from=timezone.localdate(),
        by=world.office,
    )


def vote(world, application, *ballots):
    """Votes of the members in their order: the chair first."""
    seats = application.committee.members.order_by("pk")
    for seat, ballot in zip(seats, ballots, strict=False):
        actions.cast_vote(
            application=application, ballot=ballot, reason="资料齐全，符合要求", by=seat.user
        )
