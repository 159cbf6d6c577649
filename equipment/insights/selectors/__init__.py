"""How devices are used: numbers for pages, workbooks and the rooms that ask for evidence."""

from .best import Best, best_places, settings
from .costs import Cost, costs
from .demand import Wait, reasons, refusals, waits, wanting
from .idle import Idle, idle_devices, idle_weeks
from .sharing import Flow, flows
from .use import Use, heat_map, open_hours, unrecorded, uses

__all__ = [
    "Best",
    "Cost",
    "Flow",
    "Idle",
    "Use",
    "Wait",
    "best_places",
    "costs",
    "flows",
    "heat_map",
    "idle_devices",
    "idle_weeks",
    "open_hours",
    "reasons",
    "refusals",
    "settings",
    "unrecorded",
    "uses",
    "waits",
    "wanting",
]
