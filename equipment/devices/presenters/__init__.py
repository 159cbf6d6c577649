"""What the pages of devices show, put into words."""

from .counting import stocktake_page, stocktake_rows, tell_scan
from .devices import facts, next_row, page, row, rows, scan_path
from .types import as_form, type_facts, type_rows

__all__ = [
    "as_form",
    "facts",
    "next_row",
    "page",
    "row",
    "rows",
    "scan_path",
    "stocktake_page",
    "stocktake_rows",
    "tell_scan",
    "type_facts",
    "type_rows",
]
