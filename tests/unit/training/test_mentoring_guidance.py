"""Guidance sessions: what is entered, what is refused, what they add up to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core import outbox
from alliance.core.errors import DomainError, StaleVersion
from alliance.notices.models import Notice
from tests.factories import alliance as make
from tests.factories import logbook
from tests.factories import mentoring as build
from training.mentoring import actions, policies, rules, selectors
from training.mentoring.models import GuidanceSession

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FACTS = {
    "starts_at": NOW - timedelta(hours=2), "minutes_taken": 60, "now": NOW,
    "earliest": NOW - timedelta(days=30), "mentor_id": 1, "mentorship": None,
    "participant_ids": [2], "case_people": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, ""),
        ({"minutes_taken": 0}, "minutes_taken"),
        ({"minutes_taken": 721}, "minutes_taken"),
        ({"minutes_taken": 120}, ""),
        ({"minutes_taken": 121}, "starts_at"),
        ({"starts_at": NOW - timedelta(days=31)}, "starts_at"),
        ({"participant_ids": []}, "participants"),
        ({"participant_ids": [1, 2]}, "participants"),
        ({"mentorship": rules.Link(1, 2)}, ""),
        ({"mentorship": rules.Link(3, 2)}, "mentorship"),
        ({"mentorship": rules.Link(1, 3)}, "mentorship"),
        ({"case_people": [{2, None}, {9, 1}]}, ""),
        ({"case_people": [{2}, {9, None}]}, "cases"),
    ],
)
def test_what_may_be_entered(change, field):
    assert list(rules.session_errors(**FACTS | change)) == ([field] if field else [])


def refused(name, rows, **values):
    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        rows.update(**values)


@pytest.mark.django_db
def test_a_session_is_whole(world):
    row = build.guidance_session(world)
    other = build.guidance_session(world, hours_ago=2)
    rows = GuidanceSession.objects.filter(pk=row.pk)
    refused("mentoring_guidancesession_mode", rows, mode="telepathy")
    refused("mentoring_guidancesession_period", rows, ends_at=row.starts_at)
    refused("mentoring_guidancesession_struck_whole", rows, struck_reason="x")
    refused("mentoring_guidancesession_no_overlap", rows, ends_at=timezone.now())
    actions.strike_session(session=other, reason="重复录入", by=world.county_doctor)
    rows.update(ends_at=timezone.now())


@pytest.mark.django_db
def test_nobody_guides_at_two_places_at_once(world):
    build.guidance_session(world)
    with pytest.raises(ValidationError) as told:
        build.guidance_session(world, mode="remote", hours_ago=4.5)
    assert list(told.value.message_dict) == ["starts_at"]
    build.guidance_session(world, hours_ago=4)
    with pytest.raises(ValidationError) as told:
        build.guidance_session(world, institution=world.outside, hours_ago=2)
    assert list(told.value.message_dict) == ["institution"]


@pytest.mark.django_db
def test_who_enters_and_who_is_told(world):
    for stranger in (world.doctor, world.manager, world.office, world.township2_doctor):
        with pytest.raises(PermissionDenied):
            build.guidance_session(world, by=stranger)
    build.guidance_session(world, by=world.trainer)
    outbox.relay()
    told = Notice.objects.filter(text_key="guidance.recorded")
    assert {notice.user for notice in told} == {world.county_doctor, world.doctor}
    assert policies.may_record(world.trainer)
    assert policies.may_record(world.county_doctor)
    assert not policies.may_record(world.liaison)


@pytest.mark.django_db
def test_a_session_belongs_to_a_mentorship_and_to_cases(world):
    pair = build.agreed_mentorship(world)
    mine = logbook.case(world)
    row = build.guidance_session(world, mentorship=pair, cases=[mine])
    assert list(row.cases.all()) == [mine]
    assert list(selectors.guidable(world.county_doctor, on=timezone.localdate())) == [pair]
    assert mine in selectors.cases_to_choose(world.qc, on=mine.performed_on)
    inside = build.guidance_session(
        world, institution=world.county, by=world.manager, hours_ago=2,
        participants=[make.PractitionerFactory(institution=world.county)],
    )  # fmt: skip
    assert inside.alliance == world.alliance


@pytest.mark.django_db
def test_struck_out_it_stays_readable_and_counts_no_longer(world):
    row = build.guidance_session(world)
    remote = build.guidance_session(world, mode="remote", hours_ago=3, minutes_taken=45)
    mentor, today = row.mentor_id, timezone.localdate()
    span = {"since": today - timedelta(days=1), "until": today + timedelta(days=1)}
    assert selectors.guidance_minutes([mentor], **span) == {mentor: {"onsite": 60, "remote": 45}}
    totals = selectors.guidance_totals(GuidanceSession.objects.all())
    assert (totals["sessions"], totals["minutes"]) == (2, 105)
    strike = {"session": remote, "by": world.county_doctor}
    with pytest.raises(PermissionDenied):
        actions.strike_session(session=remote, reason="x", by=world.doctor)
    with pytest.raises(StaleVersion):
        actions.strike_session(reason="x", version=9, **strike)
    with pytest.raises(ValidationError):
        actions.strike_session(reason=" ", **strike)
    actions.strike_session(reason="重复录入", **strike)
    with pytest.raises(DomainError) as told:
        actions.strike_session(reason="again", **strike)
    assert told.value.code == "struck"
    assert selectors.guidance_minutes([mentor], **span) == {mentor: {"onsite": 60}}
    assert remote in GuidanceSession.objects.visible_to(world.doctor)
    assert not GuidanceSession.objects.visible_to(world.outsider)
    assert not GuidanceSession.objects.visible_to(make.UserFactory())  # holds no role
    assert selectors.guidance_totals(GuidanceSession.objects.none())["minutes"] == 0
