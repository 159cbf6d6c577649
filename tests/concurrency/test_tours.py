"""The last place at a stop when many want it at the same moment. Real transactions."""

import pytest

from alliance.core.errors import DomainError
from equipment.tours.models import Place, Stop
from tests import worlds
from tests.factories import tours as make

from .together import at_once, refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_last_place_at_a_stop_goes_to_one():
    """Six ask for the one that is left; who gave one up meanwhile makes room for one more."""
    world = worlds.alliance()
    stop = make.announced(world)
    make.place_at(world, stop)

    def book():
        return make.place_at(world, Stop.objects.get(pk=stop.pk))

    answers = at_once(*[book] * 6)
    lost = refused(answers)
    assert len(lost) == 5
    assert {type(one) for one in lost} == {DomainError}
    assert {one.code for one in lost} == {"no_place"}
    stop.refresh_from_db()
    numbers = Place.objects.booked().order_by("number").values_list("number", flat=True)
    assert (stop.taken, list(numbers)) == (2, [1, 2])
