"""Who gets which answer from the price list."""

from tests.access.cast import CLINICAL, KEEPERS, OVERSEERS, TRAINERS
from tests.access.tables import day, of, page
from tests.factories.devices import DeviceTypeFactory
from tests.factories.tariffs import priced

LOOKERS = CLINICAL | OVERSEERS | TRAINERS | KEEPERS
MEMBERS = LOOKERS - {"outside_manager", "other_office", "office"}
OFFICES = frozenset({"office", "other_office"})


def lay(world):
    """A price of the alliance."""
    return {"price": priced(world, type_=DeviceTypeFactory(code="T-1"))}


def ending(things):
    prefix = things.price.public_id
    return {f"{prefix}-valid_until": day(0), f"{prefix}-version": things.price.version}


# fmt: off
ROWS = [
    page("tariffs:prices", "get", {200: LOOKERS}, 403, shows=lambda t: str(t.price.public_id),
         to=MEMBERS | {"office"}),
    page("tariffs:new", "get", {200: OFFICES}, 403),
    page("tariffs:new", "post", {422: OFFICES}, 403),
    page("tariffs:end", "post", {302: frozenset({"office"}), 403: MEMBERS}, 404, of.price, sent=ending),
]
# fmt: on
PAGES = {"tariffs:prices": "office"}


def grow(world, serial):
    """One more price."""
    priced(world, type_=DeviceTypeFactory(code=f"T-{serial}", name=f"类型{serial}"))
