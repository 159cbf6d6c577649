"""Starter types of device, with the techniques that need them or are helped by them.

Category codes are those of the national classification of medical devices (医疗器械分类目录, 2017,
no. 104), as far as they are known; nothing here was checked against the source, and pages say so.
Nothing is read while the platform runs; the load command reads it once.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from ..choices import Need, TypeKind

_UPKEEP = "平台起始值，强制检定与保养周期未核实"


@dataclass(frozen=True)
class TypeRow:
    """One type of device; techniques by their codes."""

    code: str
    name: str
    family: str
    kind: TypeKind
    category_code: str
    is_high_end: bool
    is_fixed: bool
    life_years: int
    setup_minutes: int
    cleaning_minutes: int
    statutory_months: int | None
    preventive_months: int | None
    required: tuple[str, ...]
    helpful: tuple[str, ...]
    source: str

    @property
    def upkeep_source(self) -> str:
        """Where the months are from; nobody has checked them."""
        return _UPKEEP if self.statutory_months or self.preventive_months else ""

    @property
    def needs(self) -> dict[str, Need]:
        """Technique code to how much it needs this type."""
        return dict.fromkeys(self.helpful, Need.HELPFUL) | dict.fromkeys(
            self.required, Need.REQUIRED
        )


def types() -> tuple[TypeRow, ...]:
    """The types, as the file lists them; ValueError or KeyError for a cell that cannot be."""
    text = (resources.files(__name__) / "types.csv").read_text(encoding="utf-8")
    return tuple(_row(cells) for cells in csv.DictReader(text.splitlines(), strict=True))


def _months(cell: str) -> int | None:
    return int(cell) if cell else None


def _row(cells: Mapping[str, str]) -> TypeRow:
    def codes(name: str) -> tuple[str, ...]:
        return tuple(cells[name].split(";")) if cells[name] else ()

    return TypeRow(
        code=cells["code"],
        name=cells["name"],
        family=cells["family"],
        kind=TypeKind(cells["kind"]),
        category_code=cells["category_code"],
        is_high_end=cells["is_high_end"] == "1",
        is_fixed=cells["is_fixed"] == "1",
        life_years=int(cells["life_years"]),
        setup_minutes=int(cells["setup_minutes"]),
        cleaning_minutes=int(cells["cleaning_minutes"]),
        statutory_months=_months(cells["statutory_months"]),
        preventive_months=_months(cells["preventive_months"]),
        required=codes("required"),
        helpful=codes("helpful"),
        source=cells["source"],
    )
