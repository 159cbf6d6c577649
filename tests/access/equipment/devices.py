"""Who gets which answer from the pages and endpoints of devices."""

from django.utils import timezone

from equipment.devices import actions
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
from tests.access.tables import api, day, of, page
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed
from tests.factories.files import png

LOOKERS = CLINICAL | OVERSEERS | TRAINERS | KEEPERS
OWN = HERE | KEEPERS | TRAINERS
FELLOWS = THERE | BESIDE
SEERS = OWN | ALLIANCE
KEEPING = KEEPERS | {"manager"}
EVERY_KEEPER = KEEPERS | MANAGERS
REST = SEERS - KEEPING
FOREIGN = FELLOWS | SYSTEMS - SYSTEM


def lay(world):
    """A device that the township shares, one it keeps to itself, and a stock-take that is open."""
    device = DeviceFactory(owner=world.township)
    own = DeviceFactory(owner=world.township, is_shared=False)
    needed(device.type, world.appendectomy)
    by = world.township_manager
    stocktake = actions.begin(
        institution=world.township, name="年终盘点", on=timezone.localdate(), by=by
    )
    return {
        "device": device,
        "device_own": own,
        "device_type": device.type,
        "device_file": actions.attach(device=device, file=png(), name="证.png", by=by),
        "stocktake": stocktake,
        "stocktake_line": stocktake.lines.get(device=own),
    }


def form(prefix, **values):
    """What a form on the device's page sends."""

    def body(t):
        held = {"version": t.device.version, **values}
        return {f"{prefix}-{name}": value for name, value in held.items()}

    return body


def given(t):
    values = {"to": t.county.public_id, "asset_number": "G1", "on": day(0)}
    return form("give", **values)(t)


def file_args():
    return of.device, lambda t: t.device_file.public_id


def line_args():
    return of.stocktake, lambda t: t.stocktake_line.pk


def device_id(t):
    return str(t.device_own.public_id)


def new_type(t):
    return {"code": "X-1", "name": "新类型", "kind": "device", "life_years": 8,
            "setup_minutes": 0, "cleaning_minutes": 0}  # fmt: skip


# fmt: off
REGISTER = [
    page("devices:list", "get", {200: LOOKERS}, 403, shows=device_id, to=SEERS),
    page("devices:new", "get", {200: EVERY_KEEPER}, 403),
    page("devices:new", "post", {422: EVERY_KEEPER}, 403),
    page("devices:device", "get", {200: SEERS | FELLOWS}, 404, of.device),
    page("devices:device", "get", {200: SEERS}, 404, of.device_own, note="kept to itself"),
    page("devices:scan", "get", {200: SEERS | FELLOWS}, 404, of.device),
    page("devices:edit", "get", {200: KEEPING, 403: REST | FELLOWS}, 404, of.device),
    page("devices:edit", "post", {422: KEEPING, 403: REST | FELLOWS}, 404, of.device),
    page("devices:move", "post", {302: KEEPING, 403: REST | FELLOWS}, 404, of.device,
         sent=form("move", location="二楼")),
    page("devices:retire", "post", {302: KEEPING, 403: REST | FELLOWS}, 404, of.device,
         sent=form("retire", retirement="worn", on=day(0))),
    page("devices:put-back", "post", {409: KEEPING, 403: REST | FELLOWS}, 404, of.device,
         sent=form("back", reason="误操作")),
    page("devices:give", "post", {302: KEEPING, 403: REST | FELLOWS}, 404, of.device, sent=given),
    page("devices:label", "get", {200: SEERS}, 404, of.device),
    page("devices:labels", "get", {200: EVERY_KEEPER | OVERSEERS}, 403),
    page("devices:attach", "post", {422: KEEPING, 403: REST | FELLOWS}, 404, of.device),
    page("devices:file", "get", {200: SEERS}, 404, *file_args()),
    page("devices:file-remove", "post", {302: KEEPING, 403: REST}, 404, *file_args()),
]
TYPES = [
    page("devices:types", "get", {200: LOOKERS}, 403),
    page("devices:type-new", "get", {200: OFFICES}, 403),
    page("devices:type-new", "post", {302: OFFICES}, 403, sent=new_type),
    page("devices:type", "get", {200: LOOKERS}, 403, of.device_type),
    page("devices:type-edit", "get", {200: OFFICES}, 403, of.device_type),
    page("devices:type-edit", "post", {422: OFFICES}, 403, of.device_type),
    page("devices:type-need", "post", {302: OFFICES}, 403, of.device_type,
         sent=lambda t: {"need-technique": "86.2200x011", "need-need": "helpful"}),
    page("devices:type-drop", "post", {302: OFFICES}, 403, of.device_type, "47.0100"),
]
STOCKTAKES = [
    page("devices:stocktakes", "get", {200: EVERY_KEEPER | OVERSEERS}, 403,
         shows=lambda t: str(t.stocktake.public_id), to=KEEPING | ALLIANCE),
    page("devices:stocktake-new", "get", {200: EVERY_KEEPER}, 403),
    page("devices:stocktake-new", "post", {422: EVERY_KEEPER}, 403),
    page("devices:stocktake", "get", {200: SEERS}, 404, of.stocktake),
    page("devices:stocktake-scan", "post", {302: KEEPING, 403: REST}, 404, of.stocktake,
         sent=lambda t: {"number": t.device_own.asset_number}),
    page("devices:stocktake-take-back", "post", {302: KEEPING, 403: REST}, 404, *line_args()),
    page("devices:stocktake-close", "post", {302: KEEPING, 403: REST}, 404, of.stocktake,
         sent=lambda t: {"version": t.stocktake.version}),
]
API = [
    api("api:device-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=device_id,
        to=SEERS | SYSTEM),
    api("api:device-detail", "get", {200: SEERS | FOREIGN - {"outside_system"} | SYSTEM}, 404,
        of.device),
    api("api:device-type-list", "get", {200: PEOPLE | SYSTEMS}, 403),
    api("api:device-type-detail", "get", {200: PEOPLE | SYSTEMS}, 404, of.device_type),
]
# fmt: on
ROWS = REGISTER + TYPES + STOCKTAKES + API
NOUNS = {"devices": "device", "device-types": "device_type"}
PAGES = {
    "devices:list": "township_manager",
    "devices:labels": "township_manager",
    "devices:types": "office",
    "devices:stocktakes": "office",
}


def grow(world, serial):
    """One more device of a further type, and one more stock-take."""
    type_ = DeviceTypeFactory(code=f"T{serial}", name=f"类型{serial}")
    needed(type_, world.appendectomy)
    DeviceFactory(owner=world.township, type=type_)
    by, on = world.township_manager, timezone.localdate()
    stocktake = actions.begin(institution=world.township, name=f"盘点{serial}", on=on, by=by)
    actions.close(stocktake=stocktake, at=timezone.now(), by=by)
