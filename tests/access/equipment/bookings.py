"""Who gets which answer from the endpoints of bookings.

The township asks for a device of the county, whose keeper has not answered yet.
"""

from datetime import timedelta

from equipment.devices.models import Device
from tests.access.cast import (
    ALLIANCE,
    BESIDE,
    HERE,
    KEEPERS,
    OUTSIDE,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THEIR_SYSTEM,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, of
from tests.factories import bookings as build
from tests.factories.alliance import PractitionerFactory
from tests.factories.devices import DeviceTypeFactory

BOOKERS = HERE | KEEPERS | TRAINERS | SYSTEM
LENDER = frozenset({"their_manager"})
DOCTOR = frozenset({"doctor"})
WAITS = BOOKERS | LENDER | ALLIANCE
SEE = BOOKERS | THERE | THEIR_SYSTEM | ALLIANCE
ENDS_IT = BOOKERS | LENDER
# Others book for their own houses: not with the township's doctor.
ELSEWHERE = THERE | BESIDE | OUTSIDE | (SYSTEMS - SYSTEM)


def lay(world):
    """A request of the township for a device of the county."""
    # Of a type of its own: no technique that another room names needs it.
    kind = DeviceTypeFactory(code="06-14-77", name="借用设备")
    device = build.lent(world, type=kind, needs_approval=True)
    row = build.bare(world, device=device, status="requested", technique=None)
    row.lines.update(needs_approval=True)
    # Somebody who works at the township and nowhere else.
    operator = PractitionerFactory(institution=world.township)
    return {"booking": row, "booked_device": device, "booked_operator": operator}


def grow(world, serial):
    """One more booking of the township, on a day of its own."""
    person = PractitionerFactory(institution=world.township)
    build.bare(world, starts_at=build.soon(3 + serial), operator=person, technique=None)


def booking(t):
    return str(t.booking.public_id)


def asked(t):
    starts_at = t.booking.starts_at + timedelta(days=1)
    return {
        "devices": [str(t.booked_device.public_id)],
        "operator": str(t.booked_operator.public_id),
        "technique": None,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + build.HOUR).isoformat(),
    }


# Of another alliance: the device is not there for them.
AWAY = frozenset({"outside_manager", "outside_system"})
OVERSEES = frozenset({"other_office"})
LOOKERS = BOOKERS | ELSEWHERE


def waits(t):
    return {
        "device": str(t.booked_device.public_id),
        "operator": str(t.booked_operator.public_id),
        "minutes": 60,
        "wanted_from": t.booking.starts_at.isoformat(),
        # All of it is taken: what is free is booked, not waited for.
        "wanted_until": t.booking.ends_at.isoformat(),
    }


def price(t):
    return {
        "device": str(t.booked_device.public_id),
        "starts_at": t.booking.starts_at.isoformat(),
        "ends_at": t.booking.ends_at.isoformat(),
    }


def calendar(t):
    return {"device": str(t.booked_device.public_id)}


def left(t):
    return {"devices": [{"device": str(t.booked_device.public_id), "condition": "good"}]}


def free_times(code="06-14-01"):
    starts_at = build.soon()
    return {
        "type": code,
        "since": starts_at.isoformat(),
        "until": (starts_at + timedelta(days=7)).isoformat(),
        "minutes": 60,
    }


def priced_time(world):
    """Two hours with a device that the county lends."""
    device = Device.objects.filter(owner=world.county, is_shared=True).earliest("pk")
    starts_at = build.soon()
    return {
        "device": str(device.public_id),
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + 2 * build.HOUR).isoformat(),
    }


def because(t):
    return {"reason": "改期"}


def seen(t):
    return {"If-Match": '"1"'}


# fmt: off
API = [
    api("api:booking-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=booking, to=SEE),
    api("api:booking-list", "post", {201: BOOKERS, 400: ELSEWHERE}, 403, sent=asked, as_json=True),
    api("api:booking-detail", "get", {200: SEE}, 404, of.booking),
    api("api:booking-events", "get", {200: SEE}, 404, of.booking),
    api("api:booking-approve", "post", {200: LENDER, 403: SEE - LENDER}, 404, of.booking,
        headers=seen, as_json=True),
    api("api:booking-refuse", "post", {200: LENDER, 403: SEE - LENDER}, 404, of.booking,
        sent=because, headers=seen, as_json=True),
    api("api:booking-cancel", "post", {200: ENDS_IT, 403: SEE - ENDS_IT}, 404, of.booking,
        sent=because, headers=seen, as_json=True),
    api("api:booking-check-in", "post", {409: ENDS_IT, 403: SEE - ENDS_IT}, 404, of.booking,
        headers=seen, as_json=True),
    api("api:booking-check-out", "post", {409: ENDS_IT, 403: SEE - ENDS_IT}, 404, of.booking,
        sent=left, headers=seen, as_json=True),
    api("api:booking-move", "post", {409: ENDS_IT, 403: SEE - ENDS_IT}, 404, of.booking,
        sent=lambda t: {"starts_at": t.booking.ends_at.isoformat()}, headers=seen, as_json=True),
    # Its mentor alone says yes or no, and it has none.
    api("api:booking-mentor-agree", "post", {403: SEE}, 404, of.booking, headers=seen,
        as_json=True),
    api("api:booking-mentor-decline", "post", {403: SEE}, 404, of.booking, sent=because,
        headers=seen, as_json=True),
    # Nobody is their own mentor.
    api("api:booking-mentor", "post", {400: BOOKERS, 403: SEE - BOOKERS}, 404, of.booking,
        sent=lambda t: {"mentor": str(t.booking.operator.public_id)}, headers=seen, as_json=True),
    # The entry, its offer, the charge and the feed are those of the pages.
    api("api:waiting_entry-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.entry.public_id), to=WAITS),
    api("api:waiting_entry-list", "post", {201: BOOKERS, 400: ELSEWHERE}, 403, sent=waits,
        as_json=True),
    api("api:waiting_entry-detail", "get", {200: WAITS}, 404, of.entry),
    api("api:waiting_entry-decline", "post", {200: BOOKERS, 403: WAITS - BOOKERS}, 404, of.entry,
        headers=seen, as_json=True),
    api("api:waiting_entry-leave", "post", {200: BOOKERS, 403: WAITS - BOOKERS}, 404, of.entry,
        headers=seen, as_json=True),
    # The doctor may not do it there: what is offered is asked about again when it is taken.
    api("api:waiting_entry-accept", "post", {409: BOOKERS, 403: WAITS - BOOKERS}, 404, of.entry,
        headers=seen, as_json=True),
    api("api:charge-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.charge.public_id), to=SEE),
    api("api:charge-detail", "get", {200: SEE}, 404, of.charge),
    api("api:charge-statement", "get", {200: PEOPLE | SYSTEMS}, 403),
    api("api:booking_price-list", "get", {200: (BOOKERS | ELSEWHERE) - AWAY, 400: AWAY}, 403,
        query=price),
    api("api:booking_feed-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.feed.public_id), to=DOCTOR),
    api("api:booking_feed-list", "post", {201: (LOOKERS | ALLIANCE) - AWAY, 400: AWAY | OVERSEES},
        403, sent=calendar, as_json=True),
    api("api:booking_feed-detail", "get", {200: DOCTOR}, 404, of.feed),
    api("api:booking_feed-detail", "delete", {204: DOCTOR}, 404, of.feed),
    api("api:availability-list", "get", {200: BOOKERS | ELSEWHERE}, 403,
        query=lambda t: free_times("06-14-77")),
]
# fmt: on
ROWS = API
NOUNS = {
    "bookings": "booking",
    "waiting-entries": "entry",
    "charges": "charge",
    "booking-feeds": "feed",
}
# A feed is its reader's own, and a statement is a list by another name.
PAGES = {"api:booking_feed-list": "doctor", "api:charge-statement": "doctor"}
