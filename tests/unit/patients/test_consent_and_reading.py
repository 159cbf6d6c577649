"""Consent recorded and withdrawn; what is shown for a reason; readings noted."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.core.identifiers import resident_id_with_check
from alliance.core.models import AuditEntry, PolicySetting
from alliance.patients import actions
from alliance.patients.models import Consent
from alliance.patients.signals import consent_withdrawn


@pytest.fixture
def facts(world, patient):
    """What recording a consent takes."""
    return {
        "patient": patient,
        "purpose": "referral",
        "receiver": world.county,
        "method": "written",
        "given_by": "patient",
        "given_at": timezone.now(),
        "by": world.doctor,
        "institution": world.township,
    }


def test_record_consent_keeps_who_where_and_how(world, patient, facts):
    consent = actions.record_consent(**facts, note=" witness: 王护士 ")
    assert (consent.recorded_by, consent.recorded_at_institution) == (world.doctor, world.township)
    assert consent.note == "witness: 王护士"
    line = AuditEntry.objects.get(action="consent.recorded")
    assert line.data["patient"] == str(patient.public_id)
    assert list(Consent.objects.standing()) == [consent]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"purpose": "research"}, "purpose"),
        ({"method": "telepathy"}, "method"),
        ({"given_by": "neighbour"}, "given_by"),
        ({"given_by": "nobody"}, "given_by"),
        ({"method": "emergency"}, "method"),
        ({"note": "x" * 201}, "note"),
        ({"given_at": timezone.now() + timedelta(days=1)}, "given_at"),
    ],
)
def test_record_consent_names_the_fault(facts, changed, field):
    with pytest.raises(ValidationError) as refused:
        actions.record_consent(**(facts | changed))
    assert list(refused.value.error_dict) == [field]
    assert not Consent.objects.exists()


def test_record_consent_is_to_another_institution(world, facts):
    with pytest.raises(ValidationError) as refused:
        actions.record_consent(**(facts | {"receiver": world.township}))
    assert list(refused.value.error_dict) == ["receiver"]


def test_record_consent_of_a_child_is_the_guardians_by_policy(world, facts):
    born = timezone.localdate() - timedelta(days=365 * 13)
    number = resident_id_with_check(f"330100{born:%Y%m%d}001")
    child, _new = actions.register(
        by=world.doctor,
        institution=world.township,
        name="张小明",
        sex="male",
        birth_date=born,
        id_type="01",
        id_number=number,
    )
    with pytest.raises(ValidationError) as refused:
        actions.record_consent(**(facts | {"patient": child}))
    assert list(refused.value.error_dict) == ["given_by"]
    assert actions.record_consent(**(facts | {"patient": child, "given_by": "guardian"}))
    PolicySetting.objects.create(
        alliance=world.alliance,
        key="patients.guardian_below_age",
        value=8,
        effective_from=date(2026, 1, 1),
        source="test",
    )
    assert actions.record_consent(**(facts | {"patient": child}))


def test_record_consent_is_for_care_parties(world, facts):
    for by, institution in [(world.liaison, world.county), (world.qc, world.township)]:
        with pytest.raises(PermissionDenied):
            actions.record_consent(**(facts | {"by": by, "institution": institution}))


def test_withdraw_consent_once_and_announced(world, facts):
    consent = actions.record_consent(**facts)
    heard = []

    def listen(sender, *, consent_id, **kwargs):
        heard.append(consent_id)

    consent_withdrawn.connect(listen)
    try:
        actions.withdraw_consent(consent=consent, reason="changed his mind", by=world.doctor)
    finally:
        consent_withdrawn.disconnect(listen)
    assert heard == [consent.pk]
    assert (consent.withdrawn_by, consent.withdrawal_reason) == (world.doctor, "changed his mind")
    assert not Consent.objects.standing().exists()
    with pytest.raises(DomainError) as refused:
        actions.withdraw_consent(consent=consent, reason="again", by=world.doctor)
    assert refused.value.code == "consent_withdrawn"


def test_withdraw_consent_needs_a_reason_and_a_care_party(world, facts):
    consent = actions.record_consent(**facts)
    with pytest.raises(ValidationError):
        actions.withdraw_consent(consent=consent, reason=" ", by=world.doctor)
    with pytest.raises(PermissionDenied):
        actions.withdraw_consent(consent=consent, reason="why", by=world.liaison)
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_reveal_hands_out_clear_values_and_records_the_reason(world, patient, person):
    shown = actions.reveal(
        patient=patient, reason="call back", by=world.doctor, institution=world.township
    )
    assert shown["id_number"] == person["id_number"]
    assert shown["name"] == "张三"
    line = AuditEntry.objects.get(action="patient.revealed")
    assert (line.actor, line.institution, line.data) == (
        world.doctor,
        world.township,
        {"reason": "call back"},
    )
    assert person["id_number"] not in str(line.data)


@pytest.mark.parametrize("reason", ["", "  ", "...", "x" * 201])
def test_reveal_asks_for_a_reason(world, patient, reason):
    with pytest.raises(ValidationError) as refused:
        actions.reveal(patient=patient, reason=reason, by=world.doctor, institution=world.township)
    assert list(refused.value.error_dict) == ["reason"]
    assert not AuditEntry.objects.filter(action="patient.revealed").exists()


def test_reveal_is_for_care_parties(world, patient):
    for by, institution in [(world.liaison, world.county), (world.office, world.township)]:
        with pytest.raises(PermissionDenied):
            actions.reveal(patient=patient, reason="why", by=by, institution=institution)


def test_note_read_once_in_a_while_per_reader(world, patient):
    for by in (world.doctor, world.doctor, world.township_liaison):
        actions.note_read(patient=patient, by=by, institution=world.township, via="page")
    lines = AuditEntry.objects.filter(action="patient.read").order_by("id")
    assert list(lines.values_list("actor", flat=True)) == [
        world.doctor.pk,
        world.township_liaison.pk,
    ]
    assert lines[0].data == {"via": "page"}


def test_note_read_leaves_it_to_whoever_came_first(world, patient, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *args: False)
    actions.note_read(patient=patient, by=world.doctor, institution=world.township, via="page")
    assert not AuditEntry.objects.filter(action="patient.read").exists()


def test_note_read_without_an_acting_institution(world, patient):
    actions.note_read(patient=patient, by=world.doctor, institution=None, via="page")
    assert AuditEntry.objects.get(action="patient.read").institution is None
