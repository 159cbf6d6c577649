"""The numbers as tables: one shape for pages and workbooks, each column with its definition."""

from collections.abc import Callable, Mapping

from ..scope import Scope
from .demand import code_label, demand, refused
from .sharing import costs, sharing
from .tables import Section
from .use import Heat, heat, idle, totals, unrecorded, use, use_of

Maker = Callable[[Scope], list[Section]]
# Each report: the names of its tables, and how they are made.
REPORTS: Mapping[str, tuple[tuple[str, ...], Maker]] = {
    "use": (("use", "unused"), use),
    "idle": (("idle",), idle),
    "demand": (("best", "reasons", "waits"), demand),
    "sharing": (("sharing",), sharing),
    "costs": (("costs", "costs_own", "costs_unused"), costs),
}
TABLES = frozenset({"heat", *(key for keys, _make in REPORTS.values() for key in keys)})

__all__ = [
    "REPORTS",
    "TABLES",
    "Heat",
    "Section",
    "code_label",
    "heat",
    "refused",
    "totals",
    "unrecorded",
    "use_of",
]
