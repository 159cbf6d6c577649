"""Two entries of one person become one; the trace tells what was moved."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import AuditEntry
from alliance.patients import actions, selectors
from alliance.patients.models import Patient, PatientMerge
from alliance.patients.signals import patients_merged


@pytest.fixture
def twin(world, person):
    """The same man by his passport, known to the county as well, with a consent."""
    passport = person | {"id_type": "03", "id_number": "E12345678", "phone": "13800001234"}
    twin, _new = actions.register(by=world.doctor, institution=world.township, **passport)
    actions.register(by=world.liaison, institution=world.county, **passport)
    actions.record_consent(
        patient=twin,
        purpose="referral",
        receiver=world.county,
        method="written",
        given_by="patient",
        given_at=timezone.now(),
        by=world.doctor,
        institution=world.township,
    )
    return twin


def test_merge_moves_everything_and_leaves_a_trace(world, patient, twin):
    consent = twin.consents.get()
    kept = actions.merge(keep=patient, merge=twin, reason="passport", by=world.township_manager)
    twin.refresh_from_db()
    assert (kept, twin.merged_into) == (patient, patient)
    assert (kept.phone, kept.version, twin.version) == ("13800001234", 2, 2)
    assert set(kept.accesses.values_list("institution", flat=True)) == {
        world.township.pk,
        world.county.pk,
    }
    assert list(kept.consents.all()) == [consent]
    assert not twin.accesses.exists()
    trace = PatientMerge.objects.get()
    assert trace.moved == {
        "accesses": sorted([world.township.pk, world.county.pk]),
        "consents": [consent.pk],
        "filled": ["phone"],
    }
    line = AuditEntry.objects.get(action="patient.merged")
    assert line.data == {"merged": str(twin.public_id), "reason": "passport"}


def test_merge_lets_either_number_find_the_kept_entry(world, person, patient, twin):
    actions.merge(keep=patient, merge=twin, reason="passport", by=world.township_manager)
    assert selectors.find_by_number("03", "e 12345678") == patient
    again, created = actions.register(
        by=world.doctor,
        institution=world.township,
        **(person | {"id_type": "03", "id_number": "E12345678"}),
    )
    assert (again, created) == (patient, False)
    visible = selectors.visible_entry(public_id=twin.public_id, user=world.doctor)
    assert visible == patient
    assert list(Patient.objects.visible_to(world.doctor).current()) == [patient]


def test_merge_after_merge_is_followed_to_the_end(world, person, patient, twin):
    third, _new = actions.register(
        by=world.doctor,
        institution=world.township,
        **(person | {"id_type": "99", "id_number": "TEMP-1"}),
    )
    actions.merge(keep=twin, merge=third, reason="one", by=world.township_manager)
    actions.merge(keep=patient, merge=twin, reason="two", by=world.township_manager)
    assert selectors.find_by_number("99", "TEMP-1") == patient
    assert selectors.visible_entry(public_id=third.public_id, user=world.doctor) == patient
    assert actions.hold(third.pk) == patient


def test_merge_announces_inside_the_transaction_and_may_be_refused(world, patient, twin):
    def refuse(sender, *, kept_id, merged_id, **kwargs):
        assert (kept_id, merged_id) == (patient.pk, twin.pk)
        raise DomainError("open_legs", "Both have an open referral.")

    patients_merged.connect(refuse)
    try:
        with pytest.raises(DomainError, match="open referral"):
            actions.merge(keep=patient, merge=twin, reason="one", by=world.township_manager)
    finally:
        patients_merged.disconnect(refuse)
    twin.refresh_from_db()
    assert twin.merged_into is None
    assert twin.consents.exists()
    assert not PatientMerge.objects.exists()


def test_merge_refuses_the_same_the_gone_and_the_stale(world, patient, twin):
    by = world.township_manager
    with pytest.raises(DomainError) as refused:
        actions.merge(keep=patient, merge=patient, reason="one", by=by)
    assert refused.value.code == "merge_same"
    with pytest.raises(StaleVersion):
        actions.merge(keep=patient, merge=twin, reason="one", by=by, seen=(1, 9))
    with pytest.raises(ValidationError):
        actions.merge(keep=patient, merge=twin, reason=" ", by=by)
    actions.merge(keep=patient, merge=twin, reason="one", by=by, seen=(1, 1))
    with pytest.raises(DomainError) as refused:
        actions.merge(keep=twin, merge=patient, reason="back", by=by)
    assert refused.value.code == "already_merged"


def test_merge_is_for_managers_who_have_both(world, patient, twin):
    for by in (world.doctor, world.township_liaison, world.manager, world.office):
        with pytest.raises(PermissionDenied):
            actions.merge(keep=patient, merge=twin, reason="one", by=by)


def test_merge_of_the_dead(world, patient, twin):
    on = timezone.localdate()
    actions.record_death(patient=twin, on=on, by=world.doctor, institution=world.township)
    kept = actions.merge(keep=patient, merge=twin, reason="one", by=world.township_manager)
    assert kept.deceased_on == on


def test_merge_trace_and_accesses_are_told(world, patient, twin):
    actions.merge(keep=patient, merge=twin, reason="passport", by=world.township_manager)
    assert [trace.reason for trace in selectors.entries_merged_into(patient)] == ["passport"]
    assert len(selectors.accesses_of(patient)) == 2
    assert len(selectors.consents_of(patient)) == 1
