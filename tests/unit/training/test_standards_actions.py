"""Admissions move by actions only: state after, event, ledger, news; refusals leave nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.institutions.models import Membership
from alliance.notices.models import Notice
from tests.factories import alliance as make
from tests.factories.standards import admitted, applied, step, suspended
from training.standards import actions, notices, selectors
from training.standards.actions import Answer
from training.standards.choices import Move
from training.standards.models import Admission, AdmissionEvent
from training.standards.signals import admission_changed

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def day(number):
    return TODAY + timedelta(days=number)


def start(world, **more):
    values = {"institution": world.county, "technique": world.appendectomy, "by": world.manager}
    return actions.start_application(**values | more)


@pytest.fixture
def restricted(world):
    """A restricted technique of a new edition, which asks many things of the county."""
    draft = make.EditionFactory(alliance=world.alliance)
    technique = make.TechniqueFactory(national_level=4, is_restricted=True)
    make.EntryFactory(
        edition=draft, technique=technique, grade="complex", tiers=["county", "tertiary"]
    )
    asked = [
        ("beds", "", 20), ("beds", "04.01", 10), ("department", "04", 1), ("staff", "", 1),
        ("staff", "04.01", 1), ("senior_staff", "", 1), ("senior_staff", "04.01", 1),
        ("equipment", "腹腔镜系统", 1), ("volume", "operations", 200),
    ]  # fmt: skip
    for kind, subject, minimum in asked:
        make.RequirementFactory(
            edition=draft, grade="complex", side="institution", kind=kind, subject=subject,
            minimum=minimum,
        )  # fmt: skip
    draft.status, draft.effective_from = "published", day(-1)
    draft.published_at = timezone.now()
    draft.save()
    return technique


def test_an_application_freezes_what_is_asked_with_what_is_counted(world, restricted):
    row = start(world, technique=restricted)
    found = [(a.kind, a.topic, a.minimum, a.value) for a in row.answers.order_by("kind", "topic")]
    assert found == [
        ("beds", "", 20, 20),
        ("beds", "04.01", 10, 0),
        ("department", "04", 1, 1),
        ("equipment", "腹腔镜系统", 1, None),
        ("senior_staff", "", 1, 1),
        ("senior_staff", "04.01", 1, 0),
        ("staff", "", 1, 1),
        ("staff", "04.01", 1, 0),
        ("volume", "operations", 200, None),
    ]
    assert (row.status, row.alliance) == ("draft", world.alliance)
    assert AuditEntry.objects.latest("pk").action == "admission.started"


@pytest.mark.parametrize(
    ("technique", "institution", "code"),
    [
        ("debridement", "county", "no_admission_needed"),
        ("gastrectomy", "county", "grade_above_tier"),
        (None, "county", "not_in_catalogue"),
    ],
)
def test_there_must_be_something_to_apply_for(world, technique, institution, code):
    chosen = getattr(world, technique) if technique else make.TechniqueFactory()
    with pytest.raises(ValidationError) as refused:
        start(world, technique=chosen, institution=getattr(world, institution))
    told = refused.value.error_dict
    assert {field: [one.code for one in errors] for field, errors in told.items()} == {
        "technique": [code]
    }


def test_who_belongs_to_no_alliance_applies_for_nothing(world):
    with pytest.raises(DomainError) as refused:
        start(world, institution=world.outside, by=world.outsider)
    assert refused.value.code == "no_alliance"


def test_only_the_institutions_administrator_applies_once(world):
    for who in (world.county_doctor, world.township_manager, world.office):
        with pytest.raises(PermissionDenied):
            start(world, by=who)
    start(world)
    with pytest.raises(ValidationError) as refused:
        start(world)
    assert list(refused.value.message_dict) == ["technique"]


def test_an_admission_is_renewed_near_its_end_only(world):
    row = admitted(world, valid_until=day(91))
    with pytest.raises(DomainError) as refused:
        start(world)
    assert refused.value.code == "already_admitted"
    Admission.objects.filter(pk=row.pk).update(valid_until=day(90))
    waiting = step(start(world), "submit", world.manager)
    with pytest.raises(ValidationError) as refused:
        step(waiting, "admit", world.office, valid_from=day(89))
    assert list(refused.value.message_dict) == ["valid_from"]
    assert step(waiting, "admit", world.office, valid_from=day(90)).status == "admitted"


def test_answers_are_kept_until_the_application_is_submitted(world):
    row = start(world)
    answer = row.answers.get()
    said = {answer.pk: Answer(30, " 床位证 ")}
    saved = actions.save_application(
        admission=row, answers=said, statement=" 拟开展 ", by=world.manager, version=1
    )
    answer.refresh_from_db()
    assert (answer.value, answer.proof, saved.statement) == (30, "床位证", "拟开展")
    assert answer.met
    with pytest.raises(StaleVersion):
        actions.save_application(
            admission=row, answers={}, statement="", by=world.manager, version=1
        )
    with pytest.raises(PermissionDenied):
        actions.save_application(
            admission=row, answers={}, statement="", by=world.office, version=2
        )
    with pytest.raises(ValidationError) as refused:
        actions.save_application(
            admission=row,
            answers={answer.pk: Answer(-1, "")},
            statement="",
            by=world.manager,
            version=2,
        )
    assert list(refused.value.message_dict) == [f"answer_{answer.pk}"]
    step(row, "submit", world.manager)
    with pytest.raises(DomainError) as closed:
        actions.save_application(
            admission=row, answers={}, statement="", by=world.manager, version=3
        )
    assert closed.value.code == "application_closed"


def test_submission_needs_every_answer_and_keeps_what_is_counted(world, restricted):
    row = start(world, technique=restricted)
    with pytest.raises(ValidationError) as refused:
        step(row, "submit", world.manager)
    assert list(refused.value.message_dict) == ["answers"]
    assert not row.events.exists()
    row.answers.filter(value=None).update(value=0)
    submitted = step(row, "submit", world.manager)
    assert submitted.submitted_at
    assert row.events.get().data == {"unmet": 5}
    assert row.answers.get(kind="beds", topic="").known == 20
    assert row.answers.get(kind="equipment").known is None


def test_the_office_admits_and_what_is_unmet_needs_conditions(world):
    row = applied(world)
    row.answers.update(value=3)
    with pytest.raises(ValidationError) as refused:
        step(row, "admit", world.office, valid_from=TODAY)
    assert list(refused.value.message_dict) == ["conditions"]
    heard = []
    admission_changed.connect(
        lambda sender, admission_id, **_more: heard.append(admission_id), weak=False,
        dispatch_uid="test",
    )  # fmt: skip
    done = step(
        row, "admit", world.office, valid_from=TODAY, valid_until=day(9), conditions="补床位"
    )
    admission_changed.disconnect(dispatch_uid="test")
    assert (done.status, done.decided_by, done.conditions) == ("admitted", world.office, "补床位")
    assert heard == [row.pk]
    event = AdmissionEvent.objects.latest("pk")
    assert (event.source, event.target, event.by) == ("submitted", "admitted", world.office)
    assert event.data["unmet"] == 1
    assert AuditEntry.objects.latest("pk").action == "admission.admit"
    assert OutboxMessage.objects.filter(topic="standards.moved").count() == 2
    assert selectors.admissions_in_force(TODAY).get() == row


@pytest.mark.parametrize("name", ["return", "refuse"])
def test_a_refusal_says_why(world, name):
    row = applied(world)
    with pytest.raises(ValidationError) as refused:
        step(row, name, world.office, reason=" ")
    assert list(refused.value.message_dict) == ["reason"]
    done = step(row, name, world.office, reason="缺专科医师")
    assert done.status == {"return": "returned", "refuse": "refused"}[name]
    assert (done.decided_by is not None) is (name == "refuse")


def test_what_was_returned_is_submitted_again_or_taken_back(world):
    row = step(applied(world), "return", world.office, reason="补材料")
    row = step(row, "submit", world.manager)
    row = step(row, "take_back", world.manager)
    assert (row.status, row.valid_from, row.valid_until) == ("withdrawn", None, None)
    start(world)


def test_each_move_has_its_side_and_its_state(world):
    row = applied(world)
    for name, who in [("admit", world.manager), ("submit", world.office), ("return", world.qc)]:
        with pytest.raises(PermissionDenied):
            step(row, name, who, reason="x")
    with pytest.raises(TransitionNotAllowed):
        step(row, "submit", world.manager)
    with pytest.raises(StaleVersion):
        actions.move(admission=row, move=Move.TAKE_BACK, by=world.manager, version=9)


def test_suspension_and_restoration(world):
    row = admitted(world)
    stop = {"stop_condition": "hazard", "valid_from": TODAY}
    with pytest.raises(ValidationError) as refused:
        step(row, "suspend", world.manager, reason="设备故障", **stop | {"stop_condition": ""})
    assert list(refused.value.message_dict) == ["stop_condition"]
    row = step(row, "suspend", world.manager, reason="设备故障", **stop)
    assert row.status == "admitted"
    assert not selectors.admissions_in_force(TODAY).exists()
    assert selectors.is_suspended(row, on=TODAY)
    with pytest.raises(ValidationError) as refused:
        step(row, "suspend", world.office, reason="再次", **stop)
    assert list(refused.value.message_dict) == ["valid_from"]
    with pytest.raises(PermissionDenied):
        step(row, "restore", world.manager, reason="修好了")
    row = step(row, "restore", world.office, reason="已检修")
    assert selectors.admissions_in_force(TODAY).get() == row
    assert (row.suspensions.get().restored_by, row.suspensions.get().valid_until) == (
        world.office,
        TODAY,
    )
    with pytest.raises(DomainError) as nothing:
        step(row, "restore", world.office, reason="再次")
    assert nothing.value.code == "not_suspended"


def test_a_suspension_to_come_is_called_off(world):
    row = admitted(world)
    suspended(row, world, valid_from=day(5))
    step(row, "restore", world.office, reason="无需停用")
    assert row.suspensions.get().valid_until == day(5)
    assert selectors.admissions_in_force(day(6)).exists()


@pytest.mark.parametrize(
    ("since", "until", "last"),
    [(-9, None, 0), (-9, 9, 0), (5, None, 5), (-9, -3, -3)],
)
def test_a_withdrawal_ends_the_period_and_keeps_the_past(world, since, until, last):
    row = admitted(world, valid_from=day(since), valid_until=None if until is None else day(until))
    done = step(row, "withdraw", world.manager, reason="不再开展")
    assert (done.status, done.valid_until) == ("withdrawn", day(last))
    assert not selectors.admissions_in_force(day(9)).exists()


def test_the_first_use_of_a_restricted_technique_owes_its_filing(world, restricted):
    row = admitted(world, technique=restricted, valid_from=day(-40))
    with pytest.raises(DomainError) as refused:
        step(row, "file", world.manager, filed_on=TODAY, filing_number="1")
    assert refused.value.code == "no_filing_owed"
    with pytest.raises(ValidationError):
        step(row, "first_use", world.manager, first_used_on=day(1))
    row = step(row, "first_use", world.manager, first_used_on=day(-39))
    assert row.filing_due > day(-39 + 15)
    with pytest.raises(DomainError) as refused:
        step(row, "first_use", world.manager, first_used_on=day(-38))
    assert refused.value.code == "first_use_known"
    with pytest.raises(ValidationError) as wrong:
        step(row, "file", world.manager, filed_on=TODAY, filing_number="")
    assert list(wrong.value.message_dict) == ["filing_number"]
    row = step(row, "file", world.manager, filed_on=TODAY, filing_number=" 卫备 1 ")
    assert row.filing_number == "卫备 1"
    with pytest.raises(DomainError) as refused:
        step(row, "file", world.manager, filed_on=TODAY, filing_number="2")
    assert refused.value.code == "filed_already"


def test_the_first_use_of_another_technique_owes_nothing(world):
    row = step(admitted(world), "first_use", world.manager, first_used_on=TODAY)
    assert (row.first_used_on, row.filing_due) == (TODAY, None)


def test_the_other_side_hears_of_a_move(world):
    row = applied(world)
    notices.tell(event_id=row.events.get().pk)
    assert [notice.user for notice in Notice.objects.all()] == [world.office]
    step(row, "return", world.office, reason="补材料")
    event = AdmissionEvent.objects.latest("pk")
    for _again in range(2):
        notices.tell(event_id=event.pk)
    told = Notice.objects.get(user=world.manager)
    assert (told.text_key, told.values["reason"]) == ("standards.return", "补材料")
    assert told.url == row.get_absolute_url()


def test_months_of_an_admission_follow_policy(world):
    assert selectors.suggested_months(admitted(world), on=TODAY) == 36


def test_who_left_the_alliance_applies_nowhere(world):
    Membership.objects.filter(institution=world.county).update(valid_until=TODAY)
    with pytest.raises(DomainError) as refused:
        start(world)
    assert refused.value.code == "no_alliance"
