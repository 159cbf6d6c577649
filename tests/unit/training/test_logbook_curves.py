"""Curves over the logbook: signals open reviews, decisions let the curve go on."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.core.models import OutboxMessage, PolicySetting
from tests.factories import logbook as make
from training.curves.rules import Phase
from training.logbook import actions, charts, curves, standings, tasks
from training.logbook.models import Case, CurveReview
from training.logbook.receivers import look_at_curves

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 5)


def log(world, results, *, first=FIRST, who=None):
    """One confirmed case a day, operated independently; True where it failed."""
    bad = {"outcome": "complication", "clavien_dindo": "II"}
    alone = {"role": "independent", "supervisor": None, "operator": who or world.practitioner}
    done = {"status": "confirmed", "confirmed_at": timezone.now(), "confirmed_by": world.trainer}
    return [
        make.case(
            world,
            **{**done, **alone, **(bad if failed else {})},
            performed_on=first + timedelta(days=day),
        )
        for day, failed in enumerate(results)
    ]


def drawn(world):
    return curves.draw(
        practitioner_id=world.practitioner.pk,
        technique_id=world.debridement.pk,
        alliance_id=world.alliance.pk,
        on=timezone.localdate(),
    )


def parameters(world):
    asked = {"alliance_id": world.alliance.pk, "on": timezone.localdate()}
    return curves.parameters_for([world.debridement.pk, 0], **asked)


def test_parameters_follow_the_grade_of_the_technique(world):
    found = parameters(world)
    assert found[world.debridement.pk].acceptable == 0.05
    assert found[0].acceptable == 0.1


@pytest.mark.parametrize(
    ("key", "value"),
    [("curve.basic.acceptable_per_mille", 500), ("curve.cases", 10)],
)
def test_a_policy_that_cannot_tell_good_from_bad_draws_nothing(world, key, value):
    PolicySetting.objects.create(key=key, value=value, effective_from=FIRST, source="Office")
    if key == "curve.cases":
        PolicySetting.objects.create(
            key="curve.false_signal_percent", value=1, effective_from=FIRST, source="Office"
        )
    log(world, [False])
    found = drawn(world)
    assert found.curve is None
    assert (found.fewest, found.signals(), charts.chart(found)) == (0, {}, None)
    assert charts.standing(found)[0] == "neutral"
    assert charts.meaning(found)["tone"] == "warning"
    assert (charts.facts(found), charts.points(found, {})) == ([], [])


def test_a_curve_without_a_case_says_so(world):
    found = drawn(world)
    assert charts.chart(found) is None
    assert charts.summary(found) == "No confirmed case yet."
    assert charts.meaning(found)["title"] == "0 cases say nothing yet."


def test_competence_opens_a_review_and_then_it_is_watched(world):
    fewest = curves.fewest_cases(parameters(world)[world.debridement.pk])
    cases = log(world, [False] * (fewest - 1))
    assert charts.standing(drawn(world))[0] == "neutral"
    assert actions.open_reviews(alliance_id=world.alliance.pk, on=timezone.localdate()) == 0
    (last,) = log(world, [False], first=FIRST + timedelta(days=200))
    assert tasks.review_curves() == 1
    review = CurveReview.objects.get()
    assert (review.cause, review.case, review.case_number) == ("competence", last, fewest)
    assert OutboxMessage.objects.filter(topic="logbook.signal").count() == 1
    look_at_curves(alliance_id=world.alliance.pk)
    assert CurveReview.objects.count() == 1
    found = drawn(world)
    assert found.curve.phase is Phase.WATCHING
    assert charts.standing(found)[0] == "good"
    assert charts.meaning(found)["tone"] == "success"
    assert "Competence showed" in charts.chart(found)["words"]
    assert len(charts.points(found, {cases[0].pk: cases[0]})) == fewest
    actions.decide_review(review=review, by=world.qc, decision="not_yet", note="太少", version=1)
    assert drawn(world).curve.phase is Phase.LEARNING


@pytest.fixture
def slipped(world):
    """Competent after enough good cases, then one failure after the other."""
    fewest = curves.fewest_cases(parameters(world)[world.debridement.pk])
    log(world, [False] * fewest + [True] * 6)
    actions.open_reviews(alliance_id=world.alliance.pk, on=timezone.localdate())
    return CurveReview.objects.get(cause="loss")


def test_a_loss_is_decided_by_somebody_else_with_a_reason(world, slipped):
    found = drawn(world)
    assert charts.standing(found)[0] == "bad"
    assert charts.meaning(found)["tone"] == "error"
    assert "slipped" in charts.summary(found)
    (row, *_more) = standings.of_staff(world.township_manager, on=timezone.localdate())
    assert (row.person, row.tone) == (world.practitioner, "bad")
    assert row.technique.code in row.url
    decided = {"review": slipped, "decision": "learn", "note": "复核三例", "version": 1}
    for by in (world.doctor, world.trainer, world.manager, world.outsider):
        with pytest.raises(PermissionDenied):
            actions.decide_review(by=by, **decided)
    with pytest.raises(ValidationError):
        actions.decide_review(by=world.qc, **{**decided, "note": ""})
    actions.decide_review(by=world.qc, **decided)
    with pytest.raises(DomainError) as error:
        actions.decide_review(by=world.office, **{**decided, "version": 2})
    assert error.value.code == "review_decided"
    again = drawn(world)
    assert again.curve.slipped_at is None
    assert again.curve.phase is Phase.LEARNING
    assert charts.standing(again)[0] == "active"
    assert charts.meaning(again)["tone"] == "info"


def test_confirming_a_case_looks_at_its_curve(world):
    fewest = curves.fewest_cases(parameters(world)[world.debridement.pk])
    log(world, [False] * (fewest - 1))
    case = make.case(world, role="independent", supervisor=None, performed_on=date(2026, 6, 1))
    actions.confirm_case(case=case, by=world.trainer, version=1)
    assert CurveReview.objects.get().case == case


def test_a_long_curve_draws_only_what_says_something(world):
    log(world, [day % 20 == 19 for day in range(130)])
    chart = charts.chart(drawn(world))
    assert 0 < len(chart["dots"]) < 130
    assert len(chart["ticks"]) <= 8
    assert Case.objects.count() == 130
