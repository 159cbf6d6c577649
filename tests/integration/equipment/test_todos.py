"""What waits for one's word in equipment stands on the first page, with its buttons."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from equipment import hub
from equipment.bookings.models import Booking, BookingSeries, WaitingOffer
from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories import bookings_waiting as queue
from tests.factories.alliance import staff

pytestmark = pytest.mark.django_db
HOME, EQUIPMENT = reverse("home"), reverse("equipment:home")


def waiting(user, at=None):
    return hub.todos_for(user, at or timezone.now())


def asked(world, **more):
    values = {"mentor": world.county_doctor.practitioner, "mentor_word": "asked"} | more
    return make.bare(world, **values)


def test_a_mentor_answers_on_the_first_page(world, django_assert_max_num_queries):
    row, mentor = asked(world), world.county_doctor
    browser = signed_in(mentor)
    pages = [browser.get(url).content.decode() for url in (HOME, EQUIPMENT)]
    yes, no = (
        reverse("bookings:act", args=[row.public_id, act]) for act in ("mentor_yes", "mentor_no")
    )
    assert all(yes in page and no in page and row.operator.name in page for page in pages)
    assert yes not in signed_in(world.doctor).get(HOME).content.decode()
    # What is past, ended or answered waits no more.
    assert waiting(mentor, row.ends_at) == []
    with django_assert_max_num_queries(100) as one:
        waiting(mentor)
    for number in range(7):
        asked(world, starts_at=make.soon(3 + number))
    with django_assert_max_num_queries(len(one.captured_queries)):
        found = waiting(mentor)
    assert len(found) == 6
    assert (found[0].url, found[0].due) == (row.get_absolute_url(), row.starts_at)
    assert (found[-1].url, found[-1].deeds) == (reverse("bookings:mine"), ())
    assert browser.post(yes, {"version": 1, "next": "home"}).url == HOME
    assert yes not in browser.get(HOME).content.decode()


def test_those_of_a_series_are_agreed_to_together(world):
    asked(world, starts_at=make.soon(5), technique=None)
    first, second = asked(world, starts_at=make.soon(3)), asked(world, starts_at=make.soon(10))
    series = BookingSeries.objects.create(
        alliance=world.alliance,
        institution=world.township,
        every="7",
        count=2,
        created_by=world.doctor,
    )
    Booking.objects.filter(pk__in=[first.pk, second.pk]).update(series=series)
    both, one = waiting(world.county_doctor)
    assert [deed.url for deed in both.deeds] == [
        reverse("bookings:act", args=[first.public_id, "mentor_all"])
    ]
    assert len(one.deeds) == 2
    signed_in(world.county_doctor).post(both.deeds[0].url, {"version": 1})
    assert waiting(world.county_doctor) == [one]


def test_a_keeper_answers_on_the_first_page(world):
    keeper = staff("equipment_keeper", institution=world.county)
    assert waiting(keeper) == []
    device = make.lent(world, needs_approval=True)
    row = make.bare(world, device=device, status="requested")
    row.lines.update(needs_approval=True)
    (todo,) = waiting(keeper)
    assert todo.due == min(row.created_at + timedelta(hours=48), row.starts_at)
    approve, refuse = todo.deeds
    page = signed_in(keeper).get(EQUIPMENT).content.decode()
    assert approve.url in page
    assert refuse.url in page
    answer = {"version": 1, "reason": "检修", "next": "equipment"}
    assert signed_in(keeper).post(refuse.url, answer).url == EQUIPMENT
    assert waiting(keeper) == []


def test_an_offer_is_taken_on_the_first_page(world):
    offer = queue.offer(queue.waiting(world))
    (todo,) = waiting(world.doctor)
    assert (todo.due, [deed.url for deed in todo.deeds]) == (
        offer.answer_by,
        [reverse(f"bookings:{act}", args=[offer.public_id]) for act in ("accept", "let_go")],
    )
    assert todo.deeds[0].url in signed_in(world.doctor).get(HOME).content.decode()
    # Nobody else is meant, and what is late is offered to the next.
    assert waiting(staff("doctor", institution=world.township)) == []
    assert waiting(world.doctor, offer.answer_by) == []
    WaitingOffer.objects.update(answer="let_go", answered_at=timezone.now())
    assert waiting(world.doctor) == []


def test_who_has_nothing_to_do_with_equipment_is_told_nothing(world):
    assert waiting(staff("system_admin")) == []
