"""Banks, exams, stations and results in every state, reached through actions."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from training.exams import actions
from training.exams.models import Exam, QuestionBank, Station

RIGHT = [0]


def bank(world, *, questions=4, name="腹腔镜基础"):
    """A bank whose every question is answered right by A."""
    made = QuestionBank.objects.filter(alliance=world.alliance, name=name).first()
    if made is None:
        made = actions.create_bank(alliance=world.alliance, by=world.office, values={"name": name})
        for number in range(questions):
            values = {
                "kind": "single",
                "text": f"第 {number + 1} 题",
                "options": ["对的", "错的", "也错"],
                "answer": RIGHT,
                "explanation": "解析：机密",
            }
            actions.create_question(bank=made, by=world.office, values=values)
    return made


def online_exam(world, **more):
    """A theory exam of four questions, passed with three."""
    values = {
        "name": "基础理论",
        "kind": "theory",
        "bank": more.pop("bank", None) or bank(world),
        "draw_count": 4,
        "minutes": 30,
        "pass_mark": 75,
        "attempts_allowed": 2,
        "wait_days": 1,
    }
    return actions.create_exam(alliance=world.alliance, by=world.office, values=values | more)


def skills_exam(world, name="季度技能考核"):
    """The alliance's quarterly skills exam, held in person."""
    known = Exam.objects.filter(alliance=world.alliance, name=name).first()
    values = {"name": name, "kind": "skills", "pass_mark": 70, "attempts_allowed": 1}
    return known or actions.create_exam(alliance=world.alliance, by=world.office, values=values)


def open_attempt(world, exam=None, by=None):
    """An attempt under way, of the doctor of the township unless of somebody else."""
    return actions.start_attempt(exam=exam or online_exam(world), by=by or world.doctor)


def answers(attempt, *, right):
    """Answers to a paper of which so many are right."""
    return {str(place): RIGHT if place < right else [1] for place in range(len(attempt.paper))}


def ended_attempt(world, exam=None, by=None, right=4):
    """An attempt handed in with so many right answers."""
    attempt = open_attempt(world, exam, by)
    return actions.hand_in(
        attempt=attempt,
        answers=answers(attempt, right=right),
        page="",
        version=attempt.version,
        by=by or world.doctor,
    )


def result(world, *, score=80, on: date | None = None, exam=None, practitioner=None, **more):
    """A result entered by the trainer of the township."""
    return actions.record_result(
        exam=exam or skills_exam(world),
        practitioner=practitioner or world.practitioner,
        held_on=on or timezone.localdate(),
        score=score,
        by=more.pop("by", world.trainer),
        **more,
    )


def stations(world):
    """The usual stations by their code."""
    actions.seed_stations(alliance=world.alliance)
    return {one.code: one for one in Station.objects.filter(alliance=world.alliance)}


def reached(world, station, value, *, on: date | None = None, practitioner=None, **more):
    """What somebody reached at a station, entered by the trainer of the township."""
    return actions.record_station(
        station=station,
        practitioner=practitioner or world.practitioner,
        held_on=on or timezone.localdate(),
        value=Decimal(value),
        by=more.pop("by", world.trainer),
        **more,
    )
