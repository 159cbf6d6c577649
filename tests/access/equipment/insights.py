"""Who gets which answer from the pages about the use of devices."""

from tests.access.cast import (
    ALLIANCE,
    HERE,
    KEEPERS,
    MANAGERS,
    OFFICES,
    OVERSEERS,
    PEOPLE,
    SYSTEMS,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, page
from tests.factories.alliance import InstitutionFactory, PractitionerFactory
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.insights import refusal, used

LOOKERS = MANAGERS | KEEPERS | OVERSEERS
NUMBERS = (
    "list", "heat-map", "idle", "demand", "refusal-reasons", "waits", "sharing", "costs",
)  # fmt: skip
REPORTS = ("use", "idle", "demand", "sharing", "costs", "refusals")


def lay(world):
    """A refusal that the township met at the county."""
    device = DeviceFactory(owner=world.county, type=DeviceTypeFactory(code="INS", name="超声刀"))
    return {"refusal": refusal(world, device)}


def device_of(t):
    return str(t.refusal.device.public_id)


def place(t):
    return {"place": str(t.world.alliance.public_id)}


# fmt: off
ROWS = [
    *(page(f"insights:{name}", "get", {200: LOOKERS}, 403) for name in REPORTS),
    page("insights:refusals", "get", {200: frozenset({"office", "qc"}), 404: LOOKERS - {"office", "qc"}},
         403, query=place, shows=device_of, to=frozenset({"office", "qc"}), note="of the alliance"),
    *(api(f"api:device-use-{name}", "get", {200: LOOKERS}, 403) for name in NUMBERS),
    api("api:device-use-sharing", "get", {200: frozenset({"office", "qc"}),
        404: LOOKERS - {"office", "qc"}}, 403, query=place, note="of the alliance"),
    api("api:booking-refusal-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=device_of,
        to=HERE | THERE | KEEPERS | TRAINERS | ALLIANCE | {"system", "their_system"}),
    page("insights:export", "get", {200: MANAGERS | KEEPERS | OFFICES}, 403),
]
# fmt: on
# Systems are not told how devices are used: who manages a house asks for it.
PAGES = {f"insights:{name}": "manager" for name in REPORTS} | {
    f"api:device-use-{name}": "manager" for name in NUMBERS
}


def grow(world, serial):
    """One more device of the county, used by a house of its own, and refusals of it."""
    kind = DeviceTypeFactory(code=f"INS{serial}", name=f"类型{serial}")
    device = DeviceFactory(owner=world.county, price=1000, type=kind)
    house = InstitutionFactory()
    used(world, device, 3, institution=house, operator=PractitionerFactory(institution=house))
    # Shared and unused.
    DeviceFactory(owner=world.county, type=kind)
    refusal(world, device)
    refusal(world, device, institution=world.county)
