"""The mentor's word on the page of a booking, and for other systems."""

import pytest
from django.urls import reverse

from equipment.bookings import actions
from equipment.bookings.models import Booking
from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories.alliance import PractitionerFactory
from tests.factories.privileges import bare as privilege

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(world):
    make.may_operate(world, level="supervised")
    mentor = world.county_doctor.practitioner
    for one in (mentor, PractitionerFactory(institution=world.county, name="何桂")):
        privilege(world, practitioner=one, technique=world.debridement, institution=world.county)
    return make.booked(world, mentor=mentor)


def act(row, name):
    return reverse("bookings:act", args=[row.public_id, name])


def test_a_mentor_answers_and_another_is_asked_with_one_press(world, row):
    mentor, doctor = signed_in(world.county_doctor), signed_in(world.doctor)
    seen = mentor.get(row.get_absolute_url())
    assert seen.context["mentoring"]["is_asked"]
    assert act(row, "mentor_yes") in seen.content.decode()
    assert mentor.post(act(row, "mentor_yes"), {"version": 1}).url == row.get_absolute_url()
    assert doctor.get(row.get_absolute_url()).context["mentoring"]["form"] is None
    # Who agreed may still be prevented.
    assert mentor.post(act(row, "mentor_no"), {"version": 2}).status_code == 422
    answer = mentor.post(act(row, "mentor_no"), {"version": 2, "reason": "急诊"}, follow=True)
    assert answer.status_code == 200
    page = doctor.get(row.get_absolute_url())
    assert page.context["mentoring"]["reason"] == "急诊"
    ((_id, words),) = page.context["mentoring"]["form"]["mentor"].field.choices
    assert words.startswith("何桂")
    url = reverse("bookings:mentor", args=[row.public_id])
    assert doctor.post(url, {"version": 3, "mentor": "x"}).url == row.get_absolute_url()
    doctor.post(url, {"version": 3, "mentor": _id})
    row.refresh_from_db()
    assert (row.mentor.name, row.mentor_word) == ("何桂", "call")
    # No account: who booked calls, and records what was said with one press.
    page = doctor.get(row.get_absolute_url())
    assert page.context["mentoring"]["may_record"]
    assert "has no account here: call them" in page.content.decode()
    said = doctor.post(act(row, "mentor_yes"), {"version": 4}, follow=True).content.decode()
    assert "It is recorded what the mentor said" in said
    assert "The mentor agreed by telephone" in said


def test_a_series_is_agreed_to_from_one_of_its_bookings(world, row):
    made = actions.book_series(
        devices=[make.lent(world)], institution=world.township, operator=world.practitioner,
        mentor=row.mentor, technique=world.debridement, starts_at=make.soon(3),
        ends_at=make.soon(3) + make.HOUR, every="7", count=2, by=world.doctor, at=make.soon(0),
    )  # fmt: skip
    first, mentor = made.booked[0], signed_in(world.county_doctor)
    assert mentor.get(first.get_absolute_url()).context["mentoring"]["more"] == 1
    mentor.post(act(first, "mentor_all"), {"version": 1})
    assert Booking.objects.filter(mentor_word="agreed").count() == 2
    # By another system's door, the one that stands alone.
    url = reverse("api:booking-mentor-agree", args=[row.public_id])
    answer = mentor.post(url, headers={"If-Match": '"1"'})
    assert answer.json()["mentor_word"] == "agreed"
