"""Starter data: what an alliance begins with and then makes its own.

Names and codes of diseases and techniques are those of the insurance editions 2.0 of ICD-10 and
ICD-9-CM-3 (2021); where hospitals say it otherwise, their word stands first and the national name in
brackets. Specialties: 医疗机构诊疗科目名录 (1994, no. 27; 疼痛科 and
重症医学科 were added in 2007 and 2009).
Kinds of institution: WS 218-2002.
Titles: GB/T 8561-2001.

Where a disease is best treated, what is on the first-visit list, grades and national levels are
starting values for the alliance's first edition: ``verified`` is true only where a source names the
value, and pages show the rest as not verified. Nothing here is read while the platform runs; the
load command reads it once, and every row is checked while it is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import fields
from importlib import resources
from typing import TypeVar

from .rows import (
    DISEASE_CODE,
    MORPHOLOGY_CODE,
    PROCEDURE_CODE,
    DiseaseRow,
    ReasonCodeRow,
    RequirementRow,
    Row,
    ScoreRow,
    SpecialtyRow,
    SpectrumRow,
    TechniqueRow,
    TitleCodeRow,
    TypeCodeRow,
)

__all__ = [
    "DISEASE_CODE",
    "MORPHOLOGY_CODE",
    "PROCEDURE_CODE",
    "DiseaseRow",
    "ReasonCodeRow",
    "RequirementRow",
    "ScoreRow",
    "SpecialtyRow",
    "SpectrumRow",
    "StarterDataError",
    "TechniqueRow",
    "TitleCodeRow",
    "TypeCodeRow",
    "diseases",
    "parse",
    "reason_codes",
    "requirements",
    "scores",
    "specialties",
    "spectrum",
    "techniques",
    "title_codes",
    "type_codes",
]

R = TypeVar("R", bound=Row)


class StarterDataError(Exception):
    """A starter file is wrong; the message names file, line and reason."""


def specialties() -> tuple[SpecialtyRow, ...]:
    """Specialties of the national list, parents before children."""
    return _load(SpecialtyRow, "specialties.csv")


def diseases() -> tuple[DiseaseRow, ...]:
    """Common diseases and those that the alliance's grading names."""
    return _load(DiseaseRow, "diseases.csv")


def techniques() -> tuple[TechniqueRow, ...]:
    """Techniques of the first catalogue edition, with grade and tiers."""
    return _load(TechniqueRow, "techniques.csv")


def scores() -> tuple[ScoreRow, ...]:
    """How difficult each technique is, and how well its diseases suit the grassroots."""
    return _load(ScoreRow, "scores.csv")


def spectrum() -> tuple[SpectrumRow, ...]:
    """Which diseases a technique treats, and at which tier."""
    return _load(SpectrumRow, "spectrum.csv")


def requirements() -> tuple[RequirementRow, ...]:
    """What the first edition asks of institutions and operators."""
    return _load(RequirementRow, "requirements.csv")


def type_codes() -> tuple[TypeCodeRow, ...]:
    """Kinds of institution that can be members or partners of an alliance."""
    return _load(TypeCodeRow, "type_codes.csv")


def title_codes() -> tuple[TitleCodeRow, ...]:
    """Professional titles of physicians, pharmacists, nurses and technicians."""
    return _load(TitleCodeRow, "title_codes.csv")


def reason_codes() -> tuple[ReasonCodeRow, ...]:
    """Reasons for moves of a referral, in the order in which they are offered."""
    return _load(ReasonCodeRow, "reason_codes.csv")


def parse(kind: type[R], lines: Iterable[str], name: str) -> tuple[R, ...]:
    """Rows of one file; the first wrong header, line or repeated key is an error that names it."""
    reader = csv.DictReader(lines, strict=True)
    columns = sorted(field.name for field in fields(kind))
    if sorted(reader.fieldnames or ()) != columns:
        raise StarterDataError(f"{name}: the header must name {', '.join(columns)}")
    rows: dict[tuple[str, ...], R] = {}
    for cells in reader:
        place = f"{name}, line {reader.line_num}"
        if None in cells or None in cells.values():
            raise StarterDataError(f"{place}: not as many cells as the header")
        try:
            row = kind.from_csv(cells)
        except ValueError as error:
            raise StarterDataError(f"{place}: {error}") from error
        if row.key in rows:
            raise StarterDataError(f"{place}: {' '.join(row.key)} occurs twice")
        rows[row.key] = row
    return tuple(rows.values())


def _load(kind: type[R], name: str) -> tuple[R, ...]:
    text = (resources.files(__name__) / name).read_text(encoding="utf-8")
    return parse(kind, text.splitlines(keepends=True), name)
