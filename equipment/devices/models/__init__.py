"""Tables of devices, by noun."""

from .devices import (
    Device,
    DeviceFile,
    DeviceType,
    SharedTime,
    Stocktake,
    StocktakeLine,
    TypeTechnique,
)
from .retirements import DeviceRetirement

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
