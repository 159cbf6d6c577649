"""Tables of service, by noun."""

from .outages import Outage
from .plans import MaintenancePlan, ServiceRecord

__all__ = ["MaintenancePlan", "Outage", "ServiceRecord"]
