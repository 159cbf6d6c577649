"""What the tables of mentoring refuse, whoever writes, and what others may ask of them."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import alliance as make
from tests.factories import mentoring as build
from training.mentoring import selectors
from training.mentoring.models import Mentorship, MentorshipEvent, Posting, PostingEvent

pytestmark = pytest.mark.django_db
JAN, MARCH, JULY = build.JAN, date(2026, 3, 1), build.JULY


def refused(name, act, **values):
    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        act(**values)


def agreed(world, **more):
    now, user = timezone.now(), world.county_doctor
    return build.bare_mentorship(
        world,
        status="agreed",
        mentor_agreed_at=now,
        mentor_agreed_by=user,
        mentee_agreed_at=now,
        mentee_agreed_by=user,
        **more,
    )


def test_a_mentorship_is_whole(world):
    row = build.bare_mentorship(world)
    rows = Mentorship.objects.filter(pk=row.pk)
    for name, values in [
        ("mentoring_mentorship_status", {"status": "lost"}),
        ("mentoring_mentorship_period", {"valid_until": JAN}),
        ("mentoring_mentorship_two_people", {"mentor": row.mentee}),
        ("mentoring_mentorship_mentor_pair", {"mentor_agreed_at": timezone.now()}),
        ("mentoring_mentorship_mentee_pair", {"mentee_agreed_by": world.doctor}),
        ("mentoring_mentorship_both_agreed", {"status": "agreed"}),
        ("mentoring_mentorship_reason", {"reason": "x"}),
    ]:
        refused(name, rows.update, **values)
    refused("mentoring_mentorship_one_proposal", build.bare_mentorship, world=world)
    build.bare_mentorship(world, technique=world.debridement)
    refused("mentoring_mentorshipevent_move", MentorshipEvent.objects.create, mentorship=row,
            move="lost", by=world.doctor)  # fmt: skip


def test_a_mentee_has_one_mentor_for_a_thing_at_a_time(world):
    first = agreed(world)
    other = make.PractitionerFactory(institution=world.tertiary)
    refused("mentoring_mentorship_no_overlap", agreed, world=world, mentor=other)
    agreed(world, mentor=other, technique=world.debridement)
    agreed(world, mentor=other, valid_from=JULY, valid_until=date(2027, 1, 1))
    # Once ended it leaves room, on the very day it began even for the whole of it.
    Mentorship.objects.filter(pk=first.pk).update(status="ended", reason="调离", valid_until=JAN)
    agreed(world, mentor=other)


def test_a_posting_is_whole(world):
    row = build.bare_posting(world)
    rows = Posting.objects.filter(pk=row.pk)
    for name, values in [
        ("mentoring_posting_kind", {"kind": "holiday"}),
        ("mentoring_posting_status", {"status": "lost"}),
        ("mentoring_posting_period", {"valid_until": JAN}),
        ("mentoring_posting_elsewhere", {"to_institution": world.township}),
        ("mentoring_posting_reason", {"reason": "x"}),
        ("mentoring_posting_assessment", {"assessment": "good"}),
    ]:
        refused(name, rows.update, **values)
    refused("mentoring_posting_no_overlap", build.bare_posting, world=world, kind="dispatch")
    rows.update(status="cancelled", reason="停诊")
    build.bare_posting(world)


def test_what_belongs_to_a_posting_is_whole(world):
    row, user = build.bare_posting(world), world.doctor
    row.days_present.create(day=JAN, recorded_by=user)
    refused("mentoring_postingday_once", row.days_present.create, day=JAN, recorded_by=user)
    add = row.evaluations.create
    add(party="host", rating=5, by=user)
    refused("mentoring_postingevaluation_once", add, party="host", rating=4, by=user)
    refused("mentoring_postingevaluation_party", add, party="aunt", rating=4, by=user)
    refused("mentoring_postingevaluation_rating", add, party="person", rating=6, by=user)
    refused("mentoring_postingevent_move", row.events.create, move="lost", by=user)


def test_steps_never_change(world):
    event = build.bare_posting(world).events.create(move="plan", by=world.doctor)
    step = build.bare_mentorship(world).events.create(move="propose", by=world.doctor)
    for model, row in ((PostingEvent, event), (MentorshipEvent, step)):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(reason="x")


def test_who_teaches_whom(world):
    agreed(world)
    build.bare_mentorship(world, technique=world.debridement)
    mentee, mentor = world.practitioner, world.county_doctor.practitioner
    found = selectors.mentors_of([mentee.pk, mentor.pk], on=MARCH)
    assert {pk: [row.mentor for row in rows] for pk, rows in found.items()} == {mentee.pk: [mentor]}
    assert [row.mentee for row in selectors.mentees_of(mentor.pk, on=JAN)] == [mentee]
    assert not selectors.mentees_of(mentor.pk, on=JULY)
    assert selectors.has_mentor(mentee.pk, on=MARCH)
    assert not selectors.has_mentor(mentee.pk, technique_id=world.debridement.pk, on=MARCH)
    assert not selectors.has_mentor(mentor.pk, on=MARCH)


def test_days_served_are_counted_within_the_period(world):
    one = build.bare_posting(world, status="running")
    build.bare_posting(world, status="done", valid_from=JULY, valid_until=date(2026, 7, 11))
    build.bare_posting(world, valid_from=date(2026, 8, 1), valid_until=date(2026, 9, 1))
    other = build.bare_posting(
        world, practitioner=world.county_doctor.practitioner, kind="dispatch", status="done"
    )
    people = [one.practitioner_id, other.practitioner_id]

    def days(kind, since, until):
        return selectors.posting_days(people, kind=kind, since=since, until=until)

    with CaptureQueriesContext(connection) as asked:
        assert days("rotation", date(2025, 1, 1), date(2027, 1, 1)) == {people[0]: 191}
    assert len(asked) == 1
    assert days("rotation", MARCH, date(2026, 3, 11)) == {people[0]: 10}
    assert days("dispatch", JAN, MARCH) == {people[1]: 59}
    assert days("rotation", date(2025, 1, 1), JAN) == {}


def test_parts_are_seen_with_their_whole(world):
    step = build.bare_posting(world).events.create(move="plan", by=world.doctor)
    assert step in PostingEvent.objects.visible_to(world.doctor)
    assert step not in PostingEvent.objects.visible_to(world.township2_doctor)
