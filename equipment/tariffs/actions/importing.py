"""A price list brought in as a whole file, each price through the action of its page."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.exchange import acting
from alliance.core.exchange.plan import Plan, Row, RowError, resolve, unresolved
from alliance.core.exchange.spec import Place
from alliance.institutions.models import Alliance
from equipment.devices.models import Device, DeviceType
from equipment.devices.selectors import active_types, shared_devices

from ..models import Price
from .prices import set_price

Key = tuple[Any, ...]


def plan_prices(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What setting these prices would do; those that are set already are left alone."""
    plan, act = _prices(rows, by, place)
    return acting.rehearse(plan, act, place=place)


@transaction.atomic
def import_prices(
    *, rows: Sequence[Row], by: Any, place: Place, progress: Callable[[int], None]
) -> Plan:
    """Set all these prices, or none."""
    plan, act = _prices(rows, by, place)
    return acting.carry_out(plan, act, progress)


def _prices(rows: Sequence[Row], by: Any, place: Place) -> tuple[Plan, acting.Act]:
    require(by, Permission.EQUIPMENT_STANDARD, alliance_id=place.alliance_id)
    alliance = Alliance.objects.get(pk=place.alliance_id or 0)
    errors = resolve(rows, "type", active_types()) + _devices(rows, alliance, place)
    types = DeviceType.objects.in_bulk(_ids(rows, "type_id"))
    devices = Device.objects.in_bulk(_ids(rows, "device_id"))
    here = {_stored(price) for price in Price.objects.filter(alliance=alliance)}

    def key(row: Row) -> Key:
        return (*_subject(row), row.values.get("tier", ""), row.values["valid_from"])

    def stands(row: Row) -> bool:
        return (*key(row), row.values["unit"], row.values["amount"]) in here

    def act(row: Row) -> None:
        set_price(
            alliance=alliance,
            device_type=types.get(row.values.get("type_id") or 0),
            device=devices.get(row.values.get("device_id") or 0),
            tier=row.values.get("tier", ""),
            unit=row.values["unit"],
            amount=row.values["amount"],
            valid_from=row.values["valid_from"],
            on=place.on,
            by=by,
        )

    return acting.sort(rows, key=key, stands=stands, errors=errors), act


def _subject(row: Row) -> Key:
    return row.values.get("type_id"), row.values.get("device_id")


def _stored(price: Price) -> Key:
    """A price as a row of a file would say it."""
    return (
        price.type_id, price.device_id, price.tier, price.valid_from, price.unit, price.amount,
    )  # fmt: skip


def _devices(rows: Sequence[Row], alliance: Alliance, place: Place) -> list[RowError]:
    """The shared devices that rows name by asset number and, where several have it, by owner."""
    numbers = {row.values["device"] for row in rows if row.values.get("device")}
    shared = shared_devices(alliance.pk, place.on).filter(asset_number__in=numbers)
    known = list(shared.values_list("asset_number", "owner__name", "pk"))
    errors = []
    for row in rows:
        number, owner = row.values.get("device", ""), row.values.get("owner", "")
        if not number:
            continue
        found = {pk for asset, name, pk in known if asset == number and owner in ("", name)}
        if len(found) == 1:
            row.values["device_id"] = found.pop()
        elif found:
            message = _("Several institutions have a device of this number. Name its owner.")
            errors.append(RowError(row.number, "owner", message))
        else:
            errors.append(RowError(row.number, "device", unresolved(number, found)))
    return errors


def _ids(rows: Sequence[Row], name: str) -> set[int]:
    return {pk for row in rows if (pk := row.values.get(name)) is not None}
