"""How far people are, read from the rooms below: what counts for what, in how many queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import alliance as make
from tests.factories import programmes as build
from training.courses.models import Course, HoursEntry
from training.exams.models import Exam, ExamResult, Station, StationResult
from training.logbook.models import Case, RatingScale
from training.mentoring.models import Posting
from training.programmes import selectors
from training.programmes.choices import Need, Part, StageKind
from training.programmes.models import Enrolment

pytestmark = pytest.mark.django_db


def passed(world, kind="theory", *, technique=None, days=50, who=None):
    """An exam of this kind, passed."""
    person = who or world.practitioner
    exam, _new = Exam.objects.get_or_create(
        alliance=world.alliance,
        name=f"{kind} {technique}",
        defaults={"kind": kind, "technique": technique, "pass_mark": 60, "attempts_allowed": 3},
    )
    ExamResult.objects.create(
        alliance=world.alliance,
        practitioner=person,
        institution=world.township,
        exam=exam,
        held_on=build.ago(days),
        passed=True,
        score=90,
        assessor=world.trainer,
    )
    return exam


def at_station(world, code, *, value=1, passed=True, days=40, metric="score"):
    station, _new = Station.objects.get_or_create(
        alliance=world.alliance,
        code=code,
        defaults={"name": code, "kind": "other", "metric": metric, "threshold": 1},
    )
    StationResult.objects.create(
        alliance=world.alliance,
        practitioner=world.practitioner,
        institution=world.township,
        station=station,
        held_on=build.ago(days),
        passed=passed,
        value=value,
        assessor=world.trainer,
    )


def completed(world, *, days=45, hours=2, **about):
    """A course taken elsewhere in the alliance, completed."""
    course = Course.objects.create(
        alliance=world.alliance, title="课程", mode="online", is_published=True, **about
    )
    HoursEntry.objects.create(
        practitioner=world.practitioner,
        institution=world.township,
        alliance=world.alliance,
        on=build.ago(days),
        hours=hours,
        kind="course",
        title="课程",
        course=course,
        status="confirmed",
        decided_at=timezone.now(),
    )
    return course


def operated(world, *, days=30, role="supervised", technique=None, rating=None, who=None):
    """A confirmed case."""
    return Case.objects.create(
        alliance=world.alliance,
        technique=technique or world.debridement,
        institution=world.township,
        performed_on=build.ago(days),
        external_case_number=f"N{Case.objects.count()}",
        operator=who or world.practitioner,
        role=role,
        supervisor=world.county_doctor.practitioner,
        duration_minutes=40,
        outcome="good",
        rating=rating,
        scale=RatingScale.objects.first() if rating else None,
        status="confirmed",
        confirmed_at=timezone.now(),
        confirmed_by=world.county_doctor,
        recorded_by=world.doctor,
        source="page",
    )


def have(world, need, *, days=100, **kinds):
    """How much there is of a requirement that is a programme's only one."""
    row = build.enrolment(
        world, build.published(world, (StageKind.THEORY, need), **kinds), days=days
    )
    (found,) = selectors.progress(row, on=build.today()).requirements
    return found.have, found.is_met


@pytest.mark.parametrize(
    ("need", "act", "expected"),
    [
        ((Need.EXAM, 1, {"variety": "theory"}), lambda w: passed(w, technique=w.debridement), 1),
        ((Need.EXAM, 1, {"variety": "theory"}), lambda w: passed(w, technique=w.gastrectomy), 0),
        ((Need.EXAM, 1, {"variety": "entry"}), lambda w: passed(w, "entry"), 1),
        (
            (Need.COURSE, 1, {"variety": "technique"}),
            lambda w: completed(w, technique=w.debridement),
            1,
        ),
        ((Need.COURSE, 1, {"variety": "technique"}), lambda w: completed(w), 0),
        ((Need.COURSE, 1, {"variety": "entry"}), lambda w: completed(w, is_entry=True), 1),
        ((Need.COURSE, 1, {"variety": "thematic"}), lambda w: completed(w, is_thematic=True), 1),
        ((Need.STATION, 1, {"station_code": "peg"}), lambda w: at_station(w, "peg"), 1),
        (
            (Need.STATION, 1, {"station_code": "peg"}),
            lambda w: at_station(w, "peg", passed=False),
            0,
        ),
        ((Need.STATION, 1, {"station_code": "peg"}), lambda w: at_station(w, "loop"), 0),
        (
            (Need.ANIMAL_CASES, 3, {"station_code": "pig"}),
            lambda w: at_station(w, "pig", value=3, metric="count"),
            3,
        ),
        ((Need.CASES, 1, {"part": "supervised"}), lambda w: operated(w), 1),
        ((Need.CASES, 1, {"part": "assistant"}), lambda w: operated(w), 1),
        ((Need.CASES, 1, {"part": "supervised"}), lambda w: operated(w, role="assistant"), 0),
        (
            (Need.CASES, 1, {"part": "supervised"}),
            lambda w: operated(w, technique=w.gastrectomy),
            0,
        ),
        (
            (Need.RATING, 4, {"part": "supervised"}),
            lambda w: operated(w, rating=Decimal("4.5")),
            4.5,
        ),
        ((Need.RATING, 4, {"part": "supervised"}), lambda w: operated(w), 0),
        ((Need.HOURS, 2, {}), lambda w: completed(w), 2),
        ((Need.HOURS, 2, {}), lambda w: completed(w, days=200), 0),
    ],
)
def test_what_counts_for_what(world, need, act, expected):
    act(world)
    assert have(world, need) == (expected, expected >= need[1])


def test_named_courses_and_exams(world):
    course, exam = completed(world, is_thematic=True), passed(world, "skills")
    assert have(world, (Need.COURSE, 1, {"course": course})) == (1, True)
    assert have(world, (Need.EXAM, 1, {"exam": exam}), name="二", technique=world.gastrectomy) == (
        1,
        True,
    )


@pytest.mark.parametrize(
    ("began", "ended", "months"), [(60, 0, 61 / 30), (200, 70, 31 / 30), (300, 200, 0)]
)
def test_months_of_rotation_count_from_the_enrolment(world, began, ended, months):
    Posting.objects.create(
        alliance=world.alliance,
        kind="rotation",
        practitioner=world.practitioner,
        from_institution=world.township,
        to_institution=world.county,
        plan="进修",
        valid_from=build.ago(began),
        valid_until=build.ago(ended) + timedelta(days=1),
        status="running",
        planned_by=world.township_manager,
    )
    assert have(world, (Need.MONTHS, 2, {})) == (pytest.approx(months), months >= 2)


@pytest.mark.parametrize(
    ("need", "values", "counts"),
    [
        ((Need.CASES, 12, {"part": "supervised"}), {}, True),
        ((Need.CASES, 12, {"part": "independent"}), {}, False),
        ((Need.ANIMAL_CASES, 12, {"station_code": "pig"}),
         {"kind": "animal_cases", "station_code": "pig", "technique": None, "part": ""}, True),
        ((Need.HOURS, 12, {}), {"kind": "hours", "technique": None, "part": ""}, True),
        ((Need.EXAM, 1, {"variety": "theory"}),
         {"kind": "exam", "variety": "theory", "part": ""}, True),
        ((Need.EXAM, 1, {"variety": "entry"}),
         {"kind": "exam", "variety": "theory", "part": ""}, False),
        ((Need.COURSE, 1, {"variety": "entry"}),
         {"kind": "course", "variety": "entry", "technique": None, "part": ""}, True),
    ],
)  # fmt: skip
def test_confirmed_records_of_the_past_count(world, need, values, counts):
    waiting = build.prior(world, title="未确认", **values)
    assert waiting.state == "waiting"
    build.confirmed_prior(world, **values)
    found, is_met = have(world, need)
    assert (found, is_met) == ((12 if counts else 0), counts)


def test_records_stand_for_named_courses_and_exams(world):
    entry = completed(world, is_entry=True, is_thematic=True, technique=world.debridement, days=900)
    exam = passed(world, technique=world.debridement)
    HoursEntry.objects.all().delete()
    ExamResult.objects.all().delete()
    for place, (variety, technique) in enumerate(
        [("technique", world.debridement), ("entry", None), ("thematic", None)]
    ):
        build.confirmed_prior(world, kind="course", variety=variety, technique=technique, part="",
                              amount=1, title=f"证明{place}")  # fmt: skip
    build.confirmed_prior(world, kind="exam", variety="theory", part="", amount=1, title="考试")
    assert have(world, (Need.COURSE, 1, {"course": entry})) == (3, True)
    technique = {"name": "二", "kind": "fellowship", "technique": None}
    assert have(world, (Need.EXAM, 1, {"exam": exam}), **technique) == (1, True)


def test_signatures_and_the_order_of_stages(world):
    row = build.enrolment(world)
    operated(world, days=60)
    early = selectors.progress(row, on=build.today())
    assert (early.percent, early.current.stage.kind, early.next_act.label) == (
        0,
        "theory",
        "Exam passed",
    )
    assert early.stages[1].requirements[0].too_early == 1
    assert not early.has_reached_clinic
    passed(world, technique=world.debridement, days=50)
    operated(world, days=40)
    half = selectors.progress(row, on=build.today())
    assert (half.stages[1].is_open, half.has_reached_clinic) == (True, True)
    assert [one.label for one in half.met] == ["Exam passed"]
    assert half.next_act.have == 1
    operated(world, days=30)
    build.signed(world, row)
    done = selectors.progress(row, on=build.today())
    assert (done.is_complete, done.percent, done.missing, done.next_act) == (True, 100, [], None)
    assert done.current is None
    assert done.requirements[1].met_on == build.ago(30)
    assert done.requirements[1].source == "Cases"
    assert [stage.is_passed for stage in done.stages] == [True, True, True]
    before = selectors.progress(row, on=build.ago(35))
    assert before.percent < 100


def test_ready_for_privilege(world):
    asked = {"practitioner_id": world.practitioner.pk, "technique_id": world.debridement.pk}
    nobody = selectors.ready_for_privilege(**asked, on=build.today())
    assert (nobody.is_ready, nobody.enrolment, nobody.missing) == (False, None, [])
    row = build.enrolment(world)
    found = selectors.ready_for_privilege(**asked, alliance_id=world.alliance.pk, on=build.today())
    assert (found.is_ready, found.enrolment, len(found.missing)) == (False, row, 3)
    passed(world, technique=world.debridement, days=50)
    operated(world, days=40)
    operated(world, days=30)
    build.signed(world, row)
    row.refresh_from_db()
    assert row.status == "done"
    assert selectors.ready_for_privilege(**asked, on=build.today()).is_ready


def test_the_number_of_queries_does_not_grow(world):
    assert selectors.progress_many([], on=build.today()) == {}
    made = build.published(
        world,
        (StageKind.THEORY, (Need.EXAM, 1, {"variety": "theory"}), (Need.HOURS, 1, {})),
        (
            StageKind.CLINICAL,
            (Need.CASES, 2, {"part": Part.SUPERVISED.value}),
            (Need.MONTHS, 1, {}),
        ),
    )
    for _count in range(4):
        who = make.PractitionerFactory(institution=world.township)
        build.enrolment(world, made, practitioner=who)
        passed(world, technique=world.debridement, who=who)
        operated(world, who=who)
    rows = list(Enrolment.objects.for_list())

    def statements(some):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = selectors.progress_many(some, on=build.today())
        assert len(found) == len(some)
        return len(seen)

    assert statements(rows[:1]) == statements(rows) == 6
    found = selectors.enrolments_of([who.pk], technique_ids=[world.debridement.pk])
    assert list(found) == [row for row in rows if row.practitioner_id == who.pk]
