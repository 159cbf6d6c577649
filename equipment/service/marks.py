"""Which devices are out of use, for the register."""

from collections.abc import Collection
from datetime import datetime

from equipment.devices.marks import out_of_use

from . import selectors


@out_of_use
def out(device_ids: Collection[int], at: datetime) -> set[int]:
    """Those that something keeps from being used at the moment."""
    return {pk for pk, why in selectors.why_out(device_ids, since=at, until=at).items() if why}
