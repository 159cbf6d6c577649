"""What the logbook tells others: confirmed cases, counted and in order."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from alliance.core.models import PolicySetting
from tests.factories.logbook import case
from training.logbook import selectors
from training.logbook.actions import load_scales
from training.logbook.models import RatingScale

pytestmark = pytest.mark.django_db
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def logged(world):
    """Five confirmed cases that count, and three entries that do not."""
    load_scales()
    done = {"status": "confirmed", "confirmed_at": timezone.now(), "confirmed_by": world.qc}
    rated = {"scale": RatingScale.objects.get(code="GAS")}
    alone = {"role": "independent", "supervisor": None}

    def on(day):
        return {"performed_on": date(2026, 3, day)}

    case(world, **done, **on(2), role="assistant", outcome="complication", clavien_dindo="I")
    case(world, **done, **on(5), **rated, rating=4, outcome="complication", clavien_dindo="II")
    case(world, **done, **on(3), **rated, rating=3)
    case(world, **done, **on(4), **alone, converted=True)
    case(world, **done, **on(6), **alone, technique=world.appendectomy)
    case(world, **on(7))
    case(world, **on(8), status="rejected", closing_reason="Not mine")
    case(world, **done, performed_on=JUNE)
    return world


def test_counts_by_role_in_one_query(logged, django_assert_num_queries):
    who = [logged.practitioner.pk, logged.county_doctor.practitioner_id]
    with django_assert_num_queries(1):
        counts = selectors.case_counts(who, since=MARCH, until=JUNE)
    first = counts[logged.practitioner.pk, logged.debridement.pk]
    assert first == selectors.CaseCounts(1, 2, 1, 1, Decimal("3.5"))
    assert first.operated == 3
    assert counts[logged.practitioner.pk, logged.appendectomy.pk].independent == 1
    assert len(counts) == 2
    narrowed = selectors.case_counts(who, technique_ids=[logged.appendectomy.pk], until=JUNE)
    assert list(narrowed) == [(logged.practitioner.pk, logged.appendectomy.pk)]


def test_each_case_in_order_without_the_patient(logged):
    rows = list(
        selectors.confirmed_cases(
            [logged.practitioner.pk], technique_ids=[logged.debridement.pk], until=JUNE
        )
    )
    assert [row.performed_on.day for row in rows] == [2, 3, 4, 5]
    assert [row.is_complication for row in rows] == [True, False, False, True]
    assert {row.institution_id for row in rows} == {logged.township.pk}


def test_series_of_failures_in_one_pass(logged, django_assert_num_queries):
    with django_assert_num_queries(2):
        series = list(selectors.outcome_series(alliance_id=logged.alliance.pk, until=JUNE))
    assert series == sorted(
        [
            (logged.practitioner.pk, logged.debridement.pk, [False, True, True]),
            (logged.practitioner.pk, logged.appendectomy.pk, [False]),
        ]
    )


@pytest.mark.parametrize(
    ("key", "value", "failures"),
    [
        ("curve.conversion_fails", False, [False, False, True]),
        ("curve.failure_from_grade", "IIIa", [False, True, False]),
    ],
)
def test_policy_says_what_a_failure_is(logged, key, value, failures):
    PolicySetting.objects.create(
        key=key, value=value, effective_from=date(2020, 1, 1), source="Committee"
    )
    asked = {"practitioner_ids": [logged.practitioner.pk], "technique_ids": [logged.debridement.pk]}
    [(_who, _what, found)] = selectors.outcome_series(
        **asked, alliance_id=logged.alliance.pk, until=JUNE
    )
    assert found == failures


def test_volume_of_late(logged):
    about = {"practitioner_id": logged.practitioner.pk, "technique_id": logged.debridement.pk}
    volume = selectors.recent_volume(
        **about, alliance_id=logged.alliance.pk, since=MARCH, until=JUNE
    )
    assert (volume.cases, volume.failures) == (3, 2)
    assert round(volume.failure_percent) == 67
    elsewhere = selectors.recent_volume(
        **about,
        alliance_id=logged.alliance.pk,
        since=MARCH,
        until=JUNE,
        institution_id=logged.county.pk,
    )
    assert (elsewhere.cases, elsewhere.failure_percent) == (0, None)
