"""For whom a device is booked: found among one's own patients, or by a referral of the house."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.models import AuditEntry
from equipment.bookings.models import Booking, WaitingEntry
from equipment.bookings.privacy import IDENTIFYING
from tests import worlds
from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories.alliance import PractitionerFactory, staff
from tests.factories.bookings import soon
from tests.factories.devices import needed

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    make.may_operate(world)
    found = make.lent(world)
    needed(found.type, world.debridement)
    return found


@pytest.fixture
def doctor(world):
    return signed_in(world.doctor)


@pytest.fixture
def leg(world):
    return worlds.pending_referral(world)


@pytest.fixture
def wish(world, device):
    return {
        "technique": world.debridement.code,
        "devices": str(device.public_id),
        "starts_at": timezone.localtime(soon()).strftime("%Y-%m-%dT%H:%M"),
        "minutes": "60",
        "place": str(world.township.public_id),
        "operator": str(world.practitioner.public_id),
    }


def offered(answer):
    return [row.name for row, _words in answer.context["persons"].offered]


def test_a_patient_is_found_chosen_and_kept(world, wish, doctor):
    mine = worlds.patient(world)
    twin = worlds.patient(world, serial=2, name="王晓岚")
    elsewhere = worlds.patient(world, serial=3, name="王小林")
    elsewhere.accesses.update(institution=world.township2)
    url = reverse("bookings:book")
    answer = doctor.post(url, wish | {"look": "patient", "patient_search": "王", "note": "早到"})
    page = answer.content.decode()
    assert (answer.status_code, Booking.objects.count()) == (200, 0)
    assert set(offered(answer)) == {"王小兰", "王晓岚"}
    assert "王小兰" not in page
    assert mine.id_number not in page
    assert "早到" in page
    # Whoever was meant is said before anything is booked.
    assert doctor.post(url, wish | {"patient_search": "王"}).status_code == 422
    chosen = wish | {"patient_search": "王", "patient": str(twin.public_id)}
    assert doctor.post(url, chosen).status_code == 302
    assert Booking.objects.get().patient == twin


def test_a_whole_number_finds_one_and_the_reading_is_recorded(world, wish, doctor):
    mine = worlds.patient(world)
    url = reverse("bookings:book")
    looked = wish | {"look": "again", "patient_search": mine.id_number}
    answer = doctor.post(url, looked)
    assert answer.context["form"]["patient"].value() == str(mine.public_id)
    assert AuditEntry.objects.filter(action="patient.read").count() == 1
    for nobody in ("李", "330100199001011111", "\0"):
        answer = doctor.post(url, looked | {"patient_search": nobody})
        assert offered(answer) == []


def test_a_referral_of_the_house_brings_its_patient(world, wish, doctor, leg):
    other = worlds.patient(world, serial=5, name="赵四")
    url = reverse("bookings:book")
    page = doctor.get(url, wish | {"referral_number": leg.number})
    assert page.context["form"]["cause"].value() == leg.number
    assert page.context["persons"].chosen == leg.patient
    wrong = wish | {"cause": leg.number, "patient": str(other.public_id)}
    answer = doctor.post(url, wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["patient"])
    assert doctor.post(url, wish | {"cause": leg.number, "patient": ""}).status_code == 302
    row = Booking.objects.get()
    assert (row.patient, row.referral_number) == (leg.patient, leg.number)


def test_only_a_known_referral_is_named_and_both_pages_lead_to_each_other(world, wish, doctor, leg):
    url = reverse("bookings:book")
    answer = doctor.post(url, wish | {"referral_number": "ZZ-99999"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["referral_number"])
    answer = doctor.post(url, wish | {"cause": leg.number})
    row = Booking.objects.get()
    assert f'href="{leg.get_absolute_url()}"' in doctor.get(answer.url).content.decode()
    page = doctor.get(leg.get_absolute_url())
    assert [one.booking for one in page.context["booked"]] == [row]
    assert row.get_absolute_url() in page.content.decode()


def test_the_referrals_page_leads_to_the_booking(world, device, doctor, leg):
    page = doctor.get(leg.get_absolute_url())
    url = page.context["book_url"]
    assert url.replace("&", "&amp;") in page.content.decode()
    search = doctor.get(url)
    assert leg.number in search.context["carried"]
    free = doctor.get(url, {"technique": world.debridement.code} | _query(url))
    (group,) = free.context["groups"]
    booking = doctor.get(group["rows"][0]["slots"][0][1])
    assert booking.context["persons"].chosen == leg.patient
    waits = doctor.get(free.context["waiting_url"])
    assert waits.context["persons"].cause.number == leg.number


def _query(url):
    pairs = url.partition("?")[2].split("&")
    return {
        name: value for name, value in (pair.split("=") for pair in pairs) if name != "technique"
    }


def test_waiting_names_the_patient_too(world, device, doctor):
    mine = worlds.patient(world)
    asked = {
        "device": str(device.public_id),
        "technique": world.debridement.code,
        "minutes": "60",
        "wanted_from": timezone.localtime(soon(hour=8)).strftime("%Y-%m-%dT%H:%M"),
        "wanted_until": timezone.localtime(soon(hour=18)).strftime("%Y-%m-%dT%H:%M"),
        "operator": str(world.practitioner.public_id),
    }
    url = reverse("bookings:wait")
    looked = doctor.post(url, asked | {"look": "patient", "patient_search": "王小兰"})
    assert (looked.status_code, WaitingEntry.objects.count()) == (200, 0)
    make.bare(
        world, device=device, starts_at=soon(hour=8), hours=10, operator=PractitionerFactory()
    )
    assert doctor.post(url, asked | {"patient": str(mine.public_id)}).status_code == 302
    assert WaitingEntry.objects.get().patient == mine


def test_who_sees_no_patients_is_offered_none(world, device):
    keeper = signed_in(staff(Role.EQUIPMENT_KEEPER, institution=world.county))
    page = keeper.get(reverse("bookings:book"), {"device": str(device.public_id)})
    assert not page.context["persons"].may_search


def test_the_back_office_says_nothing_of_the_patient(browser_of, world):
    told = {"note": "张三丰左膝", "remark": "王五随访", "referral_number": "ZZ2026-0001"}
    row = make.bare(world, patient=worlds.patient(world, 1), **told)
    Authenticator.objects.create(user=world.office, type="totp", data={})
    url = reverse("admin:bookings_booking_change", args=[row.pk])
    page = browser_of(world.office).get(url).content.decode()
    assert world.practitioner.name in page
    hidden = [*told.values(), row.patient.masked_name]
    assert [one for one in hidden if one in page] == []
    shown = set(admin.site.get_model_admin(type(row)).fields)
    assert shown.isdisjoint(IDENTIFYING["bookings.Booking"])
