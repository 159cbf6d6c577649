"""Mentorships and postings in every state, reached through actions."""

from datetime import date, timedelta

from django.utils import timezone

from training.mentoring import actions
from training.mentoring.models import Mentorship, Posting

JAN, JULY = date(2026, 1, 1), date(2026, 7, 1)


def bare_mentorship(world, **more):
    """A row as it stands when proposed, for tests of the table alone."""
    values = {
        "alliance": world.alliance,
        "mentor": world.county_doctor.practitioner,
        "mentee": world.practitioner,
        "mentor_institution": world.county,
        "mentee_institution": world.township,
        "goals": "独立完成清创缝合",
        "valid_from": JAN,
        "valid_until": JULY,
        "proposed_by": world.county_doctor,
    }
    return Mentorship.objects.create(**values | more)


def bare_posting(world, **more):
    """A row as it stands when planned, for tests of the table alone."""
    values = {
        "alliance": world.alliance,
        "kind": "rotation",
        "practitioner": world.practitioner,
        "from_institution": world.township,
        "to_institution": world.county,
        "plan": "普外科轮训",
        "valid_from": JAN,
        "valid_until": JULY,
        "planned_by": world.township_manager,
    }
    return Posting.objects.create(**values | more)


def planned_posting(world, *, start=0, days=200, by=None, **more):
    """A rotation of the township's doctor to the county, planned from `start` days from today."""
    first = timezone.localdate() + timedelta(days=start)
    values = {
        "practitioner": world.practitioner,
        "kind": "rotation",
        "to_institution": world.county,
        "plan": "普外科轮训，跟台学习",
        "valid_from": first,
        "valid_until": first + timedelta(days=days),
    }
    return actions.plan_posting(by=by or world.township_manager, **values | more)


def running_posting(world, **more):
    """A posting under way since it was planned to begin."""
    posting = planned_posting(world, **more)
    return actions.start_posting(posting=posting, day=posting.valid_from, by=world.manager)


def finished_posting(world, *, start=-100, days=60, **more):
    """A posting that is over and waits for its assessment."""
    posting = running_posting(world, start=start, days=days, **more)
    return actions.finish_posting(posting=posting, by=world.manager)


def proposed_mentorship(world, *, start=0, days=200, by=None, **more):
    """The county's chief physician is to teach the township's doctor from `start` days from today."""
    first = timezone.localdate() + timedelta(days=start)
    values = {
        "mentor": world.county_doctor.practitioner,
        "mentee": world.practitioner,
        "goals": "独立完成清创缝合",
        "valid_from": first,
        "valid_until": first + timedelta(days=days),
    }
    return actions.propose_mentorship(by=by or world.county_doctor, **values | more)


def agreed_mentorship(world, **more):
    """A mentorship to which both sides have agreed; the house signs for a mentee without account."""
    row = proposed_mentorship(world, by=world.county_doctor, **more)
    by = world.doctor if row.mentee_id == world.practitioner.pk else world.township_manager
    return actions.agree_to_mentorship(mentorship=row, by=by)


def guidance_session(world, *, hours_ago=5, by=None, **more):
    """The county's chief physician guided the township's doctor at his house, an hour long."""
    values = {
        "mentor": world.county_doctor.practitioner,
        "institution": world.township,
        "mode": "onsite",
        "starts_at": timezone.now() - timedelta(hours=hours_ago),
        "minutes_taken": 60,
        "minutes": "示范清创缝合三例，下周复查操作要点",
        "participants": [world.practitioner],
    }
    return actions.record_session(by=by or world.county_doctor, **values | more)
