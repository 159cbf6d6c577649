"""Purchases, as far as tests of other rooms need them; later states are reached by moves."""

from decimal import Decimal

from django.utils import timezone

from equipment.purchases import actions
from equipment.purchases.choices import Move
from tests.factories.devices import DeviceTypeFactory


def written(world, *, institution=None, by=None, type_=None, **more):
    """An application of the township for two laparoscopes."""
    values = {"quantity": 2, "unit_price": Decimal(90_000), "statement": "急诊手术"} | more
    return actions.start(
        institution=institution or world.township,
        device_type=type_ or DeviceTypeFactory(),
        by=by or world.township_manager,
        **values,
    )


def step(purchase, which, by, reason="", **data):
    """One move; returns the purchase as it then is."""
    return actions.move(purchase=purchase, move=Move(which), by=by, reason=reason, data=data)


def submitted(world, **more):
    """An application that waits for the alliance."""
    row = written(world, **more)
    return step(row, "submit", row.created_by)


def evaluated(world, **more):
    """An application that waits for its decision."""
    row = step(submitted(world, **more), "pass_on", world.office)
    return step(row, "evaluate", world.qc, reason="需求充分", recommended=True, score=85)


def approved(world, *, percent=60, quantity=2, **more):
    """A purchase that waits for its delivery."""
    price = Decimal(80_000)
    values = {"percent": percent, "quantity": quantity, "unit_price": price}
    row = evaluated(world, **{"quantity": max(quantity, 2)} | more)
    return step(row, "approve", world.office, **values)


def partly(world, **more):
    """A purchase of which one device has come and one is still to come."""
    row = approved(world, **more)
    said = {"delivered_on": timezone.localdate(), "name": "便携腹腔镜", "devices": "A0"}
    return step(row, "deliver", row.created_by, **said)


def delivered(world, **more):
    """A purchase whose two devices are on the register."""
    row = approved(world, **more)
    day = timezone.localdate()
    return step(
        row, "deliver", row.created_by, delivered_on=day, name="便携腹腔镜", devices="A1 S1\nA2"
    )
