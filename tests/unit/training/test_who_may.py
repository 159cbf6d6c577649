"""Who may do what in the rooms of training, asked of the policies themselves."""

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories import granting, logbook, privileges
from training.courses.policies import may_see_hours
from training.exams.models import QuestionBank
from training.granting.models import Member
from training.granting.policies import insist
from training.logbook.choices import Act
from training.logbook.policies import may, may_see_curve, may_vouch
from training.privileges import policies as register
from training.privileges.actions import issue_certificate
from training.privileges.models import Certificate
from training.programmes.actions import export_matrix
from training.programmes.matrix import Matrix

pytestmark = pytest.mark.django_db
EVERYBODY = ("doctor", "county_doctor", "township_manager", "office", "qc", "outsider", "auditor")


def those(world, allowed):
    """Who of the cast is allowed."""
    return {name for name in EVERYBODY if allowed(getattr(world, name))}


def test_hours_are_seen_by_oneself_and_by_who_looks_after_the_house(world):
    me = world.doctor.practitioner
    seen = those(world, lambda user: may_see_hours(user, me))
    assert seen == {"doctor", "township_manager", "office", "qc"}


def test_banks_are_for_those_who_make_exams(world):
    bank = QuestionBank.objects.create(alliance=world.alliance, name="清创缝合题库")
    seen = those(world, lambda user: bank in QuestionBank.objects.visible_to(user))
    assert seen == {"office"}


def test_members_are_seen_by_who_sees_the_committees_work(world):
    granting.committee(world)
    seen = those(world, lambda user: Member.objects.visible_to(user).exists())
    assert seen == {"office", "qc"}


def test_confirmed_cases_are_vouched_for_by_the_supervisor_and_who_trains(world):
    logbook.teach(world)
    case = logbook.done(world)
    assert case.supervisor == world.county_doctor.practitioner
    assert those(world, lambda user: may_vouch(user, case)) == {"county_doctor", "office"}


def test_an_entry_is_corrected_by_who_may_write_it(world):
    logbook.teach(world)
    case = logbook.record(world)
    seen = those(world, lambda user: may(user, Act.CORRECT, case))
    assert "doctor" in seen
    assert seen.isdisjoint({"outsider", "auditor"})


def test_curves_are_seen_by_oneself_ones_supervisor_house_and_alliance(world):
    logbook.teach(world)
    me, alliances = world.doctor.practitioner, [world.alliance.pk]
    before = those(world, lambda user: may_see_curve(user, me, alliances))
    logbook.done(world)
    after = those(world, lambda user: may_see_curve(user, me, alliances))
    assert before == {"doctor", "township_manager", "office", "qc"}
    assert after == before | {"county_doctor"}


def test_overrides_are_seen_by_who_may_make_or_judge_them(world):
    seen = those(world, register.may_see_overrides)
    assert seen == {"doctor", "county_doctor", "township_manager", "office", "qc", "outsider"}


def test_certificates_are_seen_with_their_privilege(world):
    found = privileges.privilege(world)
    paper = issue_certificate(privilege=found, by=world.office)
    seen = those(world, lambda user: paper in Certificate.objects.visible_to(user))
    assert seen == {"county_doctor", "office", "qc"}


def test_the_matrix_leaves_the_house_with_those_only_who_may_take_data_out(world):
    empty = Matrix(doctors=[], columns=[])
    with pytest.raises(PermissionDenied):
        export_matrix(found=empty, institution=world.township, by=world.doctor)


def test_to_insist_is_to_refuse():
    insist(True)
    with pytest.raises(PermissionDenied):
        insist(False)
