"""The last place, one operation, one privilege: of two at the same moment exactly one has it."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.models import PolicySetting
from tests import worlds
from tests.factories import alliance as make
from tests.factories import logbook, mentoring
from training.logbook.models import Case
from training.mentoring import actions as teaching
from training.mentoring.choices import MentorshipStatus
from training.mentoring.models import Mentorship
from training.privileges import actions as register
from training.privileges.models import Privilege

from .together import at_once, refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_agreements_at_once_do_not_share_a_mentors_last_place():
    world = worlds.alliance()
    PolicySetting.objects.create(
        alliance=world.alliance, key="mentoring.mentees_most", value=1,
        effective_from=timezone.localdate() - timedelta(days=9), source="test",
    )  # fmt: skip
    other = make.PractitionerFactory(institution=world.township)
    user = make.staff(Role.DOCTOR, institution=world.township, practitioner=other)
    first = mentoring.proposed_mentorship(world)
    second = mentoring.proposed_mentorship(world, mentee=other)
    answers = at_once(
        partial(teaching.agree_to_mentorship, mentorship=first, by=world.doctor),
        partial(teaching.agree_to_mentorship, mentorship=second, by=user),
    )
    (late,) = refused(answers)
    assert late.code == "mentor_not_possible"
    assert Mentorship.objects.filter(status=MentorshipStatus.AGREED).count() == 1
    assert Mentorship.objects.get(status=MentorshipStatus.PROPOSED).mentee_agreed_at is None


def test_one_operation_recorded_twice_at_once_stands_once():
    world = worlds.alliance()
    logbook.teach(world)
    record = partial(logbook.record, world, external_case_number="ZY000001")
    (late,) = refused(at_once(record, partial(record, by=world.county_doctor)))
    assert isinstance(late, ValidationError)
    assert late.message_dict == {
        "external_case_number": ["This operation is already in the logbook."]
    }
    assert Case.objects.count() == 1


def test_two_grants_at_once_leave_one_privilege():
    world = worlds.alliance()
    grant = partial(
        register.grant,
        practitioner=world.practitioner,
        technique=world.debridement,
        institution=world.township,
        level="independent",
        valid_from=timezone.localdate(),
        ground="application",
        evidence={},
    )
    (late,) = refused(at_once(partial(grant, by=world.office), partial(grant, by=world.qc)))
    assert late.code == "privilege_exists"
    assert Privilege.objects.count() == 1
