"""Pages of bookings: what the form says before, ways out with one tap, the rest of the day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.core.templatetags.times import when
from equipment.bookings import actions
from equipment.bookings.models import (
    BookedPerson,
    Booking,
    BookingSeries,
    WaitingEntry,
)
from equipment.bookings.waiting import actions as waiting
from equipment.devices.models import Device
from equipment.service.models import Outage
from tests.access.cast import give_second_factor, signed_in
from tests.factories import bookings as make
from tests.factories import privileges
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import soon
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    """The county's laparoscope, which the debridement needs; the township's doctor may operate."""
    make.may_operate(world)
    found = make.lent(world)
    needed(found.type, world.debridement)
    return found


@pytest.fixture
def doctor(world):
    return signed_in(world.doctor)


@pytest.fixture
def keeper(world):
    give_second_factor(world.manager)
    return signed_in(world.manager)


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def wish(world, device, **more):
    values = {
        "technique": world.debridement.code,
        "devices": str(device.public_id),
        "starts_at": local(soon()),
        "minutes": "60",
        "place": str(world.township.public_id),
        "operator": str(world.practitioner.public_id),
    }
    return values | more


def test_the_search_goes_from_the_technique_to_free_hours(world, device, doctor):
    page = doctor.get(reverse("bookings:search"))
    assert world.debridement.name in page.content.decode()
    page = doctor.get(reverse("bookings:search"), {"technique": world.debridement.code})
    (group,) = page.context["groups"]
    assert group["group"].types == [device.type]
    (row,) = group["rows"]
    url = row["slots"][0][1]
    assert str(device.public_id) in url
    assert row["more"] > 0
    assert doctor.get(url).status_code == 200
    day = {"type": device.type.public_id, "on": str(soon().date()), "reach": "own"}
    page = doctor.get(reverse("bookings:search"), day)
    assert "Nobody within reach shares such a device" in page.content.decode()
    assert doctor.get(reverse("bookings:search"), {"span": "today"}).status_code == 422


def test_booking_says_what_it_costs_and_books_once(world, device, doctor):
    asked = wish(world, device)
    page = doctor.get(reverse("bookings:check"), asked)
    assert "This can be booked" in page.content.decode()
    assert page.context["amount"].is_nothing
    for _tap in range(2):
        answer = doctor.post(reverse("bookings:book"), asked | {"idempotency_key": "k"})
        assert answer.status_code == 302
    row = Booking.objects.get()
    assert answer.url == row.get_absolute_url()
    assert doctor.get(answer.url).status_code == 200


def test_the_verdict_stands_whatever_else_is_wrong(world, device, doctor):
    """A note that is too long changes nothing of whose word it waits for, nor of the price."""
    device.needs_approval = True
    device.save()
    asked = wish(world, device, idempotency_key="k")
    for wrong, is_told in (({"note": "9" * 301}, True), ({"minutes": "7"}, False)):
        page = doctor.post(reverse("bookings:book"), asked | wrong)
        assert page.status_code == 422
        assert ("verdict" in page.context_data) is is_told
        assert ("amount" in page.context_data) is is_told
        assert ("Send the request" in page.content.decode()) is is_told


def test_the_verdict_follows_a_device_to_the_only_place_it_is_used_at(world, device, doctor):
    """The place that was chosen before fits no more: what is said is said of the one that does."""
    device.type.is_fixed = True
    device.type.save()
    page = doctor.get(reverse("bookings:check"), wish(world, device))
    assert page.context["verdict"] is not None
    there = page.context["form"]["place"].value()
    assert there == str(device.owner.public_id)
    answer = doctor.post(reverse("bookings:book"), wish(world, device, place="elsewhere"))
    assert answer.status_code == 422


def test_a_refusal_is_mended_with_one_tap(world, device, doctor):
    other = make.lent(world, type=device.type)
    make.bare(world, device=device, operator=_somebody(world))
    answer = doctor.post(reverse("bookings:book"), wish(world, device))
    assert answer.status_code == 409
    ways = {way.value.split(":")[0]: way.value for way in answer.context["verdict"].ways}
    assert set(ways) == {"time", "device"}
    said = answer.content.decode()
    assert "This was not booked" in said
    assert said.index("data-focus-first") < said.index('id="book-verdict"') < said.index("book-why")
    part = doctor.get(reverse("bookings:check"), wish(world, device)).content.decode()
    assert 'id="book-why" class="book-why" hx-swap-oob="true"' in part
    assert "What would work" in part
    taken = doctor.post(reverse("bookings:book"), wish(world, device, take=ways["device"]))
    assert taken.status_code == 302
    assert Booking.objects.latest("pk").lines.get().device == other
    later = doctor.post(
        reverse("bookings:book"), wish(world, device, take=ways["time"], minutes="30")
    )
    assert later.status_code == 302
    # A way that was made up changes nothing.
    for take in ("time:soon", "device:x:y", "elsewhere"):
        answer = doctor.post(reverse("bookings:book"), wish(world, device, take=take))
        assert answer.status_code == 409


def _somebody(world):
    return PractitionerFactory(institution=world.township)


def test_who_learns_is_offered_mentors(world, device, doctor):
    Privilege = privileges.Privilege
    Privilege.objects.update(level="supervised")
    privileges.bare(world, technique=world.debridement)
    page = doctor.get(reverse("bookings:check"), wish(world, device))
    assert page.context["is_supervised"]
    mentor = world.county_doctor.practitioner
    assert mentor.name in page.content.decode()
    assert not page.context["verdict"].is_free
    asked = wish(world, device, mentor=str(mentor.public_id))
    assert doctor.post(reverse("bookings:book"), asked).status_code == 302
    assert Booking.objects.get().mentor == mentor


def test_the_search_says_beforehand_who_needs_a_mentor(world, device, doctor):
    asked = {"technique": world.debridement.code}
    page = doctor.get(reverse("bookings:search"), asked)
    assert (page.context["standing"].verdict, page.context["mentors"]) == ("yes", [])
    first = page.context["groups"][0]["rows"][0]["slots"][0][0].since
    privileges.Privilege.objects.update(level="supervised")
    page = doctor.get(reverse("bookings:search"), asked)
    assert "under supervision only" in page.content.decode()
    assert "Nobody in the alliance may do it alone" in page.content.decode()
    privileges.bare(world, technique=world.debridement)
    mentor = world.county_doctor.practitioner
    # Who is busy then is not offered then.
    make.bare(world, operator=mentor, starts_at=first)
    asked["mentor"] = str(mentor.public_id)
    page = doctor.get(reverse("bookings:search"), asked)
    assert page.context["mentor"] == mentor
    slot, url = page.context["groups"][0]["rows"][0]["slots"][0]
    assert slot.since >= first + 2 * make.HOUR
    form = doctor.get(url)
    assert form.context["verdict"].is_free
    assert form.context["form"].initial["mentor"] == str(mentor.public_id)
    privileges.Privilege.objects.filter(practitioner=world.practitioner).delete()
    page = doctor.get(reverse("bookings:search"), asked)
    assert "no times are shown" in page.content.decode()
    assert (page.context["groups"], "answer" in page.context) == ([], False)
    assert list(page.context["able"].offering) == [world.county]


def test_a_missing_mentor_is_booked_with_one_tap(world, device, doctor):
    privileges.Privilege.objects.update(level="supervised")
    privileges.bare(world, technique=world.debridement)
    answer = doctor.post(reverse("bookings:book"), wish(world, device))
    (way,) = answer.context["verdict"].ways
    mentor = world.county_doctor.practitioner
    assert mentor.name in way.title
    answer = doctor.post(reverse("bookings:book"), wish(world, device, take=way.value))
    assert answer.status_code == 302
    assert Booking.objects.get().mentor == mentor
    # Whoever is busy now is not named.
    values = {"operator": _somebody(world), "technique": None}
    make.may_operate(world, practitioner=values["operator"], level="supervised")
    twin = make.lent(world, type=device.type)
    asked = wish(world, twin, operator=str(values["operator"].public_id))
    answer = doctor.post(reverse("bookings:book"), asked)
    assert [one.value for one in answer.context["verdict"].ways] == []


def test_a_device_used_at_its_owners_moves_with_its_place(world, device, doctor):
    """Without a technique anybody's other device will do, where it stands."""
    kind = DeviceTypeFactory(code="06-99", name="手术床")
    first = make.lent(world, type=kind)
    other = DeviceFactory(owner=world.county2, type=kind)
    make.bare(world, device=first, operator=_somebody(world))
    there = wish(world, first, technique="", place=str(world.county.public_id))
    answer = doctor.post(reverse("bookings:book"), there)
    (way,) = [one for one in answer.context["verdict"].ways if one.value.startswith("device")]
    answer = doctor.post(reverse("bookings:book"), there | {"take": way.value})
    assert answer.status_code == 302
    made = Booking.objects.latest("pk")
    assert (made.place, made.lines.get().device) == (world.county2, other)


def test_any_of_a_family_is_what_a_technique_needs(world, device, doctor):
    """One group of alternatives; who has chosen one is not asked to book another."""
    type(device.type).objects.filter(pk=device.type_id).update(family="scope")
    big = DeviceTypeFactory(code="06-98", name="超高清腹腔镜", family="scope")
    nobodys = DeviceTypeFactory(code="06-97", name="三维腹腔镜", family="scope")
    lamp = DeviceTypeFactory(code="06-96", name="无影灯")
    for kind, need in ((big, "helpful"), (nobodys, "helpful"), (lamp, "required")):
        needed(kind, world.debridement, need)
    twin, light = make.lent(world, type=big), make.lent(world, type=lamp)
    asked = {"technique": world.debridement.code}
    page = doctor.get(reverse("bookings:search"), asked)
    groups = {one["group"].title: one for one in page.context["groups"]}
    assert set(groups) == {lamp.name, f"{device.type.name} / {big.name}"}
    both = groups[f"{device.type.name} / {big.name}"]
    assert both["group"].is_required
    assert {row["found"].offer.device for row in both["rows"]} == {device, twin}
    assert "Any one of these will do" in page.content.decode()
    form = doctor.get(reverse("bookings:book"), asked | {"device": str(twin.public_id)})
    offered = list(form.context["form"].fields["devices"].rows.values())
    assert offered == [twin, light]
    page = doctor.get(reverse("bookings:search"), asked | {"type": str(nobodys.public_id)})
    (group,) = page.context["groups"]
    assert (group["group"].types, group["rows"], group["busy"]) == ([nobodys], [], 0)
    assert "Nobody within reach" in page.content.decode()


def test_more_devices_than_fit_are_counted_and_shown_on_demand(world, device, doctor):
    statements = []
    for number in (0, 1, 9):
        for _ in range(number):
            make.lent(world, type=device.type)
        with CaptureQueriesContext(connection) as captured:
            doctor.get(reverse("bookings:search"), {"technique": world.debridement.code})
        statements.append(len(captured))
    assert statements[1] == statements[2]
    busy = make.lent(world, type=device.type)
    Outage.objects.create(device=busy, reason="fault", starts_at=soon(-1))
    page = doctor.get(reverse("bookings:search"), {"technique": world.debridement.code})
    (group,) = page.context["groups"]
    assert (len(group["rows"]), group["hidden"], group["busy"]) == (3, 8, 1)
    assert "Show 8 more devices" in page.content.decode()
    for rows, hidden in ((10, 1), (1, 0)):
        page = doctor.get(reverse("bookings:search") + group["more_url"])
        (group,) = page.context["groups"]
        assert (len(group["rows"]), group["hidden"]) == (rows, hidden)
    for url in (group["previous_url"], group["more_url"]):
        page = doctor.get(reverse("bookings:search") + url)
        (first,) = page.context["groups"]
        assert (len(first["rows"]), first["previous_url"]) == (10, "")
    page = doctor.get(reverse("bookings:search") + group["back_url"])
    assert len(page.context["groups"][0]["rows"]) == 3


def test_a_repeating_booking_tells_each_outcome(world, device, doctor):
    blocker = _somebody(world)
    make.bare(world, device=device, starts_at=soon() + timedelta(days=7), operator=blocker)
    asked = wish(world, device, every="7", count="3")
    answer = doctor.post(reverse("bookings:repeat"), asked)
    series = BookingSeries.objects.get()
    assert answer.url == reverse("bookings:series", args=[series.public_id])
    page = doctor.get(answer.url)
    assert (len(page.context["rows"]), len(page.context["refused"])) == (2, 1)


def test_keepers_answer_begin_and_end(world, device, keeper, doctor):
    device.needs_approval = True
    device.save()
    said = doctor.get(reverse("bookings:check"), wish(world, device)).content.decode()
    assert f"{world.county.short_name} has to agree" in said
    assert "Send the request" in said
    said = doctor.post(reverse("bookings:book"), wish(world, device), follow=True).content.decode()
    assert "answers within 48 hours" in said
    asked = Booking.objects.get()
    # A day before, nobody is offered to begin, nor to book what has left.
    scan = reverse("devices:scan", args=[device.public_id])
    page = keeper.get(reverse("bookings:inbox"))
    assert [row.booking for row in page.context["rows"]] == [asked]
    act = reverse("bookings:act", args=[asked.public_id, "refuse"])
    assert keeper.post(act, {"version": 1, "reason": ""}).status_code == 422
    act = reverse("bookings:act", args=[asked.public_id, "approve"])
    answer = keeper.post(act, {"version": 1, "next": "inbox"})
    assert answer.url == reverse("bookings:inbox")
    day = reverse("bookings:day") + f"?day={timezone.localdate(asked.starts_at)}"
    for url in (scan, day, asked.get_absolute_url()):
        said = keeper.get(url).content.decode()
        assert "Begin use" not in said, url
        assert "begin" in said, url
    # Nor is a use announced for which the device fell out.
    Booking.objects.update(affected_at=timezone.now(), affected_code="out")
    said = keeper.get(scan).content.decode()
    assert "Device not available" in said
    assert "may begin from" not in said
    Booking.objects.update(affected_at=None, affected_code="")
    Device.objects.update(retired_on=timezone.localdate(), retirement="worn")
    said = keeper.get(device.get_absolute_url()).content.decode()
    assert "It has left the register" not in said  # still booked: that is shown instead
    assert reverse("bookings:book") not in said
    Device.objects.update(retired_on=None, retirement="")
    now = timezone.now()
    times = {"starts_at": now - timedelta(minutes=5), "ends_at": now + make.HOUR}
    Booking.objects.update(**times)
    BookedPerson.objects.update(**times)
    asked.lines.update(block_from=times["starts_at"], block_until=now + 2 * make.HOUR)
    page = doctor.get(reverse("devices:scan", args=[device.public_id]))
    assert "Begin use" in page.content.decode()
    asked.refresh_from_db()
    begin = reverse("bookings:act", args=[asked.public_id, "check_in"])
    assert doctor.post(begin, {"version": asked.version}).status_code == 302
    line = asked.lines.get()
    asked.refresh_from_db()
    said = keeper.get(scan)
    until = when(asked.ends_at)
    assert said.context["row"].label == said.context["panels"][1].label == f"In use until {until}"
    assert [act.is_primary for act in said.context["acts"]].count(True) == 1
    assert said.context["acts"][0].label.startswith("End use")
    register = keeper.get(reverse("devices:list")).context["rows"]
    assert [one.label for one in register] == [f"In use until {until}"]
    # How it is left is said by whoever gives it back: nothing is chosen for them.
    ending = reverse("bookings:check_out", args=[asked.public_id])
    page = doctor.post(ending, {"version": asked.version})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [f"condition_{line.pk}"]
    assert "checked" not in doctor.get(ending).content.decode()
    left = {
        "version": asked.version,
        f"condition_{line.pk}": "limited",
        f"note_{line.pk}": "镜头有划痕",
        "consumables": "穿刺器 2 个",
    }
    out = reverse("bookings:check_out", args=[asked.public_id])
    assert doctor.post(out, left).status_code == 302
    page = keeper.get(reverse("bookings:day")).content.decode()
    assert "镜头有划痕" in page
    for url in (reverse("bookings:search"), reverse("bookings:book")):
        asked = {"technique": world.debridement.code, "device": str(device.public_id)}
        assert "镜头有划痕" in doctor.get(url, asked).content.decode(), url
    scan = doctor.get(reverse("devices:scan", args=[device.public_id])).content.decode()
    assert "镜头有划痕" in scan


def test_standing_in_line_and_taking_an_offer(world, device, doctor):
    asked = {
        "device": str(device.public_id),
        "technique": world.debridement.code,
        "minutes": "60",
        "wanted_from": local(soon()),
        "wanted_until": local(soon(3)),
        "operator": str(world.practitioner.public_id),
    }
    nothing = {**asked, "device": ""}
    assert doctor.post(reverse("bookings:wait"), nothing).status_code == 422
    # What is free is not waited for: the form that books it is one press away.
    page = doctor.post(reverse("bookings:wait"), asked)
    assert (page.status_code, WaitingEntry.objects.count()) == (409, 0)
    form = doctor.get(page.context["free"]["url"]).context["form"]
    assert form.initial["devices"] == [str(device.public_id)]
    assert form.initial["starts_at"] == soon()
    taken = make.bare(world, device=device, hours=30, operator=PractitionerFactory())
    assert doctor.post(reverse("bookings:wait"), asked).status_code == 302
    entry = WaitingEntry.objects.get()
    actions.cancel(booking=taken, by=world.manager, at=timezone.now(), version=1, reason="frei")
    waiting.serve(alliance_id=entry.alliance_id, type_id=entry.type_id, at=timezone.now())
    page = doctor.get(reverse("bookings:waiting"))
    (row,) = page.context["rows"]
    answer = doctor.post(reverse("bookings:accept", args=[row.offer.public_id]))
    assert answer.url == Booking.objects.latest("pk").get_absolute_url()
    assert not doctor.get(reverse("bookings:waiting")).context["rows"]
