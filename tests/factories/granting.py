"""Committees and applications to test with."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.errors import DomainError
from alliance.people.models import User
from tests.factories import alliance as make
from tests.factories import logbook, privileges, programmes
from training.granting import actions
from training.granting.choices import Kind
from training.granting.evidence import Asked
from training.granting.models import Application, Committee, Meeting

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
    if found.alliance_id != world.alliance.pk:
        return _bare_meeting(world, found)
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


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def enrolled(world):
    """The township's doctor in a programme that asks for one signature."""
    made = programmes.published(world, programmes.ASSESSMENT)
    return programmes.enrolment(world, made)


def ready(world):
    """The same, signed off: nothing is missing any more."""
    row = enrolled(world)
    programmes.signed(world, row)
    return row


def asked(world, kind=Kind.FIRST, privilege=None, **more):
    """What the township's doctor wishes: to do debridements at home."""
    values = {
        "practitioner": world.practitioner,
        "technique": world.debridement,
        "institution": world.township,
    }
    return Asked(kind, **(values | more), privilege=privilege)


def opened(world, **more):
    """A first application, opened as the doctor does."""
    ready(world)
    return actions.open_application(asked=asked(world, **more), by=world.doctor)


def before_committee(world, found=None, **more):
    """The same before the committee."""
    application = opened(world, **more)
    found = found or in_office(world)
    return actions.take_up(application=application, by=world.office)


def cases(world, count, *, failed=0, days=30, role="independent"):
    """Confirmed debridements of the township's doctor in the last days, some of them failed."""
    for serial in range(count):
        bad = serial < failed
        logbook.case(
            world,
            role=role,
            performed_on=ago(days),
            status="confirmed",
            confirmed_at=timezone.now(),
            confirmed_by=world.county_doctor,
            outcome="complication" if bad else "good",
            clavien_dindo="IIIa" if bad else "",
        )


def held(world, *, since=700, until=30, **more):
    """A privilege of the township's doctor to debride alone that is about to end."""
    return privileges.privilege(
        world,
        practitioner=world.practitioner,
        technique=world.debridement,
        institution=world.township,
        valid_from=ago(since),
        valid_until=timezone.localdate() + timedelta(days=until),
        **more,
    )


def convener(world):
    """Who puts applications before the committee in office."""
    in_office(world)
    return world.office


def bare_committee(world, alliance):
    """The committee of another alliance, without any action."""
    return Committee.objects.create(
        alliance=alliance, name="外县委员会", valid_from=timezone.localdate()
    )


def _bare_meeting(world, found):
    """A meeting of somebody else's committee."""
    return Meeting.objects.create(
        committee=found,
        held_on=timezone.localdate(),
        starts_at=time(9),
        place="外县",
        created_by=world.office,
    )


def refusal(code):
    """A refusal of the domain with this code."""
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def link(user, practitioner):
    """Make a user a doctor of the directory."""
    User.objects.filter(practitioner=practitioner).update(practitioner=None)
    User.objects.filter(pk=user.pk).update(practitioner=practitioner)
    return User.objects.get(pk=user.pk)
