"""Results entered by assessors, stations, retrainings: what is refused, owed and taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.notices.models import Notice
from tests.factories import alliance as make
from tests.factories import exams as build
from tests.factories.files import png
from training.exams import actions, notices, selectors
from training.exams.models import ExamResult, ExtraAttempt, Retraining, StationResult
from training.exams.rules import StationFact, quarter_of

pytestmark = pytest.mark.django_db


def fields(act):
    with pytest.raises(ValidationError) as refused:
        act()
    return list(refused.value.message_dict)


def refusal(act):
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def today():
    return timezone.localdate()


def test_a_passed_skills_exam_owes_nothing(world):
    result = build.result(world, score=70)
    assert (result.passed, result.institution) == (True, world.township)
    assert not Retraining.objects.exists()


def test_a_failed_skills_exam_owes_a_retraining_until_it_is_confirmed(world):
    result = build.result(world, score=69, on=today() - timedelta(days=3))
    row = result.retraining
    assert row.due_on == result.held_on + timedelta(days=30)
    owed = selectors.open_retrainings(practitioner_ids=[world.practitioner.pk], on=today())
    assert list(owed) == [row]

    def finish(**more):
        values = {"done_on": today(), "note": "打结与缝合", "version": row.version}
        return actions.finish_retraining(retraining=row, by=world.trainer, **values | more)

    assert fields(lambda: finish(done_on=today() + timedelta(days=1))) == ["done_on"]
    assert fields(lambda: finish(done_on=result.held_on - timedelta(days=1))) == ["done_on"]
    assert "note" in fields(lambda: finish(note=" "))
    with pytest.raises(StaleVersion):
        finish(version=7)
    with pytest.raises(PermissionDenied):
        actions.finish_retraining(
            retraining=row, by=world.qc, done_on=today(), note="?", version=row.version
        )
    done = finish()
    assert (done.done_by, done.version) == (world.trainer, 2)
    assert refusal(lambda: finish(version=2)) == "nothing_owed"
    assert not selectors.open_retrainings(on=today()).exists()
    assert selectors.open_retrainings(on=today() - timedelta(days=1)).exists()
    year, quarter = quarter_of(result.held_on)
    standing = selectors.skills_standing([world.practitioner.pk], year=year, quarter=quarter)
    assert standing == {
        world.practitioner.pk: selectors.SkillsStanding(
            None, result.held_on, row.due_on, done.done_on
        )
    }


def test_a_result_taken_back_counts_for_nothing_and_owes_nothing(world):
    result = build.result(world, score=50)
    with pytest.raises(PermissionDenied):
        actions.void_result(result=result, reason="录错", by=world.qc)
    assert fields(lambda: actions.void_result(result=result, reason=" ", by=world.trainer)) == [
        "reason"
    ]
    actions.void_result(result=result, reason="录错", by=world.trainer)
    code = refusal(lambda: actions.void_result(result=result, reason="再次", by=world.trainer))
    assert code == "already_voided"
    assert not selectors.open_retrainings(on=today()).exists()
    row = result.retraining
    values = {"done_on": today(), "note": "?", "version": row.version, "by": world.trainer}
    code = refusal(lambda: actions.finish_retraining(retraining=row, **values))
    assert code == "nothing_owed"
    year, quarter = quarter_of(today())
    ids = [world.practitioner.pk]
    assert selectors.skills_standing(ids, year=year, quarter=quarter) == {}


def test_only_the_office_takes_back_what_the_system_marked(world):
    result = build.ended_attempt(world).result
    with pytest.raises(PermissionDenied):
        actions.void_result(result=result, reason="作弊", by=world.trainer)
    actions.void_result(result=result, reason="作弊", by=world.office)
    assert selectors.passed_exams([world.practitioner.pk], on=today()) == {}


def test_who_may_enter_a_result_and_of_whom(world):
    stranger = make.PractitionerFactory(institution=world.outside)
    assert refusal(lambda: build.result(world, practitioner=stranger)) == "not_of_alliance"
    world.trainer.practitioner = world.practitioner
    assert refusal(lambda: build.result(world)) == "own_result"
    world.trainer.practitioner = None
    result = build.result(world)
    world.trainer.practitioner = world.practitioner
    code = refusal(lambda: actions.void_result(result=result, reason="?", by=world.trainer))
    assert code == "own_result"
    for nobody in (world.doctor, world.qc, world.outsider):
        with pytest.raises(PermissionDenied):
            build.result(world, by=nobody)
    assert build.result(world, by=world.manager).assessor == world.manager
    assert build.result(world, by=world.office).assessor == world.office


def test_what_is_wrong_with_a_result_is_told_at_its_field(world):
    exam = build.online_exam(world)
    assert refusal(lambda: build.result(world, exam=exam)) == "online"
    tomorrow = today() + timedelta(days=1)
    assert fields(lambda: build.result(world, on=tomorrow)) == ["held_on"]
    assert fields(lambda: build.result(world, score=101)) == ["score"]
    bad = ContentFile(b"MZ", name="a.exe")
    assert fields(lambda: build.result(world, evidence=bad)) == ["evidence"]
    assert not ExamResult.objects.exists()


def test_evidence_is_kept_under_the_results_own_id(world):
    result = build.result(world, evidence=png(name="../李文 评分表.png"))
    assert result.evidence_name == "李文 评分表.png"
    assert str(result.public_id) in result.evidence.name
    assert "李文" not in result.evidence.name


def test_a_further_attempt_says_why_and_is_told(world):
    exam = build.online_exam(world)
    given = {"exam": exam, "practitioner": world.practitioner, "by": world.trainer}
    assert fields(lambda: actions.give_attempt(reason=" ", **given)) == ["reason"]
    skills = build.skills_exam(world)
    code = refusal(lambda: actions.give_attempt(reason="?", **given | {"exam": skills}))
    assert code == "in_person"
    with pytest.raises(PermissionDenied):
        actions.give_attempt(reason="?", **given | {"by": world.doctor})
    extra = actions.give_attempt(reason="停电", **given)
    assert list(ExtraAttempt.objects.visible_to(world.doctor)) == [extra]
    assert not ExtraAttempt.objects.visible_to(world.outsider).exists()
    notices.tell_attempt_given(extra_id=extra.pk)
    notices.tell_attempt_given(extra_id=extra.pk)
    assert Notice.objects.get().user == world.doctor


def test_results_are_told_to_whom_they_concern(world):
    notices.tell_result(result_id=build.result(world, score=90).pk)
    assert [(n.user, n.text_key) for n in Notice.objects.all()] == [(world.doctor, "exams.passed")]
    notices.tell_result(result_id=build.result(world, score=10).pk)
    told = Notice.objects.filter(text_key="exams.retraining").values_list("user", flat=True)
    assert set(told) == {world.doctor.pk, world.trainer.pk, world.township_manager.pk}


def test_stations_are_seeded_once_with_the_thresholds_of_policy(world):
    found = build.stations(world)
    assert actions.seed_stations(alliance=world.alliance, by=world.office) == 0
    assert len(found) == 6
    assert found["fls_peg_transfer"].threshold == 48
    assert not found["fls_peg_transfer"].is_verified
    cases = found["animal_cases"]
    assert (cases.threshold, cases.metric, cases.is_verified) == (20, "count", True)
    with pytest.raises(PermissionDenied):
        actions.seed_stations(alliance=world.alliance, by=world.trainer)


def test_what_is_reached_at_stations_adds_up(world):
    found = build.stations(world)
    loop, cases = found["fls_loop"], found["animal_cases"]
    first = today() - timedelta(days=2)
    build.reached(world, loop, 60, on=first)
    assert build.reached(world, loop, 50).passed
    build.reached(world, cases, 12, on=first)
    wrong = build.reached(world, cases, 9)
    person = world.practitioner.pk
    facts = selectors.station_facts([person], on=today())[person]
    assert facts == {
        "fls_loop": StationFact(2, today()),
        "animal_cases": StationFact(21, today()),
    }
    before = selectors.station_facts([person], on=first)[person]
    assert before["animal_cases"] == StationFact(12, None)
    actions.void_station_result(result=wrong, reason="多记一次", by=world.trainer)
    after = selectors.station_facts([person], on=today())[person]
    assert after["animal_cases"] == StationFact(12, None)
    assert selectors.station_facts([person + 1], on=today()) == {}


def test_what_is_wrong_with_a_station_result_is_told_at_its_field(world):
    loop = build.stations(world)["fls_loop"]
    assert fields(lambda: build.reached(world, loop, 0)) == ["value"]
    assert fields(lambda: build.reached(world, loop, 9, on=today() + timedelta(days=1))) == [
        "held_on"
    ]
    assert not StationResult.objects.exists()


def test_the_office_keeps_stations(world):
    values = {
        "code": "knots", "name": "打结", "kind": "other", "metric": "score",
        "threshold": Decimal(80),
    }  # fmt: skip
    station = actions.create_station(alliance=world.alliance, by=world.office, values=values)
    edit = {"station": station, "by": world.office, "version": 1}
    actions.edit_station(**edit, values={"threshold": Decimal(90)})
    with pytest.raises(StaleVersion):
        actions.edit_station(**edit, values={"threshold": Decimal(70)})
    taken = fields(
        lambda: actions.create_station(alliance=world.alliance, by=world.office, values=values)
    )
    assert taken == ["code"]
    with pytest.raises(PermissionDenied):
        actions.create_station(alliance=world.alliance, by=world.trainer, values=values)
