"""A mentorship is proposed by one side and holds once both have agreed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core import compliance, outbox
from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import PolicySetting
from alliance.notices.models import Notice
from tests.factories import alliance as make
from tests.factories import mentoring as build
from tests.factories import privileges
from training.mentoring import actions, policies, selectors
from training.mentoring.models import Mentorship

pytestmark = pytest.mark.django_db


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


def refusal(act, *, field, **values):
    with pytest.raises(ValidationError) as told:
        act(**values)
    assert list(told.value.message_dict) == [field], told.value.message_dict


def policy(world, key, value):
    PolicySetting.objects.create(
        alliance=world.alliance, key=key, value=value, effective_from=day(-1), source="试点方案"
    )


def test_a_proposal_says_what_is_wrong_at_its_field(world):
    def propose(field, **values):
        refusal(build.proposed_mentorship, field=field, world=world, by=world.office, **values)

    mentor = world.county_doctor.practitioner
    propose("mentee", mentee=mentor)
    propose("mentor", mentor=make.PractitionerFactory(institution=world.county))
    propose("mentor", technique=world.debridement)
    propose("valid_until", days=0)
    propose("valid_until", days=1096)
    propose("valid_until", start=-20, days=20)
    propose("goals", goals=" ")
    propose("mentor", mentor=make.PractitionerFactory(institution=world.outside, title_code="231"))
    assert not Mentorship.objects.exists()


def test_within_one_house_the_house_s_own_alliance_counts(world):
    mentor = make.PractitionerFactory(institution=world.township, title_code="232")
    row = build.proposed_mentorship(world, mentor=mentor, by=world.doctor)
    assert row.alliance == world.alliance


def test_who_proposes(world):
    for stranger in (world.township2_doctor, world.trainer, world.qc, world.outsider):
        with pytest.raises(PermissionDenied):
            build.proposed_mentorship(world, by=stranger)
    by_office = build.proposed_mentorship(world, by=world.office)
    assert (by_office.mentor_agreed_at, by_office.mentee_agreed_at) == (None, None)
    refusal(build.proposed_mentorship, field="mentee", world=world, by=world.manager)
    people = selectors.teachable(world.doctor, on=day(0))
    assert world.county_doctor.practitioner in people
    assert not people.filter(institution=world.outside).exists()
    assert world.practitioner in selectors.teachable(world.office, on=day(0))
    assert policies.may_propose(world.doctor)
    assert policies.may_propose(world.manager)
    assert not policies.may_propose(world.qc)


def test_it_holds_once_both_have_agreed(world):
    row = build.proposed_mentorship(world, by=world.doctor)
    assert (row.status, bool(row.mentee_agreed_at), row.mentor_agreed_at) == (
        "proposed",
        True,
        None,
    )
    with pytest.raises(DomainError) as told:
        actions.agree_to_mentorship(mentorship=row, by=world.doctor)
    assert told.value.code == "already_agreed"
    # Who arranges training has no word in the place of people with an account of their own.
    for other in (world.manager, world.township_manager, world.office):
        with pytest.raises(PermissionDenied):
            actions.agree_to_mentorship(mentorship=row, by=other)
    with pytest.raises(StaleVersion):
        actions.agree_to_mentorship(mentorship=row, by=world.county_doctor, version=9)
    assert list(selectors.waiting_for(world.county_doctor)) == [row]
    agreed = actions.agree_to_mentorship(mentorship=row, by=world.county_doctor, version=1)
    assert (agreed.status, agreed.mentor_agreed_by) == ("agreed", world.county_doctor)
    assert [event.move for event in agreed.events.all()] == ["propose", "agree"]
    assert not selectors.waiting_for(world.county_doctor)
    with pytest.raises(TransitionNotAllowed):
        actions.agree_to_mentorship(mentorship=row, by=world.county_doctor)


def test_each_agrees_to_what_the_office_proposed(world):
    row = build.proposed_mentorship(world, by=world.office)
    row = actions.agree_to_mentorship(mentorship=row, by=world.doctor)
    assert (row.status, row.version) == ("proposed", 2)
    assert actions.agree_to_mentorship(mentorship=row, by=world.county_doctor).status == "agreed"


def test_the_house_enters_what_was_signed_on_paper(world):
    mentor = make.PractitionerFactory(institution=world.county, title_code="232")
    row = build.proposed_mentorship(world, mentor=mentor, by=world.doctor)
    agreed = actions.agree_to_mentorship(mentorship=row, by=world.manager)
    assert (agreed.status, agreed.mentor_agreed_by) == ("agreed", world.manager)


def test_the_last_place_is_taken_once(world):
    policy(world, "mentoring.mentees_most", 1)
    first = build.proposed_mentorship(world, by=world.county_doctor)
    other = make.PractitionerFactory(institution=world.township)
    second = build.proposed_mentorship(world, mentee=other, by=world.county_doctor)
    actions.agree_to_mentorship(mentorship=first, by=world.doctor)
    with pytest.raises(DomainError) as told:
        actions.agree_to_mentorship(mentorship=second, by=world.township_manager)
    assert told.value.code == "mentor_not_possible"
    assert "already has 1 mentees" in told.value.details["reasons"][0]
    refusal(build.proposed_mentorship, field="mentor", world=world,
            mentee=make.PractitionerFactory(institution=world.township2), by=world.office)  # fmt: skip
    # The same mentee in another matter takes no further place.
    privileges.privilege(world)
    assert build.proposed_mentorship(world, technique=world.appendectomy)


def test_a_technique_needs_the_mentor_s_own_privilege(world):
    refusal(build.proposed_mentorship, field="mentor", world=world, technique=world.appendectomy)
    privileges.privilege(world)
    row = build.agreed_mentorship(world, technique=world.appendectomy)
    assert row.status == "agreed"
    assert selectors.has_mentor(
        world.practitioner.pk, technique_id=world.appendectomy.pk, on=day(0)
    )


def test_one_side_may_decline_and_either_may_end(world):
    row = build.proposed_mentorship(world, by=world.doctor)
    with pytest.raises(PermissionDenied):
        actions.decline_mentorship(mentorship=row, reason="x", by=world.trainer)
    refusal(actions.decline_mentorship, field="reason", mentorship=row, reason=" ",
            by=world.county_doctor)  # fmt: skip
    row = actions.decline_mentorship(mentorship=row, reason="排班已满", by=world.county_doctor)
    assert (row.status, row.reason) == ("declined", "排班已满")
    held = build.agreed_mentorship(world, start=-10)
    with pytest.raises(TransitionNotAllowed):
        actions.decline_mentorship(mentorship=held, reason="x", by=world.doctor)
    planned = held.valid_until
    held = actions.end_mentorship(mentorship=held, reason="调离", by=world.office)
    assert (held.status, held.valid_until) == ("ended", day(0))
    assert held.events.last().data == {"planned_until": str(planned)}
    assert not selectors.has_mentor(world.practitioner.pk, on=day(0))
    assert selectors.has_mentor(world.practitioner.pk, on=day(-1))


def test_what_has_not_begun_ends_on_its_first_day_and_what_is_over_not_at_all(world):
    row = build.agreed_mentorship(world, start=5)
    row = actions.end_mentorship(mentorship=row, reason="改期", by=world.doctor)
    assert row.valid_until == row.valid_from
    over = build.agreed_mentorship(world, start=-5, days=10)
    Mentorship.objects.filter(pk=over.pk).update(valid_until=day(0))
    with pytest.raises(DomainError) as told:
        actions.end_mentorship(mentorship=over, reason="x", by=world.doctor)
    assert told.value.code == "over"


def test_what_the_page_offers_whom(world):
    def offered(user, row):
        return {act.value for act in policies.mentorship_acts(user, row, on=day(0))}

    row = build.proposed_mentorship(world, by=world.doctor)
    assert offered(world.doctor, row) == {"decline"}
    assert offered(world.county_doctor, row) == {"agree", "decline"}
    assert offered(world.manager, row) == {"decline"}
    assert offered(world.trainer, row) == set()
    held = actions.agree_to_mentorship(mentorship=row, by=world.county_doctor)
    assert offered(world.office, held) == {"end"}
    assert (
        offered(world.office, build.bare_mentorship(world, status="declined", reason="x")) == set()
    )


def test_everybody_concerned_is_told(world):
    build.proposed_mentorship(world, by=world.doctor)
    outbox.relay()
    told = Notice.objects.filter(text_key="mentorship.propose")
    assert {notice.user for notice in told} == {
        world.county_doctor, world.manager, world.township_manager, world.trainer
    }  # fmt: skip


def findings(world, name, on=None):
    on = on or day(0)
    one = compliance.in_force(alliance_id=world.alliance.pk, on=on)[f"mentoring.{name}"]
    asked = compliance.question(one, alliance_ids=[world.alliance.pk], on=on)
    return list(one.check.rows(asked))


def test_a_mentor_over_capacity_is_found_until_there_is_room(world):
    first = build.agreed_mentorship(world)
    other = make.PractitionerFactory(institution=world.township)
    build.agreed_mentorship(world, mentee=other)
    policy(world, "mentoring.mentees_most", 2)
    assert not findings(world, "mentor_over_capacity")  # full is not too full
    PolicySetting.objects.create(
        alliance=world.alliance, key="mentoring.mentees_most", value=1, effective_from=day(0),
        source="试点方案",
    )  # fmt: skip
    (found,) = findings(world, "mentor_over_capacity")
    assert found["subject"] == str(first.mentor.public_id)
    assert found["house_id"] == world.county.pk
    assert found["evidence"] == {"name": "王建国", "count": 2, "most": 1}
    actions.end_mentorship(mentorship=first, reason="调离", by=world.office)
    assert not findings(world, "mentor_over_capacity")


def test_a_mentor_who_is_no_longer_eligible_is_found(world):
    granted = privileges.privilege(world)
    row = build.agreed_mentorship(world, technique=world.appendectomy)
    mentor = row.mentor
    assert not findings(world, "mentor_not_eligible")

    def fault():
        found = findings(world, "mentor_not_eligible")
        assert {one["subject"] for one in found} <= {str(row.public_id)}
        return [one["evidence"]["mentor_fault"] for one in found]

    assert fault() == []
    assert findings(world, "mentor_not_eligible", granted.valid_until) == []  # over by then
    for change, expected in [
        ({"title_code": "232"}, []),
        ({"title_code": "233"}, ["title"]),
        ({"title_code": "251"}, ["title"]),
        ({"title_code": "231", "is_active": False}, ["gone"]),
    ]:
        type(mentor).objects.filter(pk=mentor.pk).update(**change)
        assert fault() == expected
    type(mentor).objects.filter(pk=mentor.pk).update(is_active=True)
    type(granted).objects.filter(pk=granted.pk).update(level="supervised")
    assert fault() == ["privilege"]
