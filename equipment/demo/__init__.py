"""The devices of the demo alliance, and what is done with them. All of it is invented."""

from training.demo import Scene

from .bookings import load_bookings
from .devices import load_devices
from .mentored import load_mentored
from .service import load_service
from .standards import load_prices, load_standards
from .tours import load_tours

__all__ = ["load"]


def load(scene: Scene) -> None:
    """Fill the rooms of equipment, the lowest first."""
    load_devices(scene)
    # What is on the road is not booked at home.
    load_tours(scene)
    load_prices(scene)
    load_bookings(scene)
    load_mentored(scene)
    # What breaks down breaks into bookings that are there.
    load_service(scene)
    load_standards(scene)
