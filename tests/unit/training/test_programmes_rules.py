"""The arithmetic of requirements: example tables, and properties that hold for all of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.errors import TransitionNotAllowed
from training.programmes import rules, workflow
from training.programmes.choices import EnrolmentStatus, Need, Part, StageKind, Step
from training.programmes.rules import Fact, Requirement, StageNeeds

DAY = date(2026, 1, 1)


def on(number):
    return DAY + timedelta(days=number)


def facts(*days, amount=1.0, is_prior=False):
    return [Fact(on(day), amount, is_prior) for day in days]


THEORY = Requirement(1, Need.EXAM, 1)
ANIMALS = Requirement(2, Need.ANIMAL_CASES, 3)
SUPERVISED = Requirement(3, Need.CASES, 2)
RATED = Requirement(4, Need.RATING, 4.5)
SIGNED = Requirement(5, Need.SIGN_OFF, 1)
STAGES = [
    StageNeeds(1, StageKind.THEORY, (THEORY,)),
    StageNeeds(2, StageKind.SIMULATION, (ANIMALS,)),
    StageNeeds(3, StageKind.CLINICAL, (SUPERVISED, RATED)),
    StageNeeds(4, StageKind.ASSESSMENT, (SIGNED,)),
]
COMPLETE = {
    1: facts(1),
    2: facts(2, 3, 4),
    3: facts(5, 6),
    4: facts(5, 6, amount=5.0),
    5: facts(7),
}


@pytest.mark.parametrize(
    ("requirement", "found", "opened", "have", "met_on", "early"),
    [
        pytest.param(THEORY, [], DAY, 0, None, 0, id="nothing"),
        pytest.param(THEORY, facts(9, 4), None, 2, on(4), 0, id="first date counts, gate or none"),
        pytest.param(ANIMALS, facts(1, 2), DAY, 2, None, 0, id="one short"),
        pytest.param(ANIMALS, facts(1, 2, 3), DAY, 3, on(3), 0, id="enough on the third day"),
        pytest.param(ANIMALS, facts(8, amount=3.0), DAY, 3, on(8), 0, id="three in one record"),
        pytest.param(SUPERVISED, facts(1, 5), on(5), 1, None, 1, id="a case before its stage"),
        pytest.param(SUPERVISED, facts(5, 6), on(5), 2, on(6), 0, id="from the day it opens"),
        pytest.param(SUPERVISED, facts(5, 6), None, 0, None, 2, id="stage not open"),
        pytest.param(
            SUPERVISED, facts(1, 2, is_prior=True), None, 2, on(2), 0, id="confirmed past counts"
        ),
        pytest.param(RATED, [], DAY, 0, None, 0, id="no rating"),
        pytest.param(RATED, facts(1, amount=4.4), DAY, 4.4, None, 0, id="mean just short"),
        pytest.param(RATED, facts(1, amount=4.5), DAY, 4.5, on(1), 0, id="mean just enough"),
        pytest.param(
            RATED,
            [*facts(1, amount=4.0), *facts(2, amount=5.0)],
            DAY,
            4.5,
            on(2),
            0,
            id="mean of two, since the later",
        ),
        pytest.param(
            Requirement(6, Need.HOURS, 0.3),
            facts(1, 2, 3, amount=0.1),
            DAY,
            0.3,
            on(3),
            0,
            id="tenths add up",
        ),
    ],
)
def test_measure(requirement, found, opened, have, met_on, early):
    got = rules.measure(requirement, found, opened_on=opened)
    assert got.have == pytest.approx(have)
    assert (got.met_on, got.too_early, got.is_met) == (met_on, early, met_on is not None)
    assert got.lacking == pytest.approx(0 if met_on else requirement.minimum - have)


@pytest.mark.parametrize(
    ("without", "percent", "current", "next_key"),
    [
        pytest.param((), 100, None, None, id="complete"),
        pytest.param((1, 2, 3, 4, 5), 0, 1, 1, id="nothing yet"),
        pytest.param((5,), 80, 4, 5, id="only the signature missing"),
        pytest.param((2,), 40, 2, 2, id="cases wait for the simulation"),
        pytest.param((4,), 80, 3, 4, id="not rated"),
    ],
)
def test_path_says_where_one_is(without, percent, current, next_key):
    path = rules.stage_states(STAGES, {k: v for k, v in COMPLETE.items() if k not in without})
    assert path.percent == percent
    assert (path.current.stage.order if path.current else None) == current
    assert (path.next_need.requirement.key if path.next_need else None) == next_key
    assert path.is_complete == (not without)


def test_stages_open_when_those_before_are_passed():
    path = rules.stage_states(list(reversed(STAGES)), COMPLETE)
    assert [stage.opened_on for stage in path.stages] == [date.min, on(1), on(4), on(6)]
    assert [stage.passed_on for stage in path.stages] == [on(1), on(4), on(6), on(7)]
    assert path.reached(StageKind.CLINICAL)
    half = rules.stage_states(STAGES, {1: facts(1)})
    assert [stage.is_open for stage in half.stages] == [False, True, False, False]
    assert [stage.is_passed for stage in half.stages] == [True, False, False, False]
    assert not half.reached(StageKind.CLINICAL)


def test_a_programme_that_asks_for_nothing_is_complete():
    path = rules.stage_states([StageNeeds(1, StageKind.THEORY, ())], {})
    assert (path.percent, path.is_complete, path.current, path.next_need) == (100, True, None, None)


@pytest.mark.parametrize("short", [1, 2, 3, 4, 5])
def test_one_requirement_short_is_not_complete(short):
    less = {**COMPLETE, short: COMPLETE[short][:-1]}
    if short == 4:
        less[4] = facts(5, 6, amount=4.0)
    path = rules.stage_states(STAGES, less)
    assert not path.is_complete
    assert path.percent < 100


amounts = st.floats(min_value=0.1, max_value=6, allow_nan=False)
some_facts = st.lists(
    st.builds(Fact, st.integers(0, 60).map(on), amounts, st.booleans()), max_size=8
)
some_stages = st.lists(
    st.lists(
        st.tuples(st.sampled_from(list(Need)), st.floats(min_value=0.5, max_value=10)), max_size=3
    ),
    min_size=1,
    max_size=4,
)


def numbered(shape):
    """Stages of a drawn shape, every requirement with a key of its own."""
    key = iter(range(100))
    return [
        StageNeeds(order, StageKind.THEORY, tuple(Requirement(next(key), *one) for one in needs))
        for order, needs in enumerate(shape)
    ]


@given(some_stages, st.lists(some_facts, min_size=12, max_size=12))
def test_complete_means_every_requirement_and_nothing_else(shape, found):
    path = rules.stage_states(numbered(shape), dict(enumerate(found)))
    assert path.is_complete == all(one.is_met for one in path.measured) == (path.percent == 100)
    assert path.is_complete == (path.current is None)
    assert 0 <= path.percent <= 100
    passed = [stage.is_passed for stage in path.stages]
    assert passed == sorted(passed, reverse=True)


@given(some_stages, st.lists(some_facts, min_size=12, max_size=12), st.data())
def test_another_fact_never_takes_anything_away(shape, found, data):
    """Ratings aside: a bad one lowers a mean."""
    stages = [
        StageNeeds(one.order, one.kind, tuple(r for r in one.requirements if r.need != Need.RATING))
        for one in numbered(shape)
    ]
    before = rules.stage_states(stages, dict(enumerate(found)))
    key = data.draw(st.integers(0, 11))
    more = {**dict(enumerate(found)), key: [*found[key], data.draw(some_facts.filter(bool))[0]]}
    after = rules.stage_states(stages, more)
    assert after.percent >= before.percent
    for earlier, later in zip(before.measured, after.measured, strict=True):
        assert later.is_met >= earlier.is_met


@given(some_stages, st.lists(some_facts, min_size=12, max_size=12))
def test_no_case_counts_before_its_stage(shape, found):
    path = rules.stage_states(numbered(shape), dict(enumerate(found)))
    for stage in path.stages:
        for one in stage.measured:
            if one.requirement.need == Need.CASES:
                counted = [
                    fact.amount
                    for fact in found[one.requirement.key]
                    if fact.is_prior or (stage.opened_on is not None and fact.on >= stage.opened_on)
                ]
                assert one.have == pytest.approx(sum(counted))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Part.ASSISTANT, ("assistant", "supervised", "independent")),
        (Part.SUPERVISED, ("supervised", "independent")),
        (Part.INDEPENDENT, ("independent",)),
    ],
)
def test_parts_from(part, expected):
    assert rules.parts_from(part) == expected


@pytest.mark.parametrize(
    ("need", "given_", "faults"),
    [
        (Need.COURSE, {"course": 1}, {}),
        (Need.COURSE, {"variety": "technique"}, {}),
        (Need.COURSE, {}, {"course": "missing"}),
        (Need.COURSE, {"course": 1, "variety": "technique"}, {"variety": "both"}),
        (Need.EXAM, {"exam": 1, "course": 2}, {"course": "not_here"}),
        (Need.STATION, {}, {"station_code": "missing"}),
        (Need.ANIMAL_CASES, {"station_code": "animal"}, {}),
        (Need.CASES, {"part": "supervised"}, {}),
        (Need.RATING, {}, {"part": "missing"}),
        (Need.MONTHS, {}, {}),
        (Need.SIGN_OFF, {"part": "assistant"}, {"part": "not_here"}),
    ],
)
def test_requirement_faults(need, given_, faults):
    assert rules.requirement_faults(need, given_) == faults


@pytest.mark.parametrize("status", EnrolmentStatus)
@pytest.mark.parametrize("step", Step)
def test_next_status_every_pair(status, step):
    sources, target = workflow.TRANSITIONS[step]
    if status in sources:
        assert workflow.next_status(status, step) == target
    else:
        with pytest.raises(TransitionNotAllowed):
            workflow.next_status(status, step)
