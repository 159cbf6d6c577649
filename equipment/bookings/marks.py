"""Which devices are in use, for the register and the label."""

from collections.abc import Collection
from datetime import datetime

from equipment.devices.marks import in_use

from . import selectors


@in_use
def used(device_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    """Those whose use has begun and not ended, with the end that was booked."""
    return selectors.in_use_until(device_ids)
