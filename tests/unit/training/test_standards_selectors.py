"""Admission is a question about a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.standards import admitted, suspended
from training.standards import selectors
from training.standards.choices import Standing
from training.standards.models import Admission

TODAY = timezone.localdate()


def day(number):
    return TODAY + timedelta(days=number)


def standing(world, on=TODAY, technique=None):
    return selectors.admission_state(
        institution_id=world.county.pk,
        technique_id=(technique or world.appendectomy).pk,
        alliance_id=world.alliance.pk,
        on=on,
    )


def pairs(world, on=TODAY):
    ids = [world.appendectomy.pk, world.gastrectomy.pk]
    return selectors.admitted_pairs(
        institution_ids=[world.county.pk, world.tertiary.pk], technique_ids=ids, on=on
    )


def test_pairs_of_a_day_in_one_query(world, django_assert_num_queries):
    row = admitted(world, valid_from=day(-9), valid_until=day(9))
    suspended(row, world, valid_from=day(-5), valid_until=day(-2))
    suspended(row, world, valid_from=day(2))
    pair = {(world.county.pk, world.appendectomy.pk)}
    with django_assert_num_queries(1):
        assert pairs(world) == pair
    found = {n: pairs(world, day(n)) == pair for n in (-10, -9, -5, -3, -2, 1, 2, 8, 9)}
    assert [n for n, counts in found.items() if counts] == [-9, -2, 1]
    assert selectors.admissions_in_force(TODAY).get() == row


def test_a_withdrawn_admission_counted_until_then(world):
    row = admitted(world, valid_from=day(-9))
    Admission.objects.filter(pk=row.pk).update(status="withdrawn", valid_until=TODAY)
    assert pairs(world, day(-1))
    assert not pairs(world)


@pytest.mark.parametrize(
    ("period", "stopped", "expected"),
    [
        ((-9, None), None, Standing.IN_FORCE),
        ((-9, 1), None, Standing.IN_FORCE),
        ((-9, None), (-1, None), Standing.SUSPENDED),
        ((-9, None), (-3, 0), Standing.IN_FORCE),
        ((1, None), None, Standing.NOT_YET),
        ((-9, 0), None, Standing.EXPIRED),
    ],
)
def test_standing_of_a_granted_admission(world, period, stopped, expected):
    since, until = period
    row = admitted(world, valid_from=day(since), valid_until=until if until is None else day(until))
    if stopped:
        first, last = stopped
        until = None if last is None else day(last)
        suspended(row, world, valid_from=day(first), valid_until=until)
    state = standing(world)
    assert (state.standing, state.admission) == (expected, row)
    assert state.allows is (expected == Standing.IN_FORCE)
    assert (state.suspension is not None) is (expected == Standing.SUSPENDED)


def test_standing_without_admission(world):
    assert standing(world).standing == Standing.NONE
    assert standing(world, technique=world.debridement).standing == Standing.NOT_NEEDED
    assert standing(world, technique=world.debridement).allows
    Admission.objects.create(
        alliance=world.alliance,
        institution=world.county,
        technique=world.appendectomy,
        created_by=world.manager,
    )
    assert standing(world).standing == Standing.APPLIED
