"""Granting, suspending, restoring, withdrawing; certificates and emergencies."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.institutions.models import Membership
from tests.factories import privileges as make
from tests.factories import standards as admissions
from training.privileges import actions, notices, policies, selectors
from training.privileges.choices import Standing
from training.privileges.models import Privilege
from training.privileges.presenters import standing_of
from training.privileges.signals import privilege_changed

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def kinds(privilege):
    return list(privilege.events.order_by("pk").values_list("kind", flat=True))


def standing(privilege, on=None):
    on = on or today()
    row = Privilege.objects.with_suspension(on).get(pk=privilege.pk)
    found = standing_of(row, on=on)
    assert Privilege.objects.standing(found, on).filter(pk=privilege.pk).exists()
    return found


@pytest.mark.parametrize(
    ("level", "national_level", "is_restricted", "until"),
    [
        ("independent", 3, False, date(2028, 6, 1)),
        ("independent", 4, False, date(2027, 6, 1)),
        ("independent", 2, True, date(2027, 6, 1)),
        ("supervised", 4, False, date(2028, 6, 1)),
    ],
)
def test_how_long_a_privilege_counts_is_policy(world, level, national_level, is_restricted, until):
    technique = world.appendectomy
    technique.national_level, technique.is_restricted = national_level, is_restricted
    technique.save()
    privilege = make.privilege(world, level=level, valid_from=JUNE)
    assert privilege.valid_until == until


def test_granting_leaves_its_traces(world):
    heard = []

    def listen(sender, *, privilege_id, **kwargs):
        heard.append(privilege_id)

    privilege_changed.connect(listen)
    privilege = make.privilege(world, evidence={"on": JUNE, "cases": 12})
    privilege_changed.disconnect(listen)
    assert heard == [privilege.pk]
    assert kinds(privilege) == ["granted"]
    assert privilege.evidence == {"on": "2026-06-01", "cases": 12}
    line = AuditEntry.objects.get(action="privilege.granted")
    assert (line.actor, line.institution) == (world.qc, world.county)
    assert OutboxMessage.objects.filter(topic="privileges.event").count() == 1
    privilege.full_clean()


def test_operating_alone_follows_operating_under_supervision(world):
    learning = make.privilege(world, level="supervised")
    alone = make.privilege(world, valid_from=JUNE)
    learning.refresh_from_db()
    assert (learning.ends_on, learning.version) == (JUNE, 2)
    assert kinds(learning) == ["granted", "replaced"]
    assert standing(learning, JUNE) == Standing.REPLACED
    assert standing(learning, date(2026, 5, 31)) == Standing.IN_FORCE
    assert alone.events.get().data["replaces"] == str(learning.public_id)
    renewed = make.privilege(world, valid_from=date(2027, 6, 1), ground="renewal")
    alone.refresh_from_db()
    assert (alone.ends_on, renewed.valid_until) == (renewed.valid_from, date(2029, 6, 1))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "privilege_exists"),
        ({"level": "supervised"}, "privilege_exists"),
        ({"ground": "renewal", "valid_from": date(2025, 1, 1)}, "privilege_exists"),
    ],
)
def test_nothing_overlaps(world, more, code):
    make.privilege(world)
    with pytest.raises(DomainError) as refusal:
        make.privilege(world, **more)
    assert refusal.value.code == code


def test_a_new_privilege_is_no_way_round_a_suspension(world):
    actions.suspend(privilege=make.privilege(world), reason="review", by=world.qc)
    with pytest.raises(DomainError) as refusal:
        make.privilege(world, ground="renewal", valid_from=today())
    assert refusal.value.code == "privilege_suspended"


def test_granting_refuses_what_makes_no_sense(world):
    with pytest.raises(DomainError) as refusal:
        make.privilege(world, institution=world.outside)
    assert refusal.value.code == "not_a_member"
    with pytest.raises(ValidationError):
        make.privilege(world, valid_until=make.BEGAN)
    person = world.county_doctor.practitioner
    person.is_active = False
    person.save()
    with pytest.raises(DomainError) as refusal:
        make.privilege(world)
    assert refusal.value.code == "not_active"


@pytest.mark.parametrize(
    ("who", "more", "may"),
    [
        ("qc", {}, True),
        ("office", {}, True),
        ("manager", {}, False),
        ("county_doctor", {}, False),
        (None, {}, False),
        (None, {"ground": "programme", "level": "supervised"}, True),
        ("manager", {"ground": "programme", "level": "supervised"}, True),
        ("trainer", {"ground": "programme", "level": "supervised"}, False),
        ("manager", {"ground": "application", "level": "supervised"}, False),
    ],
)
def test_who_may_grant(world, who, more, may):
    by = getattr(world, who) if who else None
    if may:
        assert make.privilege(world, by=by, **more).granted_by == by
    else:
        with pytest.raises(PermissionDenied):
            make.privilege(world, by=by, **more)


def test_a_programme_never_lets_anybody_operate_alone(world):
    with pytest.raises(ValidationError):
        make.privilege(world, ground="programme")


def test_suspended_and_restored(world):
    privilege = make.privilege(world, valid_from=today(-10))
    suspension = actions.suspend(
        privilege=privilege, reason=" review ", by=world.manager, version=1
    )
    assert (suspension.valid_from, suspension.reason) == (today(), "review")
    assert standing(privilege) == Standing.SUSPENDED
    assert standing(privilege, today(-1)) == Standing.IN_FORCE
    with pytest.raises(StaleVersion):
        actions.restore(privilege=privilege, reason="mended", by=world.qc, version=1)
    with pytest.raises(DomainError):
        actions.suspend(privilege=privilege, reason="again", by=world.qc)
    actions.restore(privilege=privilege, reason="mended", by=world.qc, version=2)
    assert standing(privilege) == Standing.IN_FORCE
    assert kinds(privilege) == ["granted", "suspended", "restored"]


def test_a_suspension_may_end_by_itself(world):
    privilege = make.privilege(world, valid_from=today(-10))
    for until in (today(), today(-1)):
        with pytest.raises(ValidationError):
            actions.suspend(privilege=privilege, reason="r", by=world.qc, valid_until=until)
    actions.suspend(privilege=privilege, reason="r", by=world.qc, valid_until=today(7))
    assert standing(privilege, today(6)) == Standing.SUSPENDED
    assert standing(privilege, today(7)) == Standing.IN_FORCE


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_every_change_needs_its_reason(world, reason):
    privilege = make.privilege(world)
    for action in (actions.suspend, actions.withdraw):
        with pytest.raises(ValidationError):
            action(privilege=privilege, reason=reason, by=world.qc)
    assert kinds(privilege) == ["granted"]


def test_withdrawn_from_today_or_before_it_began(world):
    privilege = make.privilege(world, valid_from=today(-10))
    coming = make.privilege(world, valid_from=today(10), technique=world.gastrectomy)
    assert standing(coming) == Standing.NOT_YET
    for row in (privilege, coming):
        actions.withdraw(privilege=row, reason="unsafe", by=world.qc)
    assert standing(privilege) == Standing.WITHDRAWN
    assert standing(privilege, today(-1)) == Standing.IN_FORCE
    assert standing(coming, today(11)) == Standing.WITHDRAWN
    with pytest.raises(DomainError) as refusal:
        actions.withdraw(privilege=privilege, reason="again", by=world.qc)
    assert refusal.value.details["standing"] == "withdrawn"
    make.privilege(world, valid_from=today())


def test_expired_is_a_question_about_a_date(world):
    privilege = make.privilege(world, valid_from=today(-10), valid_until=today())
    assert standing(privilege) == Standing.EXPIRED
    assert standing(privilege, today(-1)) == Standing.IN_FORCE


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        (actions.suspend, {"manager", "office", "qc"}),
        (actions.withdraw, {"office", "qc"}),
    ],
)
def test_who_may_change_a_privilege(world, action, allowed):
    privilege = make.privilege(world)
    for who in ("manager", "office", "qc", "county_doctor", "township_manager", "outsider"):
        may = {act.value for act in policies.acts_on(getattr(world, who), privilege, "in_force")}
        assert (action.__name__ in may) is (who in allowed)
        if who not in allowed:
            with pytest.raises(PermissionDenied):
                action(privilege=privilege, reason="r", by=getattr(world, who))


def test_acts_depend_on_the_standing(world):
    privilege = make.privilege(world)
    offered = {
        standing: {act.value for act in policies.acts_on(world.qc, privilege, standing)}
        for standing in ("in_force", "suspended", "not_yet", "expired", "withdrawn")
    }
    assert offered == {
        "in_force": {"suspend", "withdraw", "certify"},
        "suspended": {"restore", "withdraw", "certify"},
        "not_yet": {"withdraw", "certify"},
        "expired": set(),
        "withdrawn": set(),
    }


# --- Certificates --------------------------------------------------------------------------------


def test_a_privilege_has_one_certificate(world):
    privilege = make.privilege(world)
    first = actions.issue_certificate(privilege=privilege, by=world.office)
    again = actions.issue_certificate(privilege=privilege, by=world.qc)
    other = actions.issue_certificate(
        privilege=make.privilege(world, technique=world.gastrectomy), by=world.office
    )
    assert first == again
    assert first.number != other.number
    assert "certify" not in {act.value for act in policies.acts_on(world.qc, privilege, "in_force")}
    with pytest.raises(PermissionDenied):
        actions.issue_certificate(privilege=privilege, by=world.manager)


def test_what_has_ended_gets_no_certificate(world):
    privilege = make.privilege(world, valid_from=today(-10), valid_until=today())
    with pytest.raises(DomainError):
        actions.issue_certificate(privilege=privilege, by=world.office)


def test_verifying_tells_the_truth_of_the_day(world):
    privilege = make.privilege(world, valid_from=today(-10))
    token = actions.issue_certificate(privilege=privilege, by=world.office).token
    shown = selectors.verified(token, on=today())
    assert (shown.standing, shown.masked_name) == (Standing.IN_FORCE, "王*国")
    actions.suspend(privilege=privilege, reason="secret", by=world.qc)
    assert selectors.verified(token, on=today()).standing == Standing.SUSPENDED
    actions.withdraw(privilege=privilege, reason="secret", by=world.qc)
    assert selectors.verified(token, on=today()).standing == Standing.WITHDRAWN
    assert selectors.verified("x" * 24, on=today()) is None


# --- Emergencies ---------------------------------------------------------------------------------


def test_an_emergency_is_recorded_reported_and_reviewed(world):
    override = make.override(world)
    assert set(override.lacked) == {"grade_above_tier", "not_privileged"}
    assert override.report_due_at - override.at == timedelta(hours=24)
    with pytest.raises(DomainError):
        actions.review_override(override=override, review="early", by=world.township_manager)
    with pytest.raises(ValidationError):
        actions.report_override(override=override, report=" ", by=world.doctor)
    override = actions.report_override(override=override, report="done", by=world.doctor, version=1)
    with pytest.raises(DomainError):
        actions.report_override(override=override, report="again", by=world.doctor)
    with pytest.raises(PermissionDenied):
        actions.review_override(override=override, review="fine", by=world.doctor)
    with pytest.raises(ValidationError):
        actions.review_override(override=override, review=" ", by=world.qc)
    override = actions.review_override(override=override, review="right", by=world.qc, version=2)
    assert (override.reviewed_by, override.version) == (world.qc, 3)
    assert policies.acts_on_override(world.qc, override) == frozenset()
    acts = AuditEntry.objects.filter(subject_id=str(override.public_id)).order_by("pk")
    assert list(acts.values_list("action", flat=True)) == [
        "override.recorded", "override.reported", "override.reviewed",
    ]  # fmt: skip


def test_an_emergency_is_none_where_it_is_allowed_or_has_not_happened(world):
    admissions.admitted(world)
    make.privilege(world)
    mine = {
        "practitioner": world.county_doctor.practitioner, "institution": world.county,
        "by": world.county_doctor,
    }  # fmt: skip
    with pytest.raises(DomainError) as refusal:
        make.override(world, **mine)
    assert refusal.value.code == "privileged"
    with pytest.raises(ValidationError):
        make.override(world, at=timezone.now() + timedelta(hours=1))
    with pytest.raises(PermissionDenied):
        make.override(world, by=world.county_doctor)
    with pytest.raises(DomainError) as refusal:
        make.override(world, institution=world.outside, by=world.outsider)
    assert refusal.value.code == "not_a_member"


def test_going_beyond_supervision_alone_is_an_emergency_too(world):
    mine = {"practitioner": world.practitioner, "institution": world.township}
    make.privilege(world, technique=world.debridement, level="supervised", **mine)
    override = make.override(world, technique=world.debridement)
    assert override.lacked == ["supervised"]


def test_a_review_is_never_ones_own(world):
    override = make.override(world)
    override = actions.report_override(override=override, report="done", by=world.doctor)
    world.township_manager.practitioner = world.practitioner
    assert policies.acts_on_override(world.township_manager, override) == frozenset()


# --- Who is told ---------------------------------------------------------------------------------


def told(event):
    notices.tell_event(event_id=event.pk)
    return set(event_notices(event))


def event_notices(event):
    from alliance.notices.models import Notice

    key = f"privilege.event:{event.pk}"
    return Notice.objects.filter(dedupe=key).values_list("user", flat=True)


def test_the_holder_is_told_and_the_house_where_it_must_plan(world):
    privilege = make.privilege(world)
    holder, manager = world.county_doctor.pk, world.manager.pk
    assert told(privilege.events.get()) == {holder}
    actions.suspend(privilege=privilege, reason="review", by=world.qc)
    assert told(privilege.events.last()) == {holder, manager}
    actions.restore(privilege=privilege, reason="mended", by=world.manager)
    assert told(privilege.events.last()) == {holder}


def test_an_emergency_is_told_to_who_looks_after_it(world):
    from alliance.notices.models import Notice

    override = make.override(world)
    notices.tell_override(override_id=override.pk, what="recorded")
    notices.tell_override(override_id=override.pk, what="recorded")
    readers = set(Notice.objects.values_list("user", flat=True))
    assert readers == {world.township_manager.pk, world.doctor.pk, world.office.pk}
    notices.tell_override(override_id=override.pk, what="reported")
    assert Notice.objects.count() == 4


def test_a_house_that_leaves_keeps_its_privileges_as_history(world):
    privilege = make.privilege(world)
    Membership.objects.filter(institution=world.county).update(valid_until=JUNE)
    codes = selectors.may_perform(
        practitioner_id=privilege.practitioner_id,
        technique_id=privilege.technique_id,
        institution_id=privilege.institution_id,
        on=JUNE,
    ).codes
    assert codes == {"not_a_member"}
