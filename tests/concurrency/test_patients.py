"""Two desks register one person; a merge overtakes a registration. Real transactions."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from alliance.core.errors import DomainError
from alliance.core.identifiers import resident_id_with_check
from alliance.patients import actions, selectors
from alliance.patients.models import Patient, PatientAccess
from alliance.patients.signals import patients_merged
from alliance.people.models import User
from tests import worlds

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PERSON = {
    "name": "张三",
    "sex": "male",
    "birth_date": date(1980, 1, 1),
    "id_type": "01",
    "id_number": resident_id_with_check("33010019800101001"),
}
PASSPORT = PERSON | {"id_type": "03", "id_number": "E12345678"}


def _in_threads(*jobs):
    """Run the jobs at once; return their answers, or the errors they raised, in order."""
    gate, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            gate.wait(timeout=10)
            answers[place] = job()
        except DomainError as refused:
            answers[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_eight_desks_register_one_person_once():
    world = worlds.alliance()
    desks = [(world.doctor, world.township), (world.liaison, world.county)] * 4
    answers = _in_threads(
        *(
            lambda by=by, at=at: actions.register(
                by=User.objects.get(pk=by.pk), institution=at, **PERSON
            )
            for by, at in desks
        )
    )
    assert len({patient.pk for patient, _new in answers}) == 1
    assert sum(new for _patient, new in answers) == 1
    assert Patient.objects.count() == 1
    assert set(PatientAccess.objects.values_list("institution", flat=True)) == {
        world.township.pk,
        world.county.pk,
    }


def _two_entries(world):
    return [
        actions.register(by=world.doctor, institution=world.township, **typed)[0]
        for typed in (PERSON, PASSPORT)
    ]


def test_a_registration_that_meets_a_merge_lands_on_the_kept_entry():
    world = worlds.alliance()
    keep, gone = _two_entries(world)
    merging, go_on = threading.Event(), threading.Event()

    def hold_the_merge(sender, **ids):
        merging.set()
        go_on.wait(timeout=10)

    def merge():
        return actions.merge(keep=keep, merge=gone, reason="one", by=world.township_manager)

    def register():
        merging.wait(timeout=10)
        threading.Timer(0.5, go_on.set).start()
        return actions.register(by=world.liaison, institution=world.county, **PASSPORT)

    patients_merged.connect(hold_the_merge)
    try:
        _kept, (patient, created) = _in_threads(merge, register)
    finally:
        patients_merged.disconnect(hold_the_merge)
    assert (patient, created) == (keep, False)
    assert selectors.has_access(keep.pk, world.county.pk)
    assert not PatientAccess.objects.filter(patient=gone).exists()


def test_a_merge_waits_for_whoever_holds_the_patient():
    world = worlds.alliance()
    keep, gone = _two_entries(world)
    held, order = threading.Event(), []

    def write_to_it():
        with transaction.atomic():
            actions.hold(gone.pk)
            held.set()
            threading.Event().wait(0.5)
            actions.grant_access(
                patient=gone, institution=world.county, reason="referred", by=world.doctor
            )
            order.append("written")

    def merge():
        held.wait(timeout=10)
        actions.merge(keep=keep, merge=gone, reason="one", by=world.township_manager)
        order.append("merged")

    _in_threads(write_to_it, merge)
    assert order == ["written", "merged"]
    assert selectors.has_access(keep.pk, world.county.pk)


def test_two_merges_of_one_entry_leave_one_winner():
    world = worlds.alliance()
    keep, gone = _two_entries(world)
    answers = _in_threads(
        lambda: actions.merge(keep=keep, merge=gone, reason="a", by=world.township_manager),
        lambda: actions.merge(
            keep=gone,
            merge=keep,
            reason="b",
            by=User.objects.get(pk=world.township_manager.pk),
        ),
    )
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [error.code for error in refused] == ["already_merged"]
    assert Patient.objects.current().count() == 1


def test_a_consent_withdrawn_twice_at_once_is_withdrawn_once():
    world = worlds.alliance()
    consent = worlds.pending_referral(world).consent
    answers = _in_threads(
        *(
            lambda: actions.withdraw_consent(
                consent=consent.__class__.objects.get(pk=consent.pk),
                reason="changed",
                by=User.objects.get(pk=world.doctor.pk),
            )
            for _ in range(2)
        )
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
