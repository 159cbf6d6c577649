"""What is taught: courses, exams, stations, and the hours everybody has of them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from alliance.catalogue.models import Technique
from alliance.people.models import Practitioner
from training.courses import actions as courses
from training.courses.choices import EntryStatus, HoursKind, Mode
from training.courses.models import Course, HoursEntry
from training.exams import actions as exams
from training.exams.choices import ExamKind
from training.exams.models import Exam, ExamResult, QuestionBank, Station
from training.programmes import actions as programmes

from .scene import Scene

_LINK = "https://edu.demo.invalid/courses/{code}"


@dataclass
class Teaching:
    """The courses and exams of the demonstration, by what they are for."""

    courses: dict[int, Course] = field(default_factory=dict)
    theory: dict[int, Exam] = field(default_factory=dict)
    animal: dict[int, Exam] = field(default_factory=dict)
    entry: Course | None = None
    entry_exam: Exam | None = None
    skills: Exam | None = None
    thematic: list[Course] = field(default_factory=list)
    stations: dict[str, Station] = field(default_factory=dict)


def prepare(scene: Scene, techniques: list[Technique]) -> Teaching:
    """Question bank, stations, programmes for every technique, courses and exams of the main ones."""
    office = scene.office
    exams.load_starter_questions(alliance=scene.alliance)
    exams.seed_stations(alliance=scene.alliance)
    programmes.make_standard_programmes(alliance=scene.alliance, by=None, on=scene.day(500))
    bank = QuestionBank.objects.get(alliance=scene.alliance)
    taught = Teaching(stations={row.code: row for row in Station.objects.all()})
    for technique in techniques:
        name = technique.name
        taught.courses[technique.pk] = _course(scene, f"{name}：规范与要点", technique=technique)
        taught.theory[technique.pk] = _exam(
            scene, f"{name}理论考试", ExamKind.THEORY, technique=technique, bank=bank
        )
        if technique.is_minimally_invasive:
            taught.animal[technique.pk] = _exam(
                scene, f"{name}动物模型考核", ExamKind.ANIMAL, technique=technique
            )
    taught.entry = _course(scene, "新上岗外科医师基础培训", is_entry=True, hours=Decimal(8))
    taught.entry_exam = _exam(scene, "新上岗外科医师考试", ExamKind.ENTRY, bank=bank)
    taught.skills = _exam(scene, "季度技能考核", ExamKind.SKILLS)
    taught.thematic = [
        _course(scene, title, is_thematic=True, hours=Decimal(6))
        for title in ("微创手术并发症的识别与转诊", "基层清创缝合与感染防控", "术后康复与随访管理")
    ]
    for course in [*taught.courses.values(), taught.entry, *taught.thematic]:
        courses.publish_course(course=course, by=office, version=course.version)
    return taught


def _course(scene: Scene, title: str, **more: object) -> Course:
    values: dict[str, Any] = {
        "mode": Mode.ONLINE,
        "hours": Decimal(3),
        "summary": "医联体统一课件，手机可学。",
        **more,
    }
    course = courses.create_course(
        alliance=scene.alliance, by=scene.office, title=title[:100], **values
    )
    for number, part in enumerate(("适应证与禁忌证", "操作步骤", "并发症处理与随访"), start=1):
        courses.add_part(
            course=course, by=scene.office, kind="link", title=part, minutes=20,
            url=_LINK.format(code=f"{course.pk}-{number}"),
        )  # fmt: skip
    course.refresh_from_db()
    return course


def _exam(scene: Scene, name: str, kind: str, **more: object) -> Exam:
    written = {"draw_count": 20, "minutes": 30} if "bank" in more else {}
    terms = {"pass_mark": 80, "attempts_allowed": 3, "wait_days": 7, **written}
    return exams.create_exam(
        alliance=scene.alliance,
        by=scene.office,
        values={"name": name[:60], "kind": kind, **terms, **more},
    )


def passed(scene: Scene, person: Practitioner, exam: Exam, on: date, *, score: int) -> ExamResult:
    """A result as an assessor entered it; nothing is stored yet."""
    return ExamResult(
        alliance=scene.alliance,
        practitioner=person,
        institution=person.institution,
        exam=exam,
        held_on=on,
        score=score,
        passed=score >= exam.pass_mark,
        assessor=scene.office,
    )


def attended(person: Practitioner, course: Course, on: date) -> HoursEntry:
    """An online course completed; nothing is stored yet."""
    return HoursEntry(
        practitioner=person,
        institution=person.institution,
        alliance=course.alliance,
        on=on,
        hours=course.hours,
        kind=HoursKind.COURSE,
        is_thematic=course.is_thematic,
        title=course.title,
        course=course,
        status=EntryStatus.CONFIRMED,
        decided_at=timezone.now(),
    )


def hours_of_the_year(scene: Scene, taught: Teaching) -> None:
    """Hours of this year for everybody: most have enough by now, some do not."""
    rows = []
    first = date(scene.today.year, 1, 1)
    days = max((scene.today - first).days, 1)
    for house in [*scene.hospitals, *scene.townships]:
        for number, person in enumerate(scene.staff[house.pk]):
            lazy = (number + house.pk) % 9 == 4
            rows += [
                attended(person, course, scene.day(scene.dice.randrange(days)))
                for course in taught.thematic[: 1 if lazy else 3]
            ]
            rows += [_elsewhere(scene, person, days, place) for place in range(1 if lazy else 3)]
    HoursEntry.objects.bulk_create(rows, batch_size=1000)


def _elsewhere(scene: Scene, person: Practitioner, days: int, place: int) -> HoursEntry:
    titles = ("县级继续教育项目", "省医学会线上讲座", "院内业务学习")
    return HoursEntry(
        practitioner=person,
        institution=person.institution,
        alliance=scene.alliance,
        on=scene.day(scene.dice.randrange(days)),
        hours=Decimal(4),
        kind=HoursKind.EXTERNAL,
        title=titles[place],
        ref=f"JX{person.pk:05d}{place}",
        status=EntryStatus.CONFIRMED,
        decided_at=timezone.now(),
        decided_by=scene.manager(person.institution),
    )
