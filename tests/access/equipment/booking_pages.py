"""Who gets which answer from the pages of bookings.

The township has booked a device of the county, uses another, owes for a third, and waits for a
fourth, which is offered to it.
"""

from equipment.bookings.feeds import actions as feeds
from equipment.bookings.feeds import addresses
from equipment.bookings.models import BookingSeries
from tests.access.cast import (
    ALLIANCE,
    CLINICAL,
    HERE,
    KEEPERS,
    MANAGERS,
    OVERSEERS,
    THERE,
    TRAINERS,
)
from tests.access.tables import day, of, page, public
from tests.factories import bookings as build
from tests.factories import bookings_waiting as queue
from tests.factories.alliance import InstitutionFactory, PractitionerFactory
from tests.factories.devices import DeviceFactory

DOCTOR = frozenset({"doctor"})
LENDER = frozenset({"their_manager"})
BOOKERS = CLINICAL | TRAINERS | KEEPERS
LOOKERS = BOOKERS | OVERSEERS
# Devices of the county are shared with its alliance only.
# Who speaks for one of the two houses when a month is settled.
SETTLERS = LENDER | (HERE & (MANAGERS | KEEPERS)) | KEEPERS
ELSEWHERE = frozenset({"outside_manager"})
NEAR = BOOKERS - ELSEWHERE
AT_HOME = HERE | TRAINERS | KEEPERS
SEE = AT_HOME | THERE | ALLIANCE
SIDES = AT_HOME | LENDER


def lay(world):
    """A booking to come, one in use, a series, an offer, a charge, a feed."""
    device = build.lent(world)
    began = build.soon(days=0, hour=0)
    others = [PractitionerFactory(institution=world.township) for _number in range(2)]
    in_use = build.bare(
        world, starts_at=began, operator=others[0], status="in_use", used_from=began
    )
    ended = build.bare(
        world,
        starts_at=build.soon(-3),
        operator=others[1],
        status="completed",
        used_from=build.soon(-3),
        used_until=build.soon(-3, 11),
    )
    entry = queue.waiting(world)
    series = BookingSeries.objects.create(
        alliance=world.alliance,
        institution=world.township,
        every="7",
        count=2,
        created_by=world.doctor,
    )
    return {
        "lent": device,
        "coming": build.bare(world, device=device, starts_at=build.soon(5)),
        "in_use": in_use,
        "series": series,
        "entry": entry,
        "offer": queue.offer(entry),
        "charge": queue.charge(ended),
        "feed": feeds.open_feed(by=world.doctor),
    }


def grow(world, serial):
    """One more of each list, with people and devices of its own."""
    person = PractitionerFactory(institution=world.township)
    asked = build.bare(
        world, starts_at=build.soon(40 + serial), operator=person, status="requested"
    )
    asked.lines.update(needs_approval=True)
    build.bare(world, starts_at=build.soon(0), operator=person)
    build.bare(world, starts_at=build.soon(-40 - serial), operator=person, status="no_show")
    queue.offer(queue.waiting(world))
    # Owed to a house of its own: a statement has one line for each of them.
    device = DeviceFactory(owner=InstitutionFactory())
    queue.charge(
        build.bare(
            world,
            device=device,
            starts_at=build.soon(-10 - serial),
            operator=person,
            status="completed",
            used_from=build.soon(-10 - serial),
            used_until=build.soon(-10 - serial, 11),
        )
    )
    feeds.open_feed(by=world.doctor, device=device)


def seen(name):
    return lambda t: {"version": getattr(t, name).version}


def because(t):
    return {"version": t.coming.version, "reason": "改期"}


def between(t):
    """A month that is still running."""
    charge = t.charge
    return {
        "alliance": charge.alliance_id,
        "payer": str(charge.payer.public_id),
        "payee": str(charge.payee.public_id),
        "month": f"{charge.used_on:%Y-%m-01}",
        "total": "60",
    }


def wish(t):
    return {"devices": [str(t.lent.public_id)], "starts_at": f"{day(9)}T10:00"}


ROWS = [
    page("bookings:search", "get", {200: LOOKERS}, 403),
    page("bookings:book", "get", {302: BOOKERS}, 403),
    page(
        "bookings:book",
        "get",
        {200: NEAR, 302: ELSEWHERE},
        403,
        query=lambda t: {"device": t.lent.public_id},
        note="a device",
    ),
    page("bookings:book", "post", {422: NEAR, 302: ELSEWHERE}, 403, sent=wish),
    page("bookings:check", "get", {200: BOOKERS}, 403, query=wish),
    page("bookings:repeat", "get", {200: NEAR, 302: ELSEWHERE}, 403, query=wish),
    page("bookings:repeat", "post", {422: NEAR, 302: ELSEWHERE}, 403, sent=wish),
    page("bookings:series", "get", {200: AT_HOME | ALLIANCE}, 404, of.series),
    page("bookings:series_cancel", "post", {422: AT_HOME | ALLIANCE}, 404, of.series),
    page("bookings:mine", "get", {200: LOOKERS}, 403),
    page("bookings:inbox", "get", {200: MANAGERS | KEEPERS}, 403),
    page("bookings:day", "get", {200: MANAGERS | KEEPERS}, 403),
    page("bookings:missed", "get", {200: MANAGERS | KEEPERS}, 403),
    page("bookings:calendar", "get", {200: LOOKERS}, 403),
    page("bookings:device", "get", {200: NEAR | ALLIANCE}, 404, of.lent),
    page("bookings:waiting", "get", {200: LOOKERS}, 403),
    page("bookings:wait", "get", {200: BOOKERS}, 403),
    page("bookings:wait", "post", {422: BOOKERS}, 403),
    page("bookings:leave", "post", {302: AT_HOME, 403: LENDER | ALLIANCE}, 404, of.entry),
    page("bookings:let_go", "post", {302: AT_HOME, 403: LENDER | ALLIANCE}, 404, of.offer),
    # The doctor may not do it there: what is offered is asked about again when it is taken.
    page("bookings:accept", "post", {409: AT_HOME, 403: LENDER | ALLIANCE}, 404, of.offer),
    page("bookings:statement", "get", {200: LOOKERS}, 403),
    page("bookings:charge", "get", {200: LENDER, 403: SEE - LENDER}, 404, of.charge),
    page(
        "bookings:charge",
        "post",
        {302: LENDER, 403: SEE - LENDER},
        404,
        of.charge,
        sent=lambda t: {"version": t.charge.version, "amount": "30", "reason": "设备故障半小时"},
    ),
    page(
        "bookings:confirm_month",
        "post",
        {409: SETTLERS, 403: SEE - SETTLERS},
        404,
        sent=lambda t: between(t),
    ),
    page(
        "bookings:month_paid",
        "post",
        {409: LENDER, 403: SEE - LENDER},
        404,
        sent=lambda t: between(t),
    ),
    page("bookings:feeds", "get", {200: LOOKERS}, 403),
    page("bookings:feed_open", "post", {302: LOOKERS}, 403),
    page("bookings:feed_device", "post", {302: NEAR | ALLIANCE}, 404, of.lent),
    page("bookings:feed_revoke", "post", {302: DOCTOR}, 404, of.feed),
    public("bookings:feed", "get", {}, 200, lambda t: addresses.make(t.feed)),
    page("bookings:booking", "get", {200: SEE}, 404, of.coming),
    page(
        "bookings:act",
        "post",
        {302: SIDES, 403: SEE - SIDES},
        404,
        of.coming,
        "cancel",
        sent=because,
    ),
    page(
        "bookings:act",
        "post",
        {409: SIDES, 403: SEE - SIDES},
        404,
        of.in_use,
        "check_in",
        sent=seen("in_use"),
        note="in use already",
    ),
    page(
        "bookings:move",
        "post",
        {409: SIDES, 403: SEE - SIDES},
        404,
        of.coming,
        sent=lambda t: {"version": t.coming.version, "starts_at": f"{day(6)}T10:00+08:00"},
    ),
    page("bookings:case", "post", {302: AT_HOME, 403: SEE - AT_HOME}, 404, of.in_use),
    # Nothing was chosen: back to the booking.
    page("bookings:mentor", "post", {302: AT_HOME, 403: SEE - AT_HOME}, 404, of.coming),
    page("bookings:rebook", "post", {302: AT_HOME, 403: SEE - AT_HOME}, 404, of.coming),
    page("bookings:check_out", "get", {200: SIDES, 403: SEE - SIDES}, 404, of.in_use),
    page("bookings:check_out", "post", {422: SIDES, 403: SEE - SIDES}, 404, of.in_use),
    page(
        "bookings:check_out",
        "get",
        {409: SIDES, 403: SEE - SIDES},
        404,
        of.coming,
        note="to come",
    ),
]
NOUNS = {}
PAGES = {
    "bookings:mine": "doctor",
    "bookings:inbox": "manager",
    "bookings:day": "manager",
    "bookings:missed": "manager",
    "bookings:calendar": "manager",
    "bookings:waiting": "doctor",
    "bookings:statement": "doctor",
    "bookings:feeds": "doctor",
}
