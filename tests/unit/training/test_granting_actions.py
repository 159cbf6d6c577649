"""Applications and the committee: what may be done, what is refused, what stays behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.catalogue.models import Requirement
from alliance.core.models import AuditEntry, OutboxMessage
from alliance.institutions.models import Membership
from alliance.people.models import Practitioner
from tests.factories import alliance as make
from tests.factories import granting
from training.granting import actions, evidence, texts
from training.granting.choices import Kind, Move, Status
from training.granting.models import Application
from training.privileges import actions as register
from training.privileges.models import Certificate, Privilege

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)


def lines(asked):
    """What is met and what is not, by code."""
    found = evidence.assemble(asked, on=TODAY)
    return {one.code: one.is_met for one in found.requirements}


# --- Opening -------------------------------------------------------------------------------------


def test_an_application_opens_with_everything_met_and_not_one_short(world):
    row = granting.enrolled(world)
    with granting.refusal("requirements_missing") as refused:
        actions.open_application(asked=granting.asked(world), by=world.doctor)
    assert refused.value.details["reasons"] == ["Signed off: 0 of 1 (清创缝合术 · Signed off)"]
    assert [one["code"] for one in refused.value.details["requirements"] if not one["is_met"]] == [
        "programme"
    ]
    assert not Application.objects.exists()
    granting.programmes.signed(world, row)
    made = actions.open_application(
        asked=granting.asked(world), statement=" 请审议 ", by=world.doctor
    )
    assert (made.status, made.enrolment, made.statement) == (Status.SUBMITTED, row, "请审议")
    assert all(one["is_met"] for one in made.evidence["requirements"])
    assert made.events.get().move == Move.SUBMIT
    assert AuditEntry.objects.filter(action="application.opened").count() == 1
    assert OutboxMessage.objects.filter(topic="granting.moved").count() == 1


def test_a_second_application_for_the_same_is_refused_with_the_way_to_the_first(world):
    first = granting.opened(world)
    with granting.refusal("application_open") as refused:
        actions.open_application(asked=granting.asked(world), by=world.doctor)
    assert refused.value.details["alternatives"][0]["url"] == first.get_absolute_url()


@pytest.mark.parametrize("who", ["county_doctor", "township_manager", "office"])
def test_nobody_applies_for_somebody_else(world, who):
    granting.ready(world)
    with pytest.raises(PermissionDenied):
        actions.open_application(asked=granting.asked(world), by=getattr(world, who))


def test_what_stands_against_somebody_is_told_by_its_source(world):
    assert lines(granting.asked(world)) == {
        "licence": True,
        "grade": True,
        "years": True,
        "not_yet_privileged": True,
        "enrolled": False,
    }
    Practitioner.objects.filter(pk=world.practitioner.pk).update(is_active=False)
    asked = granting.asked(world, technique=world.gastrectomy)
    assert lines(asked)["licence"] is False
    assert lines(asked)["grade"] is False
    Membership.objects.filter(institution=world.township).delete()
    assert lines(granting.asked(world)) == {"member": False}


def test_who_operates_alone_already_applies_for_renewal_instead(world):
    granting.ready(world)
    granting.held(world)
    assert lines(granting.asked(world))["not_yet_privileged"] is False


def publish(world, *needs):
    """An edition in force today that asks operators for these: kind, subject, how many."""
    edition = make.EditionFactory(alliance=world.alliance)
    make.EntryFactory(
        edition=edition, technique=world.debridement, grade="complex", tiers=["township"]
    )
    for kind, subject, minimum in needs:
        Requirement.objects.create(
            edition=edition,
            technique=world.debridement,
            side="operator",
            kind=kind,
            subject=subject,
            minimum=minimum,
            source="医联体",
        )
    edition.status, edition.effective_from = "published", TODAY
    edition.published_at = timezone.now()
    edition.save()


def test_what_the_catalogue_asks_of_operators_counts_too(world):
    publish(
        world,
        ("years", "", 30),
        ("cases", "", 3),
        ("cases", world.appendectomy.code, 1),
        ("training", "腔镜规范化培训", 1),
    )
    granting.cases(world, 3)
    found = evidence.assemble(granting.asked(world), on=TODAY)
    told = [(one.code, one.is_met, texts.label(one)) for one in found.requirements]
    assert ("years", False, "Years of practice") in told
    assert ("cases_before", True, "Operated before: this technique") in told
    assert ("cases_before", False, f"Operated before: {world.appendectomy.code}") in told
    assert ("training", False, "Trained: 腔镜规范化培训") in told
    assert ("admission", False, "The institution is admitted for the technique") in told
    assert all(texts.way_out(one) for one in found.missing)
    assert len(texts.missing_sentences(found.requirements)) == len(found.missing)


# --- Renewal and restoration ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cases", "failed", "until", "short"),
    [
        (10, 1, 30, set()),
        (9, 0, 30, {"recent_cases"}),
        (10, 2, 30, {"failures"}),
        (10, 0, 200, {"window"}),
    ],
)
def test_a_renewal_needs_recent_volume_and_good_outcomes(world, cases, failed, until, short):
    asked = granting.asked(world, Kind.RENEWAL, granting.held(world, until=until))
    granting.cases(world, cases, failed=failed)
    assert {code for code, is_met in lines(asked).items() if not is_met} == short


def test_a_renewed_privilege_begins_where_the_old_one_ends(world):
    old = granting.held(world)
    granting.cases(world, 10)
    asked = granting.asked(world, Kind.RENEWAL, old)
    row = actions.open_application(asked=asked, by=world.doctor)
    row = actions.take_up(application=row, meeting=None, by=granting.convener(world))
    granting.vote(world, row, "for", "for", "for")
    decision = actions.decide(application=row, reason="病例数与结局符合要求", by=world.office)
    assert decision.privilege.ground == "renewal"
    assert decision.valid_from == old.valid_until
    assert Certificate.objects.filter(privilege=decision.privilege).exists()
    with granting.refusal("requirements_missing"):
        actions.open_application(asked=asked, by=world.doctor)


@pytest.mark.parametrize("lost", ["suspend", "withdraw"])
def test_what_was_lost_is_restored_after_supervised_cases(world, lost):
    old = granting.held(world, until=400)
    getattr(register, lost)(privilege=old, reason="并发症偏多", by=world.qc)
    old.refresh_from_db()
    asked = granting.asked(world, Kind.RESTORATION, old)
    with pytest.raises(ValidationError, match="mended"):
        actions.open_application(asked=asked, by=world.doctor)
    statement = {"statement": "已完成专项培训", "by": world.doctor}
    with granting.refusal("requirements_missing"):
        actions.open_application(asked=asked, **statement)
    granting.cases(world, 3, days=0, role="supervised")
    row = actions.open_application(asked=asked, **statement)
    row = actions.take_up(application=row, by=granting.convener(world))
    granting.vote(world, row, "for", "for", "abstain")
    decision = actions.decide(application=row, reason="整改到位", by=world.office)
    assert (decision.privilege == old) is (lost == "suspend")
    assert Privilege.objects.in_force(TODAY).get() == decision.privilege


def test_a_renewal_without_its_privilege_is_a_fault_of_ours(world):
    with pytest.raises(ValueError, match="name their privilege"):
        evidence.assemble(granting.asked(world, Kind.RENEWAL), on=TODAY)
