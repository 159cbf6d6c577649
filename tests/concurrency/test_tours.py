"""The last place at a stop when many want it at the same moment. Real transactions."""

import threading

import pytest
from django.db import transaction

from alliance.core.errors import DomainError
from equipment.tours.models import Place, Stop, Tour
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


def test_no_place_is_booked_on_a_tour_that_is_called_off_meanwhile():
    """Whoever waits for the stop is told how its tour stands by then."""
    world = worlds.alliance()
    stop, called_off = make.announced(world), threading.Event()

    def call_off():
        with transaction.atomic():
            tour = Tour.objects.get(pk=stop.tour_id)
            make.moved(tour, "cancel", world.manager, reason="车坏了")
            called_off.set()
            threading.Event().wait(0.2)

    def book():
        called_off.wait(timeout=10)
        return make.place_at(world, Stop.objects.get(pk=stop.pk))

    _done, late = at_once(call_off, book)
    assert late.code == "stop_cancelled"
    assert not Place.objects.booked().exists()
