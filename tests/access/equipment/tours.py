"""Who gets which answer from the pages and endpoints of tours.

The county's vehicle stops at the township and at another one; a further tour is being planned.
"""

from django.utils import timezone

from equipment.tours import actions
from tests.access.cast import (
    ALLIANCE,
    BESIDE,
    CLINICAL,
    HERE,
    KEEPERS,
    MANAGERS,
    OFFICES,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, of, page
from tests.factories.tours import announced, place_at, planned, vehicle

LOOKERS = CLINICAL | OVERSEERS | TRAINERS | KEEPERS
OWN = HERE | KEEPERS | TRAINERS
# Everybody of the alliance sees what is announced.
SEERS = OWN | THERE | BESIDE | ALLIANCE
OFFICE = frozenset({"office"})
PLANNERS = frozenset({"their_manager"}) | OFFICE
PLAN_SEERS = PLANNERS | ALLIANCE
REST = SEERS - PLANNERS
ALLIED_SYSTEMS = SYSTEMS - {"outside_system"}


def lay(world):
    """An announced tour with a stop here where a place is booked, and one that is being planned."""
    stop = announced(world)
    return {
        "tour": stop.tour,
        "tour_plan": planned(world, days=6),
        "tour_stop": stop,
        "tour_place": place_at(world, stop),
        "tour_car": vehicle(world),
    }


def place(t):
    return {"subject": "王某", "doctor": t.world.practitioner.public_id}


def wanted(t):
    return {"subject": "王某", "doctor": str(t.world.practitioner.public_id),
            "stop": str(t.tour_stop.public_id)}  # fmt: skip


def plan_id(t):
    return str(t.tour_plan.public_id)


def calling_off(noun):
    return lambda t: {"version": getattr(t, noun).version, "reason": "雨"}


# fmt: off
TOURS = [
    page("tours:list", "get", {200: LOOKERS}, 403, shows=plan_id, to=PLAN_SEERS),
    page("tours:new", "get", {200: KEEPERS | MANAGERS | OFFICES}, 403),
    page("tours:new", "post", {422: KEEPERS | MANAGERS | OFFICES}, 403,
         query=lambda t: {"vehicle": t.tour_car.public_id}),
    page("tours:tour", "get", {200: SEERS}, 404, of.tour),
    page("tours:tour", "get", {200: PLAN_SEERS}, 404, of.tour_plan, note="being planned"),
    page("tours:sheet", "get", {200: OWN | PLANNERS, 403: SEERS - OWN - PLANNERS}, 404, of.tour),
    page("tours:edit", "get", {200: PLANNERS, 403: REST}, 404, of.tour),
    page("tours:edit", "post", {422: PLANNERS, 403: REST}, 404, of.tour),
    page("tours:move", "post", {302: PLANNERS, 403: REST}, 404, of.tour, "cancel",
         sent=calling_off("tour")),
]
STOPS = [
    page("tours:stop-new", "get", {200: PLANNERS, 403: REST}, 404, of.tour),
    page("tours:stop-new", "post", {422: PLANNERS, 403: REST}, 404, of.tour),
    page("tours:stop", "get", {200: SEERS}, 404, of.tour_stop,
         shows=lambda t: t.tour_place.subject, to=OWN | PLANNERS),
    page("tours:stop-edit", "get", {200: PLANNERS, 403: REST}, 404, of.tour_stop),
    page("tours:stop-edit", "post", {422: PLANNERS, 403: REST}, 404, of.tour_stop),
    page("tours:stop-cancel", "post", {302: PLANNERS, 403: REST}, 404, of.tour_stop,
         sent=calling_off("tour_stop")),
    page("tours:place-book", "post", {302: OWN, 403: SEERS - OWN}, 404, of.tour_stop, sent=place),
    page("tours:place-cancel", "post", {302: OWN | PLANNERS}, 404, of.tour_place),
]
API = [
    api("api:tour-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=plan_id, to=PLAN_SEERS),
    api("api:tour-detail", "get", {200: SEERS | ALLIED_SYSTEMS}, 404, of.tour),
    api("api:tour-stop-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.tour_stop.public_id), to=SEERS | ALLIED_SYSTEMS),
    api("api:tour-stop-detail", "get", {200: SEERS | ALLIED_SYSTEMS}, 404, of.tour_stop),
    api("api:tour-place-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.tour_place.public_id), to=OWN | PLANNERS | SYSTEM),
    api("api:tour-place-detail", "get", {200: OWN | PLANNERS | SYSTEM}, 404, of.tour_place),
    api("api:tour-place-list", "post",
        {201: OWN | SYSTEM, 403: (SEERS - OWN) | ALLIED_SYSTEMS - SYSTEM},
        400, sent=wanted, as_json=True),
    api("api:tour-place-cancel", "post", {200: OWN | PLANNERS | SYSTEM}, 404, of.tour_place,
        as_json=True),
]
# fmt: on
ROWS = TOURS + STOPS + API
NOUNS = {"tours": "tour", "tour-stops": "tour_stop", "tour-places": "tour_place"}
PAGES = {"tours:list": "township_manager"}


def grow(world, serial):
    """One more tour with a stop at the township, where a place is booked."""
    stop = announced(world, days=10 + serial)
    place = place_at(world, stop)
    actions.cancel_place(place=place, by=world.doctor, at=timezone.now())
    place_at(world, stop)
