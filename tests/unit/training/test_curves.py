"""Learning curves: weights and limits against their sources, by enumeration and by simulation."""

import random
from itertools import product
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.curves import rules
from training.curves.rules import NoLimit, Parameters, Phase, Walk

USUAL = Parameters(acceptable=0.10, unacceptable=0.20, odds_ratio=2, cases=50, alpha=0.05)
LOOSE = Parameters(acceptable=0.10, unacceptable=0.40, odds_ratio=4, cases=20, alpha=0.20)

walks = st.builds(
    Walk,
    up=st.floats(0.05, 2),
    down=st.floats(-2, -0.05),
    chance=st.floats(0.05, 0.95),
)


def enumerated(walk, *, limit, cases):
    """The same probability by looking at every one of the 2**cases histories."""
    total = 0.0
    for steps in product((True, False), repeat=cases):
        score, chance, crossed = 0.0, 1.0, False
        for rises in steps:
            score = max(0.0, score + (walk.up if rises else walk.down))
            chance *= walk.chance if rises else 1 - walk.chance
            crossed = crossed or score >= limit
        total += chance * crossed
    return total


@settings(max_examples=40)
@given(walk=walks, limit=st.floats(0.1, 5), cases=st.integers(1, 9))
def test_crossing_equals_the_enumeration_of_all_histories(walk, limit, cases):
    assert walk.crossing(limit=limit, cases=cases) == pytest.approx(
        enumerated(walk, limit=limit, cases=cases), abs=1e-9
    )


@settings(max_examples=40)
@given(walk=walks, cases=st.integers(1, 25), alpha=st.floats(0.01, 0.5))
def test_a_limit_keeps_its_promise_and_none_lower_does(walk, cases, alpha):
    try:
        limit = walk.limit(cases=cases, alpha=alpha)
    except NoLimit:
        assert walk.chance**cases > alpha
        return
    assert walk.crossing(limit=limit, cases=cases) <= alpha
    lower = [height for height in rules._heights(walk.up, walk.down, cases) if height < limit]
    if lower:
        assert walk.crossing(limit=lower[-1], cases=cases) > alpha


def test_a_copied_limit_calls_two_in_three_incompetent_operators_competent():
    """The warning that limits are computed, never copied: h = 1.25 at p0 .10 and p1 .20."""
    chance = rules.learning_walk(USUAL).crossing(limit=1.25, cases=50)
    assert chance == pytest.approx(2 / 3, abs=0.02)


def test_weights_of_learning_follow_biau_and_porcher():
    walk = rules.learning_walk(USUAL)
    assert walk.up == pytest.approx(log(0.9 / 0.8))
    assert walk.down == pytest.approx(log(0.1 / 0.2))
    assert walk.chance == pytest.approx(0.8)


def test_weights_of_watching_follow_steiner_without_a_risk_model():
    """p0 = .10 and odds doubled: odds 2/9, so pA = 2/11."""
    walk = rules.watching_walk(USUAL)
    assert USUAL.worsened == pytest.approx(2 / 11)
    assert walk.up == pytest.approx(log((2 / 11) / 0.1))
    assert walk.down == pytest.approx(log((9 / 11) / 0.9))
    assert walk.chance == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("phase", "rate"), [(Phase.LEARNING, USUAL.unacceptable), (Phase.WATCHING, USUAL.acceptable)]
)
def test_simulated_false_signals_stay_below_alpha(phase, rate):
    """4,000 invented operators for whom the premise of the chart is true."""
    chosen, runs, signals = random.Random(20), 4000, 0  # noqa: S311
    limit = rules.limits(USUAL)[phase]
    walk = (rules.learning_walk if phase is Phase.LEARNING else rules.watching_walk)(USUAL)
    for _run in range(runs):
        score = 0.0
        for _case in range(USUAL.cases):
            failed = chosen.random() < rate
            rises = failed if phase is Phase.WATCHING else not failed
            score = max(0.0, score + (walk.up if rises else walk.down))
            if score >= limit:
                signals += 1
                break
    exact = walk.crossing(limit=limit, cases=USUAL.cases)
    assert exact <= USUAL.alpha
    assert signals / runs == pytest.approx(exact, abs=0.012)


def test_competence_shows_after_the_fewest_successes_and_not_one_before():
    fewest = rules.fewest_cases(USUAL)
    early = rules.follow([False] * (fewest - 1), USUAL)
    assert (early.competent_at, early.phase) == (None, Phase.LEARNING)
    assert rules.follow([False] * fewest, USUAL).competent_at == fewest


def test_competence_shown_starts_the_watch_from_nought():
    fewest = rules.fewest_cases(USUAL)
    curve = rules.follow([False] * (fewest + 1), USUAL)
    assert curve.points[fewest - 1].is_signal
    assert curve.points[fewest].phase is Phase.WATCHING
    assert curve.points[fewest].score == 0


def drifting(after=6):
    return [False] * rules.fewest_cases(USUAL) + [True] * after


def test_a_run_of_failures_after_competence_signals_its_loss():
    curve = rules.follow(drifting(), USUAL)
    assert curve.competent_at == rules.fewest_cases(USUAL)
    assert curve.slipped_at is not None
    assert curve.failures == 6


def test_a_loss_stays_a_signal_until_somebody_reviews_it():
    slipped = rules.follow(drifting(), USUAL).slipped_at
    better = rules.follow([*drifting(), *[False] * 20], USUAL)
    assert better.slipped_at == slipped
    reviewed = rules.follow([*drifting(), False], USUAL, reviewed={len(drifting()): Phase.WATCHING})
    assert (reviewed.slipped_at, reviewed.points[-1].score) == (None, 0)


def test_a_review_may_send_back_to_learning():
    curve = rules.follow([*drifting(), False], USUAL, reviewed={len(drifting()): Phase.LEARNING})
    assert curve.phase is Phase.LEARNING
    assert curve.points[-1].phase is Phase.LEARNING
    assert curve.competent_at == rules.fewest_cases(USUAL)


def test_no_cases_are_no_curve():
    curve = rules.follow([], USUAL)
    assert (curve.points, curve.phase, curve.competent_at) == ((), Phase.LEARNING, None)


@settings(max_examples=60)
@given(st.lists(st.booleans(), max_size=80))
def test_scores_never_fall_below_nought_and_signals_are_at_the_limit(failures):
    curve = rules.follow(failures, LOOSE)
    assert [point.case for point in curve.points] == list(range(1, len(failures) + 1))
    assert all(point.score >= 0 for point in curve.points)
    assert all((point.score >= point.limit - 1e-9) == point.is_signal for point in curve.points)


def test_too_few_cases_have_no_limit():
    with pytest.raises(NoLimit):
        rules.limits(Parameters(0.10, 0.20, 2, cases=5, alpha=0.05))


@pytest.mark.parametrize(
    "wrong",
    [
        {"acceptable": 0.2, "unacceptable": 0.1},
        {"acceptable": 0},
        {"unacceptable": 1},
        {"odds_ratio": 1},
        {"cases": 0},
        {"alpha": 0},
    ],
    ids=str,
)
def test_impossible_parameters_are_refused(wrong):
    usual = {
        "acceptable": 0.1, "unacceptable": 0.2, "odds_ratio": 2, "cases": 50, "alpha": 0.05,
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"rates|odds"):
        Parameters(**{**usual, **wrong})
