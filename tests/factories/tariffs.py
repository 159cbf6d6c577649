"""Prices, as far as tests of other rooms need them."""

from decimal import Decimal

from equipment.tariffs.models import Price
from tests.factories.alliance import LONG_AGO


def priced(world, *, type_=None, device=None, tier="", unit="hour", amount="200", **more):
    """A price that counts since long ago: of a type or of one device."""
    values = {"alliance": world.alliance, "valid_from": LONG_AGO, "created_by": world.office} | more
    return Price.objects.create(
        type=type_, device=device, tier=tier, unit=unit, amount=Decimal(amount), **values
    )
