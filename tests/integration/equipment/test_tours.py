"""Tours as people meet them: planned, announced, booked, told; the API and the file."""

from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from alliance.core.exchange.spec import find
from alliance.core.tasks import relay_outbox
from alliance.notices.models import Notice
from equipment.devices.panels import panels_for
from equipment.hub import cards_for
from equipment.tours import actions
from equipment.tours.models import Place, Stop, Tour
from tests.access.cast import system_of
from tests.factories.devices import DeviceFactory
from tests.factories.tours import (
    HOUR,
    announced,
    moment,
    moved,
    place_at,
    planned,
    stop_at,
    vehicle,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(browser_of):
    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


def here(name, *args):
    return reverse(f"tours:{name}", args=args)


def text(answer):
    return answer.content.decode()


def local(at):
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def told(user, key):
    relay_outbox()
    return Notice.objects.filter(user=user, text_key=f"tours.{key}").count()


def test_the_keeper_plans_announces_and_changes_a_tour(sign_in, world):
    keeper = sign_in(world.manager)
    assert "There is no vehicle yet" in text(keeper.get(here("new")))
    car, device = vehicle(world), DeviceFactory(owner=world.county)
    assert "Vehicle" in text(keeper.get(here("new")))
    new = f"{here('new')}?vehicle={car.public_id}"
    sent = {
        "name": "东片", "starts_at": local(moment(2)), "ends_at": local(moment(2, 18)),
        "devices": [device.public_id],
    }  # fmt: skip
    assert keeper.post(new, sent | {"ends_at": sent["starts_at"]}).status_code == 422
    made = keeper.post(new, sent)
    tour = Tour.objects.get()
    assert made.url == tour.get_absolute_url()
    stop = {
        "institution": world.township.name, "starts_at": local(moment(2, 9)),
        "ends_at": local(moment(2, 11)), "capacity": 3,
    }  # fmt: skip
    assert keeper.get(here("stop-new", tour.public_id)).status_code == 200
    assert keeper.post(here("stop-new", tour.public_id), stop).url == made.url
    announce = here("move", tour.public_id, "announce")
    assert "Announce the tour" in text(keeper.get(made.url))
    assert keeper.post(announce, {"version": 1}).status_code == 302
    assert keeper.post(announce, {"version": 2}).status_code == 409
    edit = here("edit", tour.public_id)
    assert str(device.public_id) in text(keeper.get(edit))
    assert keeper.post(edit, sent | {"name": "西片", "version": 2}).url == made.url
    row = Stop.objects.get()
    page = here("stop-edit", row.public_id)
    assert keeper.post(page, stop | {"capacity": 4, "version": 1}).url == row.get_absolute_url()
    cancel = here("stop-cancel", row.public_id)
    assert keeper.post(cancel, {"version": 2, "reason": ""}).status_code == 422
    assert keeper.post(cancel, {"version": 2, "reason": "雨"}).url == made.url
    assert "雨" in text(keeper.get(row.get_absolute_url()))
    off = here("move", tour.public_id, "cancel")
    assert keeper.post(off, {"version": 3, "reason": ""}).status_code == 422
    assert keeper.post(off, {"version": 3, "reason": "车辆维修"}).status_code == 302
    assert "车辆维修" in text(keeper.get(made.url))
    assert "西片" in text(keeper.get(here("list")))
    assert keeper.get(here("list"), {"over": "x"}).status_code == 422
    assert "西片" not in text(keeper.get(here("list"), {"over": "true"}))


def test_a_vehicle_without_alliance_has_nowhere_to_go(sign_in, world):
    car = vehicle(world, owner=world.outside)
    sent = {"name": "东片", "starts_at": local(moment(2)), "ends_at": local(moment(2, 18))}
    asked = f"{here('new')}?vehicle={car.public_id}"
    assert sign_in(world.outsider).post(asked, sent).status_code == 409


def test_a_tour_is_finished_when_its_last_stop_is_over(sign_in, world):
    stop = announced(world)
    Stop.objects.update(starts_at=moment(-1), ends_at=moment(-1, 9))
    page = sign_in(world.manager)
    assert "Over" in text(page.get(stop.get_absolute_url()))
    done = page.post(here("move", stop.tour.public_id, "finish"), {"version": 2})
    assert done.status_code == 302
    assert Tour.objects.get().status == "done"


def test_a_township_doctor_books_a_place_and_gives_it_up(sign_in, world):
    stop = announced(world)
    page, book = sign_in(world.doctor), here("place-book", stop.public_id)
    assert "Comes to you" in text(page.get(here("list")))
    sent = {
        "subject": "张某，膝痛", "doctor": world.practitioner.public_id, "idempotency_key": "k",
    }  # fmt: skip
    for wrong in ("", "张某 13800001111"):
        assert page.post(book, sent | {"subject": wrong}).status_code == 422
    assert page.post(book, sent).url == stop.get_absolute_url()
    assert page.post(book, sent).status_code == 302
    place = Place.objects.get()
    assert "1 · 张某，膝痛" in text(page.get(stop.get_absolute_url()))
    place_at(world, stop)
    assert "All places are taken" in text(page.get(stop.get_absolute_url()))
    assert page.post(here("place-cancel", place.public_id)).status_code == 302
    stop.refresh_from_db()
    assert stop.free == 1
    beside = sign_in(world.township2_doctor)
    assert "张某" not in text(beside.get(stop.get_absolute_url()))


def test_a_stop_under_way_says_so_and_takes_nobody_more(sign_in, world):
    stop = announced(world)
    Stop.objects.update(starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
    shown = text(sign_in(world.doctor).get(stop.get_absolute_url()))
    assert "Now" in shown
    assert "Book a place" not in shown


def test_institutions_hear_of_what_comes_changes_and_does_not_come(world):
    tour = planned(world)
    stop = stop_at(world, tour)
    other = stop_at(world, tour, world.township2, after=4)
    assert told(world.township_manager, "announced") == 0
    moved(tour, "announce", world.manager)
    assert told(world.township_manager, "announced") == 1
    place_at(world, stop)
    act = {"by": world.manager, "at": timezone.now()}
    actions.change_stop(stop=stop, version=None, capacity=9, **act)
    assert (told(world.doctor, "changed"), told(world.township_manager, "changed")) == (1, 1)
    actions.cancel_stop(stop=other, reason="雨", **act)
    assert told(world.township_manager, "cancelled") == 0
    moved(tour, "cancel", world.manager, reason="车辆维修")
    assert (told(world.doctor, "cancelled"), told(world.manager, "cancelled")) == (1, 0)


def test_the_hub_and_the_device_tell_of_the_tour(world):
    stop = announced(world)
    at = timezone.now()
    (card,) = [one for one in cards_for(world.doctor) if one.url == here("list")]
    assert "1" in card.note
    (quiet,) = [one for one in cards_for(world.manager) if one.url == here("list")]
    assert quiet.note == ""
    assert not [one for one in cards_for(world.auditor) if one.url == here("list")]
    device = stop.tour.lines.exclude(device=stop.vehicle).get().device
    shown = [row["title"] for one in panels_for(world.manager, device, at) for row in one.rows]
    assert stop.tour.name in shown


def test_systems_read_tours_and_book_a_place_once(world):
    stop = announced(world)
    system = system_of(world.township)
    sent = {
        "stop": str(stop.public_id), "subject": "HIS 10293",
        "doctor": str(world.practitioner.public_id),
    }  # fmt: skip

    def post(body, key):
        url = reverse("api:tour-place-list")
        header = {"Idempotency-Key": key}
        return system.client.post(url, body, content_type="application/json", headers=header)

    first, again = post(sent, "a"), post(sent, "a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["number"] == 1
    assert post(sent | {"stop": str(world.township.public_id)}, "b").status_code == 400
    cancel = reverse("api:tour-place-cancel", args=[first.json()["id"]])
    answers = [system.client.post(cancel, content_type="application/json") for _time in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["cancelled", "cancelled"]
    days = {"since": str(moment(2).date()), "until": str(moment(2).date())}
    stops = system.client.get(reverse("api:tour-stop-list"), days).json()
    assert [row["free"] for row in stops["results"]] == [2]
    tours = system.client.get(reverse("api:tour-list"), {"over": "false"}).json()
    assert len(tours["results"][0]["devices"]) == 1


def test_the_list_of_a_stop_goes_out_to_excel(sign_in, world):
    stop = announced(world)
    place_at(world, stop)
    table = find("tour-places")
    assert table.may_export(world.township_liaison)
    url = reverse("core:export", args=["tour-places"])
    answer = sign_in(world.township_liaison).get(url, {"stop": stop.public_id})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(load_workbook(BytesIO(body)).active.values)
    assert "张某，膝痛" in rows[-1]
    with pytest.raises(Exception, match="page of their stop"):
        table.plan([], by=world.manager, place=None)


def test_who_loses_a_place_is_told_of_the_next_stop_and_finds_it(sign_in, world):
    stop, other = announced(world), announced(world, days=5)
    doctor = world.practitioner.user
    gone = place_at(world, stop, by=world.township_manager)
    actions.cancel_place(place=gone, by=world.township_manager, at=timezone.now())
    place_at(world, stop, by=world.township_liaison)
    act = {"by": world.manager, "at": timezone.now()}
    actions.cancel_stop(stop=stop, reason="雨", **act)
    readers = [doctor, world.township_liaison, world.township_manager]
    assert [told(one, "cancelled_instead") for one in readers] == [1, 1, 1]
    words = Notice.objects.filter(user=doctor).latest("pk").values
    assert words["instead"] == world.township.short_name
    page = text(sign_in(doctor).get(stop.get_absolute_url()))
    assert other.get_absolute_url() in page
    assert page.count("张某，膝痛") == 1
    place_at(world, other)
    moved(other.tour, "cancel", world.manager, reason="雨")
    assert "张某，膝痛" in text(sign_in(doctor).get(other.get_absolute_url()))
    assert "张某" not in text(sign_in(world.township2_doctor).get(other.get_absolute_url()))
    assert told(world.township_manager, "cancelled") == 1


def test_the_sheet_of_a_tour_tells_who_comes(sign_in, world):
    tour = planned(world)
    stop, other = stop_at(world, tour), stop_at(world, tour, world.township2, after=5)
    moved(tour, "announce", world.manager)
    place_at(world, stop)
    keeper, url = sign_in(world.manager), here("sheet", tour.public_id)
    page = text(keeper.get(url))
    assert "张某，膝痛" in page
    assert world.township2.name in page
    assert world.township2.name not in text(sign_in(world.doctor).get(url))
    one = text(keeper.get(url, {"stop": other.public_id}))
    assert "张某" not in one
    assert "No stop on this day" in text(keeper.get(url, {"on": "2026-01-01"}))
    assert "张某" in text(keeper.get(url, {"on": str(moment(2).date())}))
    assert keeper.get(url, {"on": "x"}).status_code == 422
