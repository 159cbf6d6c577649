"""The scheduled checks of programmes: a hit, clear again, and a near miss for each."""

import pytest

from alliance.core import compliance
from tests.factories import programmes as build
from tests.unit.training.test_programmes_selectors import at_station, completed, operated, passed
from training.exams.models import StationResult
from training.programmes import actions
from training.programmes.choices import Need, StageKind

pytestmark = pytest.mark.django_db


def found(world, code, *, on=None, alliance=None):
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=build.today())[code]
    day = on or build.today()
    group = (alliance or world.alliance).pk
    asked = compliance.question(setting, alliance_ids=[group], on=day)
    return list(setting.check.rows(asked))


def test_a_case_before_the_stages_before_it(world):
    row = build.enrolment(world)
    code = "programmes.out_of_order"
    operated(world, days=120)
    operated(world, days=30, technique=world.gastrectomy)
    assert found(world, code) == []
    operated(world, days=60)
    (hit,) = found(world, code)
    assert (hit["subject"], hit["house_id"]) == (str(row.public_id), world.township.pk)
    assert hit["evidence"]["name"] == "李文"
    assert hit["evidence"]["seen_on"] == str(build.ago(60))
    assert found(world, code, on=build.ago(61)) == []
    actions.leave(enrolment=row, reason="调离", by=world.township_manager)
    assert found(world, code) == []


def test_a_case_after_the_stages_before_it(world):
    row = build.enrolment(world)
    passed(world, technique=world.debridement, days=60)
    operated(world, days=60)
    actions.advance(enrolment=row, by=world.trainer)
    assert found(world, "programmes.out_of_order") == []


@pytest.mark.parametrize(
    ("code", "theory", "station", "seen"),
    [
        ("peg", None, 60, 60),
        ("animal", 50, 60, 60),
        ("peg", 60, 60, None),
        ("peg", 61, 60, None),
        ("suture", None, 60, None),
        ("peg", None, 101, None),
    ],
    ids=["no theory", "theory later", "same day", "theory before", "not asked for", "before it"],
)
def test_simulation_before_theory(world, code, theory, station, seen):
    stations = (
        (Need.STATION, 1, {"station_code": "peg"}),
        (Need.ANIMAL_CASES, 20, {"station_code": "animal"}),
    )
    later = (StageKind.THEORY, (Need.EXAM, 1, {"variety": "assessment"}))
    made = build.published(
        world, build.THEORY, (StageKind.SIMULATION, *stations), later, build.CLINICAL
    )
    row = build.enrolment(world, made)
    at_station(world, code, days=station)
    if theory is not None:
        passed(world, technique=world.debridement, days=theory)
    actions.advance(enrolment=row, by=None)
    rows = found(world, "programmes.out_of_order")
    assert [one["evidence"]["seen_on"] for one in rows] == ([str(build.ago(seen))] if seen else [])
    operated(world, days=70)
    (hit,) = found(world, "programmes.out_of_order")
    assert hit["evidence"]["seen_on"] == str(build.ago(70))
    assert found(world, "programmes.out_of_order", on=build.ago(71)) == []


def test_a_result_that_was_taken_back_is_not_out_of_order(world):
    stations = (StageKind.SIMULATION, (Need.STATION, 1, {"station_code": "peg"}))
    build.enrolment(world, build.published(world, build.THEORY, stations))
    at_station(world, "peg", days=60)
    assert len(found(world, "programmes.out_of_order")) == 1
    StationResult.objects.update(
        voided_at="2026-01-01T00:00Z", voided_by=world.trainer, void_reason="记错"
    )
    assert found(world, "programmes.out_of_order") == []


def test_nothing_new_for_ninety_days(world):
    code = "programmes.stuck"
    row = build.enrolment(world, days=200)
    (hit,) = found(world, code)
    assert hit["subject"] == str(row.public_id)
    assert hit["evidence"]["moved_on"] == str(build.ago(200))
    assert found(world, code, on=build.ago(111)) == []
    assert len(found(world, code, on=build.ago(110))) == 1
    completed(world, days=89)
    assert found(world, code) == []
    passed(world, days=91)
    assert found(world, code) == []
    assert len(found(world, code, on=build.ago(-10))) == 1


@pytest.mark.parametrize("act", [lambda w: passed(w, days=10), lambda w: operated(w, days=10)])
def test_anything_new_clears_it(world, act):
    build.enrolment(world, days=200)
    act(world)
    assert found(world, "programmes.stuck") == []
