"""The waiting list when many serve it and answer at the same moment. Real transactions."""

import pytest

from equipment.bookings.models import Booking, WaitingOffer
from equipment.bookings.waiting import actions
from tests import worlds
from tests.factories import bookings as make
from tests.factories import bookings_waiting as queue
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import soon

from .together import at_once, refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NOW = soon(0, 9)


def in_line(world, device, count):
    """So many people of the township wait for an hour between eight and one; three fit."""
    found = []
    for _number in range(count):
        person = PractitionerFactory(institution=world.township)
        make.may_operate(world, practitioner=person)
        found.append(queue.waiting(world, device=device, hours=(8, 13), operator=person))
    return found


def test_whoever_serves_the_line_keeps_its_order():
    world = worlds.alliance()
    device = make.lent(world)
    line = in_line(world, device, 6)

    def serve():
        values = {"alliance_id": world.alliance.pk, "type_id": device.type_id}
        return actions.serve(**values, at=NOW)

    answers = at_once(*[serve] * 4)
    assert sum(answers) == 3
    offers = WaitingOffer.objects.order_by("starts_at")
    assert [offer.entry_id for offer in offers] == [entry.pk for entry in line[:3]]

    first = offers.first()

    def accept():
        offer = WaitingOffer.objects.get(pk=first.pk)
        return actions.accept_offer(offer=offer, by=world.doctor, at=NOW)

    answers = at_once(*[accept] * 3)
    assert len(refused(answers)) == 2
    assert Booking.objects.count() == 1
