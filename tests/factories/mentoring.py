"""Mentorships and postings in every state, reached through actions."""

from datetime import date

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
