"""What can be done with cases, and what is left of what they said before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import AuditEntry
from alliance.patients import actions as patients
from alliance.patients.choices import AccessReason
from alliance.people.models import Absence
from tests import worlds
from tests.factories import alliance as people
from tests.factories import logbook as make
from training.logbook import actions, selectors
from training.logbook.models import Case, CaseDraft, CaseVersion, RatingScale
from training.logbook.signals import cases_changed
from training.privileges import actions as privileges

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def taught(world):
    """A world where the county's surgeon may supervise appendectomies."""
    make.teach(world)
    return world


@pytest.fixture
def announced():
    """Ids of the cases that were announced as changed."""
    seen = []

    def hear(sender, *, case_ids, **kwargs):
        seen.append(case_ids)

    cases_changed.connect(hear)
    yield seen
    cases_changed.disconnect(hear)


def wrong(error):
    return set(error.value.message_dict)


def test_a_recorded_case_waits_and_is_in_the_ledger(taught):
    case = make.record(taught, notes=" 顺利 ", duration_minutes=70)
    case.refresh_from_db()
    assert (case.status, case.notes, case.version) == ("recorded", "顺利", 1)
    assert case.alliance == taught.alliance
    assert AuditEntry.objects.filter(action="case.recorded").count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"technique": None}, "technique"),
        ({"performed_on": None}, "performed_on"),
        ({"performed_on": date(2100, 1, 1)}, "performed_on"),
        ({"external_case_number": ""}, "external_case_number"),
        ({"supervisor": None}, "supervisor"),
        ({"outcome": "complication"}, "clavien_dindo"),
        ({"duration_minutes": 3000}, "duration_minutes"),
        ({"role": "boss"}, "role"),
    ],
)
def test_what_is_refused_is_said_at_its_field(taught, said, field):
    with pytest.raises(ValidationError) as error:
        make.record(taught, **said)
    assert field in wrong(error)
    assert not Case.objects.exists()


def test_the_same_operation_is_not_entered_twice(taught):
    make.record(taught, external_case_number="ZY1")
    with pytest.raises(ValidationError) as error:
        make.record(taught, external_case_number="ZY1")
    assert wrong(error) == {"external_case_number"}


@pytest.mark.parametrize(("who", "field"), [("practitioner", "performed_on"), ("", "supervisor")])
def test_nobody_on_leave_operates_or_supervises(taught, who, field):
    away = taught.practitioner if who else taught.county_doctor.practitioner
    absence = {"practitioner": away, "kind": "leave", "valid_from": DAY}
    Absence.objects.create(**absence, valid_until=DAY + timedelta(days=1))
    with pytest.raises(ValidationError) as error:
        make.record(taught)
    assert wrong(error) == {field}
    make.record(taught, performed_on=DAY + timedelta(days=1))


def test_a_supervisor_needs_the_privilege_of_that_day(world):
    for on in (DAY, date(2026, 1, 1)):
        with pytest.raises(ValidationError) as error:
            make.record(world, performed_on=on)
        assert wrong(error) == {"supervisor"}
    privilege = make.teach(world)
    make.record(world)
    today = timezone.localdate()
    privileges.suspend(
        privilege=privilege, reason="Complication", by=world.qc, version=privilege.version
    )
    with pytest.raises(ValidationError):
        make.record(world, performed_on=today)
    make.record(world, performed_on=DAY - timedelta(days=1))
    make.record(world, role="independent", supervisor=None, performed_on=today)


def test_a_patient_has_to_be_in_the_care_of_the_house(taught):
    patient = worlds.patient(taught)
    named = {"patient": patient, "external_case_number": ""}
    with pytest.raises(ValidationError) as error:
        make.record(taught, **named)
    assert wrong(error) == {"patient"}
    patients.grant_access(
        patient=patient,
        institution=taught.county,
        reason=AccessReason.REGISTERED,
        by=taught.liaison,
    )
    assert make.record(taught, **named).patient == patient


def test_an_outcome_brings_its_grade(taught):
    assert make.record(taught, outcome="death").clavien_dindo == "V"
    assert make.record(taught, outcome="good", clavien_dindo="II").clavien_dindo == ""


def test_an_institution_of_no_alliance_has_no_logbook(taught):
    with pytest.raises(ValidationError) as error:
        make.record(taught, institution=people.InstitutionFactory())
    assert wrong(error) == {"institution"}


def test_of_several_alliances_the_operators_own_counts(taught):
    other = people.AllianceFactory()
    people.MembershipFactory(alliance=other, institution=taught.county, valid_from=date(2019, 1, 1))
    assert make.record(taught).alliance == taught.alliance
    stranger = people.PractitionerFactory(institution=people.InstitutionFactory())
    found = make.record(taught, by=taught.county_doctor, operator=stranger)
    assert found.alliance == other


def test_who_may_enter_what(taught):
    for by in (taught.township2_doctor, taught.liaison, taught.office, taught.auditor):
        with pytest.raises(PermissionDenied):
            make.record(taught, by=by)
    assert make.record(taught, by=taught.county_doctor)
    assert make.record(taught, by=taught.manager)
    with pytest.raises(TypeError):
        make.record(taught, status="confirmed")


def test_a_confirmed_case_counts_and_is_announced(taught, announced):
    actions.load_scales()
    scale = RatingScale.objects.get(code="GAS")
    marks = {"setup": 5, "exposure": 4, "dissection": 4, "resection": 4, "closure": 5}
    case = make.record(taught)
    for wrong_marks in ({}, {**marks, "setup": 9}):
        with pytest.raises(ValidationError):
            make.confirm(taught, case, scale=scale, ratings=wrong_marks)
    case = make.confirm(taught, case, scale=scale, ratings=marks)
    assert (case.status, case.rating, case.version) == ("confirmed", Decimal("4.40"), 2)
    assert announced == [[case.pk]]
    counts = selectors.case_counts([taught.practitioner.pk], until=date(2026, 4, 1))
    assert counts[taught.practitioner.pk, taught.appendectomy.pk].supervised == 1


def test_only_who_supervised_confirms(taught):
    case = make.record(taught)
    for by in (taught.doctor, taught.manager, taught.trainer, taught.qc):
        with pytest.raises(PermissionDenied):
            actions.confirm_case(case=case, by=by, version=1)
    with pytest.raises(StaleVersion):
        actions.confirm_case(case=case, by=taught.county_doctor, version=9)
    make.confirm(taught, case)
    case.refresh_from_db()
    with pytest.raises(TransitionNotAllowed):
        make.confirm(taught, case)


def test_without_a_supervisor_the_house_confirms(world):
    alone = {"role": "independent", "supervisor": None, "institution": world.township}
    case = make.record(world, **alone)
    for by in (world.doctor, world.county_doctor, world.manager, world.office):
        with pytest.raises(PermissionDenied):
            actions.confirm_case(case=case, by=by, version=1)
    actions.confirm_case(case=case, by=world.trainer, version=1)
    other = make.record(world, **alone)
    actions.confirm_case(case=other, by=world.township_manager, version=1)


def test_a_case_sent_back_is_corrected_and_waits_again(taught):
    case = make.record(taught)
    with pytest.raises(ValidationError) as error:
        actions.reject_case(case=case, by=taught.county_doctor, version=1, reason=" ")
    assert wrong(error) == {"reason"}
    case = actions.reject_case(case=case, by=taught.county_doctor, version=1, reason="患者号不对")
    assert (case.status, case.closing_reason) == ("rejected", "患者号不对")
    case = actions.change_case(case=case, by=taught.doctor, version=2, external_case_number="ZY9")
    assert (case.status, case.closing_reason, case.version) == ("recorded", "", 3)
    same = actions.change_case(case=case, by=taught.doctor, version=3, external_case_number="ZY9")
    assert same.version == 3
    with pytest.raises(ValidationError):
        actions.change_case(case=case, by=taught.doctor, version=3, operator=None)
    acts = list(CaseVersion.objects.order_by("pk").values_list("act", "source", "target"))
    assert acts == [("reject", "recorded", "rejected"), ("correct", "rejected", "recorded")]


def test_an_amended_case_leaves_the_first_version_readable(taught, announced):
    case = make.done(taught, notes="原记录")
    late = {"outcome": "complication", "clavien_dindo": "IIIa"}
    with pytest.raises(PermissionDenied):
        actions.change_case(case=case, by=taught.doctor, version=2, **late)
    with pytest.raises(ValidationError):
        actions.change_case(case=case, by=taught.county_doctor, version=2, **late)
    amended = actions.change_case(
        case=case, by=taught.county_doctor, version=2, reason="术后第3天胆漏", **late
    )
    assert (amended.status, amended.outcome, amended.version) == ("confirmed", "complication", 3)
    before = CaseVersion.objects.get(act="amend")
    assert (before.number, before.reason) == (2, "术后第3天胆漏")
    assert before.content["outcome"] == "good"
    assert before.content["notes"] == "原记录"
    assert before.content["operator"] == taught.practitioner.pk
    assert len(announced) == 2
    with pytest.raises(DomainError) as error:
        actions.change_case(
            case=amended,
            by=taught.manager,
            version=3,
            reason="写错",
            operator=taught.county_doctor.practitioner,
        )
    assert error.value.code == "case_whose"


def test_a_void_case_no_longer_counts(taught, announced):
    case = make.record(taught)
    with pytest.raises(PermissionDenied):
        actions.void_case(case=case, by=taught.township2_doctor, version=1, reason="重复")
    actions.void_case(case=case, by=taught.doctor, version=1, reason="重复")
    assert announced == []
    confirmed = make.done(taught)
    for by in (taught.doctor, taught.trainer):
        with pytest.raises(PermissionDenied):
            actions.void_case(case=confirmed, by=by, version=2, reason="重复")
    actions.void_case(case=confirmed, by=taught.office, version=2, reason="重复")
    assert len(announced) == 2
    assert selectors.case_counts([taught.practitioner.pk], until=date(2026, 4, 1)) == {}


def test_cases_follow_a_patient_who_is_merged(taught):
    kept, merged = worlds.patient(taught), worlds.patient(taught, serial=3)
    other = {"by": taught.township_manager, "reason": "同一人"}
    alone = {"role": "independent", "supervisor": None, "institution": taught.township}
    case = make.record(taught, **alone, patient=merged)
    twin = make.record(taught, **alone, patient=kept)
    with pytest.raises(DomainError) as error:
        patients.merge(keep=kept, merge=merged, **other)
    assert error.value.code == "case_twice"
    actions.void_case(case=twin, by=taught.doctor, version=1, reason="重复")
    patients.merge(keep=kept, merge=merged, **other)
    case.refresh_from_db()
    assert case.patient == kept
    actions.repoint_patient(kept_id=kept.pk, merged_id=merged.pk)


def test_a_draft_is_kept_per_person_and_dropped(world):
    actions.keep_draft(by=world.doctor, content={"notes": "一"})
    actions.keep_draft(by=world.doctor, content={"notes": "二"})
    assert CaseDraft.objects.get(user=world.doctor).content == {"notes": "二"}
    with pytest.raises(PermissionDenied):
        actions.keep_draft(by=world.auditor, content={})
    actions.drop_draft(by=world.doctor)
    assert not CaseDraft.objects.exists()
