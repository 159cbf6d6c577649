"""What is lost is told in words, with what would work: offers, bookings, series."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from alliance.core.exchange.spec import find
from alliance.core.models import OutboxMessage
from alliance.notices import texts
from alliance.notices.models import Notice
from equipment.bookings import actions, drafting, notices
from equipment.bookings.models import Booking, BookingEvent, WaitingEntry
from equipment.bookings.waiting import actions as waiting
from equipment.bookings.waiting import notices as offers
from equipment.service.models import Outage
from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories import bookings_waiting as queue
from tests.factories.alliance import PractitionerFactory, staff
from tests.factories.bookings import HOUR, soon
from tests.factories.devices import DeviceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    make.may_operate(world)
    return make.lent(world, name="便携超声", asset_number="2023-0080")


@pytest.fixture
def doctor(world):
    return signed_in(world.doctor)


def broken(device):
    """Out of service since an hour ago, as a fault leaves it."""
    return Outage.objects.create(
        device=device,
        starts_at=timezone.now() - HOUR,
        reason="fault",
        note="探头无图像",
    )


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M").replace(":", "%3A")


def recheck(device):
    actions.recheck_devices(device_ids=[device.pk], at=timezone.now())


def told(user, key):
    return list(Notice.objects.filter(user=user, text_key=key))


def test_an_offer_that_cannot_be_had_is_refused_in_words(world, device, doctor):
    offer = queue.offer(queue.waiting(world, device=device))
    make.lent(world, type=device.type, asset_number="2023-0081")
    broken(device)
    answer = doctor.post(reverse("bookings:accept", args=[offer.public_id]))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "next_step" not in page
    assert "You wait on in your old place" in page
    assert "2023-0081" in page
    (url,) = [one.url for one in answer.context["choices"] if "2023-0081" in one.title]
    assert doctor.get(url).context["verdict"].is_free


def test_offers_of_a_device_that_went_out_are_withdrawn(world, device):
    offer = queue.offer(queue.waiting(world, device=device))
    broken(device)
    assert waiting.withdraw(device_ids=[device.pk], at=timezone.now()) == 1
    offer.refresh_from_db()
    assert (offer.answer, WaitingEntry.objects.get().state) == ("gone", "waiting")
    assert OutboxMessage.objects.filter(topic="bookings.serve").exists()
    message = OutboxMessage.objects.get(topic="bookings.offer_gone")
    offers.tell_gone(**message.payload)
    (notice,) = told(world.doctor, "booking.offer_gone")
    assert (notice.kind, "2023-0080" in texts.title_of(notice)) == ("equipment", True)
    # Repaired, the same time may be offered again.
    Outage.objects.update(ends_at=timezone.now())
    assert waiting.withdraw(device_ids=[device.pk], at=timezone.now()) == 0
    assert waiting.serve(alliance_id=world.alliance.pk, type_id=device.type_id, at=timezone.now())


def test_a_booking_whose_device_is_away_is_exchanged_with_one_tap(world, device, doctor):
    other = make.lent(world, type=device.type, asset_number="2023-0081")
    row = make.booked(world, device=device, note="备注")
    broken(device)
    recheck(device)
    row.refresh_from_db()
    page = doctor.get(row.get_absolute_url())
    assert [one["is_away"] for one in page.context["left"]] == [True]
    assert page.content.decode().count("Device not available") > 1
    assert "check_in" not in page.context["rights"]
    assert str(device.type.public_id) in page.context["search_url"]
    (choice,) = [one for one in page.context["choices"] if one.values.get("device")]
    assert "2023-0081" in choice.title
    sent = {"version": row.version, **choice.values}
    answer = doctor.post(reverse("bookings:rebook", args=[row.public_id]), sent)
    made = Booking.objects.latest("pk")
    assert answer.url == made.get_absolute_url()
    assert (made.lines.get().device, made.starts_at, made.note) == (other, row.starts_at, "备注")
    row.refresh_from_db()
    assert (row.status, row.is_late) == ("cancelled", False)


def test_what_came_to_nothing_is_booked_again_with_all_filled_in(world, device, doctor):
    other = make.lent(world, type=device.type, asset_number="2023-0081")
    friend = PractitionerFactory(institution=world.township)
    row = make.bare(
        world, device=device, status="refused", note="30°", referral_number="R-1", mentor=friend
    )
    row.lines.update(is_live=False)
    row.people.update(is_live=False)
    row.events.create(act="refuse", target="refused", reason="12-04", at=timezone.now())
    page = doctor.get(row.get_absolute_url())
    again = page.context["again"]
    assert "12-04" in page.content.decode()
    form = doctor.get(again["url"]).context["form"]
    told = {
        name: form.initial[name] for name in ("starts_at", "minutes", "note", "mentor", "operator")
    }
    assert told == {
        "starts_at": row.starts_at, "minutes": 120, "note": "30°", "mentor": str(friend.public_id),
        "operator": str(world.practitioner.public_id),
    }  # fmt: skip
    assert form.initial["referral_number"] == "R-1"
    assert form.initial["technique"] == world.debridement.code
    # Other times, not the one that was refused; the other device at that time.
    *times, (device_) = again["choices"]
    assert times
    assert all(local(row.starts_at) not in one.url for one in times)
    form = doctor.get(device_.url).context["form"]
    assert form.initial["devices"] == [str(other.public_id)]
    assert (form.initial["starts_at"], form.initial["note"]) == (row.starts_at, "30°")
    # What others noted is not theirs to read; nor is anything offered where it was exchanged.
    assert drafting.note_of(world.doctor, world.county, str(row.public_id)) == ""
    assert drafting.note_of(world.doctor, world.township, "x") == ""
    make.bare(world, replaces=row, starts_at=soon(5))
    assert doctor.get(row.get_absolute_url()).context["again"] is None


@pytest.mark.parametrize("status", ["cancelled", "no_show", "lapsed", "confirmed"])
def test_what_is_over_is_booked_again_at_another_time(world, device, doctor, status):
    row = make.bare(world, device=device, status=status, starts_at=soon(-2), patient=None)
    row.lines.update(is_live=False)
    row.people.update(is_live=False)
    again = doctor.get(row.get_absolute_url()).context["again"]
    assert (again is None) == (status == "confirmed")
    if again is not None:
        assert "start=" not in again["url"]
        assert again["choices"]
        assert "starts_at" not in doctor.get(again["url"]).context["form"].initial


def test_an_exchange_that_is_refused_leaves_the_booking(world, device, doctor):
    row = make.booked(world, device=device)
    taken = make.bare(
        world, device=device, starts_at=row.starts_at + timedelta(days=1),
        operator=PractitionerFactory(institution=world.township),
    )  # fmt: skip
    url = reverse("bookings:rebook", args=[row.public_id])
    sent = {"version": row.version, "starts_at": taken.starts_at.isoformat()}
    answer = doctor.post(url, sent)
    assert answer.status_code == 409
    assert "2023-0080" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "confirmed"
    assert doctor.post(url, {"version": row.version}).url == row.get_absolute_url()
    later = row.starts_at + timedelta(days=3)
    assert doctor.post(url, {"version": row.version, "starts_at": later}).status_code == 302
    made = Booking.objects.latest("pk")
    assert made.starts_at == later
    # One notice of both, and each page leads to the other.
    for event in BookingEvent.objects.filter(booking__in=[row, made]):
        notices.tell(event_id=event.pk)
    (news,) = Notice.objects.filter(user=world.manager)
    assert news.text_key == "booking.exchanged"
    assert news.values["was_at"] == row.starts_at.isoformat()
    for one, other in ((row, made), (made, row)):
        assert (
            f'href="{other.get_absolute_url()}"'
            in doctor.get(one.get_absolute_url()).content.decode()
        )


def test_used_at_the_owner_an_exchange_moves_to_the_next_owner(world, device):
    row = make.booked(world, device=device, technique=None, place=world.county)
    other = DeviceFactory(owner=world.tertiary, type=device.type)
    moved = actions.rebook(
        booking=row, without=device, device=other, by=world.doctor, at=timezone.now()
    )
    assert moved.place == world.tertiary


def test_a_series_is_told_once_and_its_mentor_what_for(world, device):
    person = PractitionerFactory(institution=world.county)
    mentor = staff("doctor", institution=world.county, practitioner=person)
    series = actions.book_series(
        devices=[device], institution=world.township, operator=world.practitioner,
        mentor=mentor.practitioner, technique=world.debridement, starts_at=soon(),
        ends_at=soon() + HOUR, every="7", count=3, by=world.doctor, at=timezone.now(),
    )  # fmt: skip
    assert len(series.booked) == 3
    broken(device)
    recheck(device)
    for event in BookingEvent.objects.order_by("pk"):
        notices.tell(event_id=event.pk)
    (as_mentor,) = told(mentor, "booking.mentor_asked_series")
    assert world.debridement.name in texts.title_of(as_mentor)
    assert world.practitioner.name in texts.body_of(as_mentor)
    assert told(mentor, "booking.book_series") == []
    (lost,) = told(world.doctor, "booking.affect_series")
    assert lost.values["count"] == 3
    assert "2023-0080" in texts.title_of(lost)


def test_ones_own_booking_in_the_way_is_named(world, device, doctor):
    row = make.booked(world, device=device)
    asked = {
        "technique": world.debridement.code,
        "devices": str(make.lent(world).public_id),
        "start": timezone.localtime(row.starts_at).strftime("%Y-%m-%dT%H:%M"),
        "minutes": "60",
    }
    page = doctor.get(reverse("bookings:book"), asked)
    ((_words, url),) = page.context["verdict"].in_the_way
    assert url == row.get_absolute_url()
    assert url in page.content.decode()


def test_bookings_and_the_waiting_list_go_out_to_excel(world, device):
    row = make.booked(world, device=device)
    entry = queue.waiting(world, device=device)
    for name, found in (("bookings", row), ("waiting-list", entry)):
        table = find(name)
        assert list(table.found(by=world.doctor)) == [found]
        assert list(table.found(by=world.outsider)) == []
        with pytest.raises(PermissionDenied):
            table.plan()
    (devices,) = [one for one in find("bookings").columns if one.name == "devices"]
    assert "2023-0080" in devices.source(row)
