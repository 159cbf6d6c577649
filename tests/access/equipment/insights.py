"""Who gets which answer from the pages about the use of devices."""

from tests.access.cast import KEEPERS, MANAGERS, OFFICES, OVERSEERS
from tests.access.tables import page
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.insights import refusal

LOOKERS = MANAGERS | KEEPERS | OVERSEERS
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
    page("insights:export", "get", {200: MANAGERS | KEEPERS | OFFICES}, 403),
]
# fmt: on
PAGES = {f"insights:{name}": "manager" for name in REPORTS}


def grow(world, serial):
    """One more device of the county, and one more refusal of it."""
    kind = DeviceTypeFactory(code=f"INS{serial}", name=f"类型{serial}")
    refusal(world, DeviceFactory(owner=world.county, price=1000, type=kind))
