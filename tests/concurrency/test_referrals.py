"""Two clerks, a double tap, a merge meanwhile: one winner, nothing lost. Real transactions."""

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from alliance.core import idempotency
from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.people.models import User
from referrals import actions
from referrals.choices import Move, Status
from referrals.models import ReasonCode, Referral, ReferralEvent
from tests import worlds

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(*jobs):
    """Run the jobs in threads that start together; return their answers or errors in order."""
    gate, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            gate.wait(timeout=10)
            answers[place] = job()
        except (DomainError, PermissionDenied) as refused:
            answers[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_accept_and_reject_at_once_one_wins(transactional_db):
    world = worlds.alliance()
    ReasonCode.objects.create(
        move="reject",
        code="no_capacity",
        label_zh="床位已满",
        label_en="Full",
        valid_from="2020-01-01",
    )
    leg = worlds.pending_referral(world)
    second = User.objects.get(pk=world.manager.pk)
    answers = at_once(
        lambda: actions.move(referral=leg, move=Move.ACCEPT, by=world.liaison, version=1),
        lambda: actions.move(
            referral=leg,
            move=Move.REJECT,
            by=second,
            data={"reason_code": "no_capacity"},
            version=1,
        ),
    )
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(refused) == 1
    assert isinstance(refused[0], StaleVersion)
    leg.refresh_from_db()
    assert leg.status in {Status.ACCEPTED, Status.REJECTED}
    assert leg.events.count() == 2


def test_two_acceptances_without_versions_leave_one_event(transactional_db):
    world = worlds.alliance()
    leg = worlds.pending_referral(world)
    answers = at_once(*[lambda: actions.move(referral=leg, move=Move.ACCEPT, by=world.liaison)] * 2)
    assert sum(isinstance(answer, TransitionNotAllowed) for answer in answers) == 1
    assert ReferralEvent.objects.filter(referral=leg, move="accept").count() == 1


def test_eight_identical_filings_are_one_referral(transactional_db):
    world = worlds.alliance()
    patient = worlds.patient(world)
    key = str(uuid.uuid4())

    def file():
        def perform():
            leg = actions.create_referral(
                by=world.doctor,
                institution=world.township,
                data=worlds.filing(world, patient=patient),
            )
            return {"id": str(leg.public_id)}

        return idempotency.once(scope="test", key=key, body={"a": 1}, perform=perform)

    answers = at_once(*[file] * 8)
    assert len({answer.data["id"] for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert Referral.objects.count() == 1


def test_eight_different_filings_have_eight_numbers(transactional_db):
    world = worlds.alliance()
    patients = [worlds.patient(world, serial, f"病人{serial}") for serial in range(1, 9)]
    jobs = [
        lambda patient=patient: actions.create_referral(
            by=world.doctor,
            institution=world.township,
            data=worlds.filing(world, patient=patient),
        )
        for patient in patients
    ]
    answers = at_once(*jobs)
    assert len({answer.number for answer in answers}) == 8


def test_two_filings_for_one_patient_and_specialty_one_wins(transactional_db):
    world = worlds.alliance()
    patient = worlds.patient(world)
    job = lambda: actions.create_referral(  # noqa: E731
        by=world.doctor, institution=world.township, data=worlds.filing(world, patient=patient)
    )
    answers = at_once(job, job)
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [error.code for error in refused] == ["open_leg_exists"]
    assert Referral.objects.count() == 1


def test_merge_while_filing_never_leaves_a_leg_with_the_merged_entry(transactional_db):
    from alliance.patients import actions as patients

    world = worlds.alliance()
    keep = worlds.patient(world, 1)
    twin = worlds.patient(world, 3)
    answers = at_once(
        lambda: actions.create_referral(
            by=world.doctor,
            institution=world.township,
            data=worlds.filing(world, patient=twin),
        ),
        lambda: patients.merge(keep=keep, merge=twin, reason="同一人", by=world.township_manager),
    )
    assert not any(isinstance(answer, Exception) for answer in answers), answers
    twin.refresh_from_db()
    assert twin.merged_into_id == keep.pk
    assert Referral.objects.get().patient_id == keep.pk
