"""Tables of devices, by noun."""

from .devices import (
    Device,
    DeviceFile,
    DeviceType,
    SharedTime,
    TypeTechnique,
)
from .retirements import DeviceRetirement
from .stocktakes import Stocktake, StocktakeLine

__all__ = [
    "Device",
    "DeviceFile",
    "DeviceRetirement",
    "DeviceType",
    "SharedTime",
    "Stocktake",
    "StocktakeLine",
    "TypeTechnique",
]
