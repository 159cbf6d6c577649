"""The search where a technique says nothing of devices, and where the day is over."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from equipment.bookings.entitled import entitled
from equipment.service.models import Outage
from tests.access.cast import give_second_factor, signed_in, system_of
from tests.factories import bookings as make
from tests.factories import privileges
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import booked, lent
from tests.factories.devices import DeviceTypeFactory, needed

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    """The county's laparoscope, on record for another technique than the doctor's."""
    make.may_operate(world)
    found = lent(world)
    needed(found.type, world.appendectomy)
    return found


def test_a_technique_of_which_no_device_is_on_record_takes_any(world, device):
    browser = signed_in(world.doctor)
    asked = {"technique": world.debridement.code}
    page = browser.get(reverse("bookings:search"), asked)
    assert page.context["groups"] == []
    (kind, url) = page.context["kinds"][0]
    assert kind == device.type
    found = browser.get(reverse("bookings:search") + url)
    (row,) = found.context["groups"][0]["rows"]
    assert row["found"].offer.device == device
    assert f"technique={world.debridement.code}" in row["slots"][0][1]
    assert booked(world, device=device).technique == world.debridement


def test_days_that_are_over_are_not_searched(world, device):
    day = timezone.localdate() - timedelta(days=1)
    asked = {"technique": world.debridement.code, "on": day.isoformat()}
    page = signed_in(world.doctor).get(reverse("bookings:search"), asked)
    assert page.status_code == 422
    assert "This day has passed" in str(page.context["form"].errors["on"])


def asked_by(world, technique=None):
    """What is known of the township's doctor today."""
    return entitled(
        world.practitioner,
        technique or world.debridement,
        world.alliance,
        world.township,
        timezone.localdate(),
    )


def test_who_may_do_it_where(world, device):
    """At home what can be carried there, elsewhere what stands there; else colleagues, else nobody."""
    fixed = DeviceTypeFactory(code="06-95", name="手术间", is_fixed=True)
    theatre = lent(world, type=fixed)
    able = asked_by(world)
    assert (able.may_use(device), able.may_use(theatre)) == (True, False)
    assert (able.elsewhere, able.colleagues, able.offering) == ([], [], ())
    privileges.Privilege.objects.all().delete()
    make.may_operate(world, institution=world.county)
    able = asked_by(world)
    assert (able.is_refused, able.elsewhere) == (True, [])
    privileges.Privilege.objects.all().delete()
    friends = [PractitionerFactory(institution=world.township, name=name) for name in "甲乙"]
    for number, friend in enumerate(friends, 1):
        make.may_operate(world, practitioner=friend)
        able = asked_by(world)
        assert (len(able.colleagues), able.shown) == (number, ["乙", "甲"][-number:])
        assert (able.may_use(device), able.may_use(theatre)) == (True, False)
    # Who may do it at the county only: what stands there, and nothing of the township's.
    privileges.bare(world, technique=world.debridement)
    visitor = world.county_doctor.practitioner
    today = timezone.localdate()
    able = entitled(visitor, world.debridement, world.alliance, world.township, today)
    assert (able.elsewhere, able.operator) == ([world.county], visitor)
    assert (able.may_use(device), able.may_use(theatre)) == (True, True)
    # A privilege would help at home, but not for what its tier may not do at all.
    assert able.may_apply
    above = asked_by(world, world.appendectomy)
    assert (above.may_apply, above.is_refused) == (False, True)
    nobody = entitled(None, world.debridement, world.alliance, world.township, timezone.localdate())
    assert nobody.may_use(theatre)
    assert not nobody.is_refused


def test_the_search_says_why_a_theatre_elsewhere_is_not_offered(world, device):
    """It is there, and shared; one only may not operate where it stands."""
    fixed = DeviceTypeFactory(code="06-95", name="手术间", is_fixed=True)
    needed(device.type, world.debridement)
    needed(fixed, world.debridement, need="helpful")
    asked, browser = {"technique": world.debridement.code}, signed_in(world.doctor)
    sentence = "You may not do this where such a device stands"
    assert sentence not in browser.get(reverse("bookings:search"), asked).content.decode()
    lent(world, type=fixed)
    page = browser.get(reverse("bookings:search"), asked)
    assert page.context["unusable"] == 1
    assert sentence in page.content.decode()


def test_the_search_names_colleagues_and_the_one_goes_along(world, device):
    needed(device.type, world.debridement)
    privileges.Privilege.objects.all().delete()
    friend = make.another(world)
    browser, asked = signed_in(world.doctor), {"technique": world.debridement.code}
    page = browser.get(reverse("bookings:search"), asked)
    assert friend.name in page.content.decode()
    assert f"operator={friend.public_id}" in page.context["answer"]["url"]
    make.another(world)
    page = browser.get(reverse("bookings:search"), asked)
    assert "operator=" not in page.context["answer"]["url"]


def test_all_that_is_required_is_booked_with_one_button(world, device):
    """A laparoscope and a knife at one time; the lamp that helps goes along if wanted."""
    needed(device.type, world.debridement)
    knife = lent(world, type=DeviceTypeFactory(code="06-94", name="超声刀"))
    lamp = lent(world, type=DeviceTypeFactory(code="06-93", name="无影灯"))
    needed(knife.type, world.debridement)
    needed(lamp.type, world.debridement, "helpful")
    browser, asked = signed_in(world.doctor), {"technique": world.debridement.code}
    first = browser.get(reverse("bookings:search"), asked).context["answer"]["best"].period
    # Other systems are told the same.
    (house,) = _together(world, asked)
    assert {house["devices"][0], house["devices"][1]} == {
        str(one.public_id) for one in (device, knife)
    }
    assert datetime.fromisoformat(house["slots"][0]["starts_at"]) == first.since
    # Who is booked elsewhere then is offered the next time.
    make.bare(world, starts_at=first.since)
    page = browser.get(reverse("bookings:search"), asked)
    answer = page.context["answer"]
    assert answer["best"].period.since >= first.since + 2 * make.HOUR
    assert {one.pk for one in answer["devices"]} == {device.pk, knife.pk}
    for url, devices in (
        (answer["url"], {device, knife}),
        (answer["all_url"], {device, knife, lamp}),
    ):
        form = browser.get(url).context["form"]
        assert set(form.initial["devices"]) == {str(one.public_id) for one in devices}
    (house,) = _together(world, asked | {"operator": str(world.practitioner.public_id)})
    starts = datetime.fromisoformat(house["slots"][0]["starts_at"])
    assert starts == answer["best"].period.since
    assert _together(world, {"type": knife.type.code}) == []
    # One of them is away for good: nothing is promised, and it is said what is missing.
    Outage.objects.create(device=knife, reason="fault", starts_at=make.soon(-1))
    page = browser.get(reverse("bookings:search"), asked)
    assert (page.context["answer"], page.context["unmet"]) == (None, ["超声刀"])


def _together(world, asked):
    """What another system of the township is told of the next two weeks."""
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    times = {"since": since.isoformat(), "until": (since + timedelta(days=14)).isoformat()}
    client, url = system_of(world.township).client, reverse("api:availability-list")
    return client.get(url, {**asked, **times, "minutes": 60}).json()["together"]


def test_what_only_helps_is_offered_without_a_warning(world, device):
    """What somebody has is open, what nobody has is folded; nothing that is required is missed."""
    other = DeviceTypeFactory(code="06-90", name="能量平台")
    needed(other, world.debridement, "helpful")
    needed(device.type, world.debridement, "helpful")
    asked = {"technique": world.debridement.code}
    page = signed_in(world.doctor).get(reverse("bookings:search"), asked)
    assert page.context["answer"]["devices"] == [device]
    said = page.content.decode()
    assert "No house has all that is required" not in said
    assert said.count('<details class="card fold">') == 1
    Outage.objects.create(device=device, reason="fault", starts_at=make.soon(-1))
    page = signed_in(world.doctor).get(reverse("bookings:search"), asked)
    assert page.context["answer"] is None
    assert "banner" not in page.content.decode().split("<main", 1)[1]


def test_who_only_looks_sees_times_without_links(world, device):
    needed(device.type, world.debridement)
    give_second_factor(world.office)
    browser, asked = signed_in(world.office), {"technique": world.debridement.code, "reach": "own"}
    home = browser.get(reverse("equipment:home")).content.decode()
    for name in ("bookings:mine", "bookings:waiting"):
        assert f'href="{reverse(name)}"' not in home
    assert f'href="{reverse("bookings:calendar")}"' in home
    for route in ("bookings:calendar", "bookings:search"):
        said = browser.get(reverse(route), asked).content.decode()
        assert f'href="{reverse("bookings:search")}"' in said
    assert reverse("bookings:calendar") in said
    shown = browser.get(device.get_absolute_url()).content.decode()
    assert reverse("bookings:book") not in shown
    page = browser.get(reverse("bookings:search"), asked)
    said = page.content.decode()
    assert reverse("bookings:book") not in said
    assert 'value="own"' not in said
    assert "Find a free time" in said


def test_who_oversees_chooses_for_which_institution(world, device):
    """The office finds what the township would find; it looks only, and for members only."""
    needed(device.type, world.debridement)
    give_second_factor(world.office)
    browser, asked = signed_in(world.office), {"technique": world.debridement.code}
    page = browser.get(reverse("bookings:search"), asked)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["house"])
    told = asked | {"house": str(world.township.public_id)}
    page = browser.get(reverse("bookings:search"), told)
    answer, said = page.context["answer"], page.content.decode()
    assert (answer["devices"], answer["url"], page.context["waiting_url"]) == ([device], "", "")
    assert reverse("bookings:book") not in said
    mine = signed_in(world.doctor).get(reverse("bookings:search"), asked).context["answer"]
    assert answer["best"].period == mine["best"].period
    # The county finds its own device; it is not the reader's.
    page = browser.get(reverse("bookings:search"), asked | {"house": str(world.county.public_id)})
    assert page.context["answer"]["best"].found[0].is_own
    assert "Its own" in page.content.decode()
    for house, status in ((world.outside, 422), (world.township2, 200)):
        told = asked | {"house": str(house.public_id)}
        assert browser.get(reverse("bookings:search"), told).status_code == status
    # Others are asked for no institution, and name none.
    form = signed_in(world.doctor).get(reverse("bookings:search")).context["form"]
    assert "house" not in form.fields
