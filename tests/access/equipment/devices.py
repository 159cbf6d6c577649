"""Who gets which answer from the pages and endpoints of devices."""

from tests.access.cast import ALLIANCE, BESIDE, HERE, KEEPERS, THERE, TRAINERS
from tests.access.tables import of, page
from tests.factories.devices import DeviceFactory

OWN = HERE | KEEPERS | TRAINERS
FELLOWS = THERE | BESIDE
SEERS = OWN | ALLIANCE


def lay(world):
    """A device that the township shares, and one that it keeps to itself."""
    own = DeviceFactory(owner=world.township, is_shared=False)
    return {"device": DeviceFactory(owner=world.township), "device_own": own}


# fmt: off
PAGES_ROWS = [
    page("devices:device", "get", {200: SEERS | FELLOWS}, 404, of.device),
    page("devices:device", "get", {200: SEERS}, 404, of.device_own, note="kept to itself"),
    page("devices:scan", "get", {200: SEERS | FELLOWS}, 404, of.device),
]
# fmt: on
ROWS = PAGES_ROWS
