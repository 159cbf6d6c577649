"""Rows of the starter files: each says what one line must look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Self

from alliance.catalogue.choices import (
    KINDS_OF,
    SCORES,
    Category,
    RequirementKind,
    Side,
    TechniqueGrade,
)
from alliance.institutions.choices import Tier

# Together they fit every code of the full national tables; the second is tumour morphology, such as
# M80000/3, with its chapter headings, such as M801-M804.
DISEASE_CODE: Final = re.compile(
    r"[A-Z]\d{2}(?:\.[0-9x](?:\d{2})?(?:x\d{3})?)?(?:[+*]|\+[A-Z]\d{2}(?:\.[0-9x]\d{0,2})?\*)?",
    re.ASCII,
)
MORPHOLOGY_CODE: Final = re.compile(r"M\d{3,5}(?:/\d)?|M\d{3}-M\d{3}", re.ASCII)
PROCEDURE_CODE: Final = re.compile(r"\d{2}\.[0-9x]{1,3}[0-9A-Z]{0,2}\d?(?:x\d{3,4})?", re.ASCII)

_SPECIALTY_CODE: Final = re.compile(r"\d{2}(?:\.\d{2})?", re.ASCII)
_TYPE_CODE: Final = re.compile(r"[A-Z]\d{3}", re.ASCII)
_TITLE_CODE: Final = re.compile(r"2[3-6][1-5]", re.ASCII)
_WORD: Final = re.compile(r"[a-z]+(?:_[a-z]+)*", re.ASCII)

# Usual tiers of a grade: basic at the township and above, advanced at the county and above.
USUAL_TIERS: Final[Mapping[TechniqueGrade, tuple[Tier, ...]]] = MappingProxyType(
    {
        TechniqueGrade.BASIC: (Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY),
        TechniqueGrade.ADVANCED: (Tier.COUNTY, Tier.TERTIARY),
        TechniqueGrade.COMPLEX: (Tier.TERTIARY,),
    }
)
RESTRICTED_LEVEL: Final = 4
"""Restricted techniques are managed as level 4 (医疗机构手术分级管理办法, 2022, no. 18)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One checked line of a starter file; its fields are the columns."""

    code: str

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        raise NotImplementedError

    @property
    def key(self) -> tuple[str, ...]:
        """What must not occur twice in a file."""
        return (self.code,)


@dataclass(frozen=True, slots=True)
class SpecialtyRow(Row):
    """A specialty of the national list; ``04.01`` lies under ``04``."""

    name: str

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        return cls(_shaped(cells, "code", _SPECIALTY_CODE), _filled(cells, "name"))


@dataclass(frozen=True, slots=True)
class DiseaseRow(Row):
    """A disease with the tier where it is best treated."""

    name: str
    group: str
    specialty: str
    best_tier: Tier
    first_visit: bool
    source: str

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        return cls(
            code=_shaped(cells, "code", DISEASE_CODE),
            name=_filled(cells, "name"),
            group=_filled(cells, "group"),
            specialty=_shaped(cells, "specialty", _SPECIALTY_CODE),
            best_tier=Tier(cells["best_tier"]),
            first_visit=_flag(cells, "first_visit"),
            source=_filled(cells, "source"),
        )


@dataclass(frozen=True, slots=True)
class TechniqueRow(Row):
    """A technique with the grade of the first edition; a note explains unusual tiers."""

    name: str
    specialty: str
    category: Category
    national_level: int
    is_minimally_invasive: bool
    is_restricted: bool
    grade: TechniqueGrade
    tiers: tuple[Tier, ...]
    note: str
    source: str
    verified: bool

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        return cls(
            code=_shaped(cells, "code", PROCEDURE_CODE),
            name=_filled(cells, "name"),
            specialty=_shaped(cells, "specialty", _SPECIALTY_CODE),
            category=Category(cells["category"]),
            national_level=_number(cells, "national_level", range(1, 5)),
            is_minimally_invasive=_flag(cells, "is_minimally_invasive"),
            is_restricted=_flag(cells, "is_restricted"),
            grade=TechniqueGrade(cells["grade"]),
            tiers=tuple(Tier(tier) for tier in cells["tiers"].split(";")),
            note=cells["note"],
            source=_filled(cells, "source"),
            verified=_flag(cells, "verified"),
        )

    def __post_init__(self) -> None:
        if self.tiers != USUAL_TIERS[self.grade] and not self.note:
            raise ValueError("tiers differ from those of the grade, and no note says why")
        if self.is_restricted and self.national_level != RESTRICTED_LEVEL:
            raise ValueError(f"restricted techniques are level {RESTRICTED_LEVEL}")


@dataclass(frozen=True, slots=True)
class ScoreRow(Row):
    """The scores of a technique in the first edition; a reason where its grade differs from them."""

    operation: int
    risk: int
    equipment: int
    frequency: int
    benefit: int
    grassroots: int
    reason: str

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        scores = {name: _number(cells, name, range(1, 6)) for name in SCORES}
        return cls(code=_shaped(cells, "code", PROCEDURE_CODE), reason=cells["reason"], **scores)

    @property
    def scores(self) -> dict[str, int]:
        """The scores by name."""
        return {name: getattr(self, name) for name in SCORES}


@dataclass(frozen=True, slots=True)
class SpectrumRow(Row):
    """A disease that a technique treats, and the tier where that is best done."""

    disease: str
    tier: Tier

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        return cls(
            code=_shaped(cells, "code", PROCEDURE_CODE),
            disease=_shaped(cells, "disease", DISEASE_CODE),
            tier=Tier(cells["tier"]),
        )

    @property
    def key(self) -> tuple[str, ...]:
        """A disease once for each technique."""
        return (self.code, self.disease)


@dataclass(frozen=True, slots=True)
class RequirementRow(Row):
    """What the first edition asks for; the code is a grade or that of a technique."""

    side: Side
    kind: RequirementKind
    subject: str
    minimum: int
    unit: str
    source: str
    verified: bool

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        is_grade = cells["code"] in TechniqueGrade.values
        return cls(
            code=cells["code"] if is_grade else _shaped(cells, "code", PROCEDURE_CODE),
            side=Side(cells["side"]),
            kind=RequirementKind(cells["kind"]),
            subject=cells["subject"],
            minimum=_number(cells, "minimum", range(1, 1_000_000)),
            unit=cells["unit"],
            source=_filled(cells, "source"),
            verified=_flag(cells, "verified"),
        )

    def __post_init__(self) -> None:
        if self.kind not in KINDS_OF[self.side]:
            raise ValueError(f"{self.kind} is not asked of the {self.side}")

    @property
    def key(self) -> tuple[str, ...]:
        """The same thing once for each grade or technique."""
        return (self.code, self.side, self.kind, self.subject)

    @property
    def grade(self) -> str:
        """The grade it is for; empty where it is for one technique."""
        return self.code if self.code in TechniqueGrade.values else ""


@dataclass(frozen=True, slots=True)
class TypeCodeRow(Row):
    """A kind of institution, and whether statistics count it as primary care."""

    name: str
    is_primary_care: bool

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        return cls(
            _shaped(cells, "code", _TYPE_CODE),
            _filled(cells, "name"),
            _flag(cells, "is_primary_care"),
        )


@dataclass(frozen=True, slots=True)
class TitleCodeRow(Row):
    """A professional title; level 1 is the highest (CV08.30.005)."""

    name: str
    name_en: str
    profession: str
    level: int
    verified: bool

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        return cls(
            code=_shaped(cells, "code", _TITLE_CODE),
            name=_filled(cells, "name"),
            name_en=_filled(cells, "name_en"),
            profession=_shaped(cells, "profession", _WORD),
            level=_number(cells, "level", range(1, 6)),
            verified=_flag(cells, "verified"),
        )


@dataclass(frozen=True, slots=True)
class ReasonCodeRow(Row):
    """A reason that a move of a referral may carry; the order in the file is the order shown."""

    move: str
    label_zh: str
    label_en: str
    needs_text: bool
    valid_from: date

    @classmethod
    def from_csv(cls, cells: Mapping[str, str]) -> Self:
        """Make a row of one line, or raise ``ValueError`` with the reason."""
        return cls(
            move=_shaped(cells, "move", _WORD),
            code=_shaped(cells, "code", _WORD),
            label_zh=_filled(cells, "label_zh"),
            label_en=_filled(cells, "label_en"),
            needs_text=_flag(cells, "needs_text"),
            valid_from=date.fromisoformat(cells["valid_from"]),
        )

    @property
    def key(self) -> tuple[str, ...]:
        """The same reason may be dated anew."""
        return (self.move, self.code, self.valid_from.isoformat())


def _filled(cells: Mapping[str, str], column: str) -> str:
    value = cells[column]
    if not value or value != value.strip():
        raise ValueError(f"{column} is empty or has blanks around it")
    return value


def _shaped(cells: Mapping[str, str], column: str, shape: re.Pattern[str]) -> str:
    value = cells[column]
    if not shape.fullmatch(value):
        raise ValueError(f"{column} {value!r} has not the shape of its code system")
    return value


def _flag(cells: Mapping[str, str], column: str) -> bool:
    value = cells[column]
    if value not in ("0", "1"):
        raise ValueError(f"{column} {value!r} is neither 0 nor 1")
    return value == "1"


def _number(cells: Mapping[str, str], column: str, allowed: range) -> int:
    value = int(cells[column])
    if value not in allowed:
        raise ValueError(f"{column} {value} is outside {allowed.start} to {allowed.stop - 1}")
    return value
