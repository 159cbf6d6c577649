"""Calendars of bookings: day, week, device and the file for one's phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from equipment.bookings.models import CalendarFeed
from equipment.service.models import Outage
from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories.devices import DeviceTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    """The county's laparoscope, lent to the alliance; the township's doctor may operate."""
    make.may_operate(world)
    return make.lent(world)


@pytest.fixture
def doctor(world):
    return signed_in(world.doctor)


def test_calendars_show_days_weeks_and_devices(world, device, doctor, client):
    row = make.booked(world, device=device)
    day = {"day": str(timezone.localdate(row.starts_at)), "house": world.county.public_id}
    page = doctor.get(reverse("bookings:calendar"), day)
    (lane,) = page.context["lanes"]
    assert [part.kind for part in lane.parts] == ["free", "mine", "free"]
    assert row.get_absolute_url() == lane.parts[1].url
    week = doctor.get(reverse("bookings:calendar"), {**day, "view": "week"})
    ((_device, cells),) = week.context["rows"]
    assert sum(cell.uses for cell in cells) == 1
    page = doctor.get(reverse("bookings:device", args=[device.public_id]), {"day": "0000-99"})
    assert len(page.context["lanes"]) == 7
    # Out for two reasons: one line, cut to the hours, around what was booked before.
    for number, why in enumerate(("fault", "recall")):
        started = row.starts_at - timedelta(days=2, hours=number)
        Outage.objects.create(device=device, reason=why, starts_at=started)
    (lane,) = doctor.get(reverse("bookings:calendar"), day).context["lanes"]
    assert [part.kind for part in lane.parts] == ["out", "mine", "out"]
    assert lane.parts[0].title == "Not in service all day"
    assert timezone.localtime(lane.parts[0].since).hour == 7
    (cells,) = [
        cells
        for _, cells in doctor.get(reverse("bookings:calendar"), {**day, "view": "week"}).context[
            "rows"
        ]
    ]
    assert cells[timezone.localdate(row.starts_at).weekday()].is_out
    Outage.objects.all().delete()
    assert doctor.get(reverse("bookings:calendar")).context["page"].count == 1
    doctor.post(reverse("bookings:feed_device", args=[device.public_id]))
    (feed,) = doctor.get(reverse("bookings:feeds")).context["feeds"]
    body = client.get(feed["address"])
    assert body["Content-Type"].startswith("text/calendar")
    assert "李文" in body.content.decode()
    assert CalendarFeed.objects.get().read_at
    assert client.get(feed["address"].replace(".ics", "0.ics")).status_code == 404


def test_a_calendar_counts_what_does_not_fit_and_leads_to_it(world, device, doctor, monkeypatch):
    monkeypatch.setattr("equipment.bookings.views.calendars._DEVICES_MOST", 2)
    lamp = DeviceTypeFactory(code="06-96", name="无影灯")
    named = [make.lent(world, type=lamp, name=f"灯{number}") for number in range(4)]
    calendar = reverse("bookings:calendar")
    asked = {"house": world.county.public_id, "view": "week", "day": "2027-01-31"}
    page = doctor.get(calendar, asked)
    shown = page.context["page"]
    assert (shown.count, shown.first, shown.last, shown.previous_url) == (5, 1, 2, "")
    assert "Devices 1 to 2 of 5" in page.content.decode()
    page = doctor.get(calendar + shown.next_url)
    shown = page.context["page"]
    assert (shown.first, shown.last, page.context["weekly"]) == (3, 4, True)
    assert doctor.get(calendar + shown.previous_url).context["page"].first == 1
    last = doctor.get(calendar + shown.next_url).context["page"]
    assert (last.first, last.last, last.next_url) == (5, 5, "")
    # The week goes over the end of the month, the day over that of the year.
    assert page.context["days"][-1].isoformat() == "2027-01-31"
    assert "day=2027-02-07" in page.context["links"]["next"]
    for odd in ("0", "99", "x", "-1"):
        assert doctor.get(calendar, asked | {"from": odd}).context["page"].first == 1
    only = doctor.get(calendar, asked | {"type": lamp.public_id}).context["page"]
    assert (only.count, only.devices) == (4, named[:2])
