"""Tables of service, by noun."""

from .adverse import AdverseEvent, ServiceFile
from .orders import WorkOrder, WorkOrderEvent
from .outages import Outage
from .plans import MaintenancePlan, ServiceRecord
from .recalls import Recall, RecalledDevice

__all__ = [
    "AdverseEvent",
    "MaintenancePlan",
    "Outage",
    "Recall",
    "RecalledDevice",
    "ServiceFile",
    "ServiceRecord",
    "WorkOrder",
    "WorkOrderEvent",
]
