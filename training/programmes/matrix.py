"""Doctors by techniques of a hospital, and hospitals by techniques of an alliance.

Built from a fixed number of queries, however many doctors and techniques there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from alliance.catalogue.models import CatalogueEdition, CatalogueEntry
from alliance.institutions.models import Institution, Membership
from alliance.people.models import Practitioner
from training.privileges import selectors as privileges
from training.privileges.choices import Level

from . import selectors
from .choices import Standing
from .models import Enrolment

_RANK = {standing: place for place, standing in enumerate(Standing.values)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see of the matrix."""

    search: str = ""
    department_id: int | None = None
    grade: str = ""
    standing: str = ""
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A technique of the catalogue."""

    technique_id: int
    code: str
    name: str
    grade: str


@dataclass(frozen=True, slots=True)
class Cell:
    """How one doctor stands in one technique; `percent` while learning."""

    standing: str
    percent: int | None = None
    enrolment_id: str = ""
    privilege_id: str = ""

    @property
    def label(self) -> str:
        """In words."""
        return str(Standing(self.standing).label)


NOTHING = Cell(Standing.NONE.value)


@dataclass
class Matrix:
    """Rows of doctors, columns of techniques, and a cell where there is something."""

    doctors: list[Practitioner]
    columns: list[Column]
    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict)

    def cell(self, doctor_id: int, technique_id: int) -> Cell:
        """How a doctor stands in a technique."""
        return self.cells.get((doctor_id, technique_id), NOTHING)

    @property
    def rows(self) -> list[tuple[Practitioner, list[Cell]]]:
        """Each doctor with a cell for each column."""
        return [
            (one, [self.cell(one.pk, column.technique_id) for column in self.columns])
            for one in self.doctors
        ]

    @property
    def spelled(self) -> list[tuple[Practitioner, list[tuple[Column, Cell]]]]:
        """The same for narrow screens: only what there is."""
        return [
            (one, [pair for pair in zip(self.columns, cells, strict=True) if pair[1] != NOTHING])
            for one, cells in self.rows
        ]


def columns_of(alliance_id: int, *, grade: str = "", on: date) -> list[Column]:
    """The techniques of the edition in force, by grade and code; one query."""
    edition = CatalogueEdition.objects.in_force(alliance_id=alliance_id, on=on)
    rows = CatalogueEntry.objects.filter(edition__in=edition.values("pk"))
    if grade:
        rows = rows.filter(grade=grade)
    values = rows.values_list("technique_id", "technique__code", "technique__name", "grade")
    order = {"basic": 0, "advanced": 1, "complex": 2}
    return sorted((Column(*row) for row in values), key=lambda one: (order[one.grade], one.code))


def matrix(
    *, institution_id: int, alliance_id: int, on: date, asked: Asked | None = None
) -> Matrix:
    """How every doctor of a hospital stands in every technique (ten queries)."""
    wanted = asked or Asked()
    doctors = list(_doctors(institution_id, wanted))
    columns = columns_of(alliance_id, grade=wanted.grade, on=on)
    cells = _cells(institution_id, {one.pk for one in doctors}, on)
    return _narrowed(Matrix(doctors, columns, cells), wanted)


def _doctors(institution_id: int, asked: Asked) -> Iterable[Practitioner]:
    rows = Practitioner.objects.filter(institution=institution_id, is_active=True)
    if asked.department_id:
        rows = rows.filter(department=asked.department_id)
    if asked.search:
        rows = rows.filter(name__icontains=asked.search) | rows.filter(
            pinyin__contains=asked.search.lower()
        )
    return rows.select_related("department").order_by("department__code", "title_code", "name")


def _cells(institution_id: int, doctors: set[int], on: date) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    enrolments = list(selectors.enrolments_of(doctors).filter(institution=institution_id))
    for found in selectors.progress_many(enrolments, on=on).values():
        one = found.enrolment
        if one.technique_id is not None:
            cell = Cell(Standing.TRAINING.value, found.percent, enrolment_id=str(one.public_id))
            _put(cells, (one.practitioner_id, one.technique_id), cell)
    for pair, held in privileges.held_pairs(institution_id=institution_id, on=on).items():
        _put(cells, pair, _held(held, cells.get(pair)))
    return cells


def _held(held: privileges.Held, learning: Cell | None) -> Cell:
    if held.is_suspended:
        standing = Standing.SUSPENDED
    elif held.level == Level.INDEPENDENT:
        standing = Standing.INDEPENDENT
    else:
        standing = Standing.SUPERVISED
    return Cell(
        standing.value,
        learning.percent if learning else None,
        learning.enrolment_id if learning else "",
        str(held.public_id),
    )


def _put(cells: dict[tuple[int, int], Cell], pair: tuple[int, int], cell: Cell) -> None:
    """Keep the furthest where there are two."""
    known = cells.get(pair)
    further = known is None or _RANK[cell.standing] >= _RANK[known.standing]
    if further:
        cells[pair] = cell


def _narrowed(found: Matrix, asked: Asked) -> Matrix:
    """Only columns in which somebody stands somehow, and rows that stand as asked."""
    shown = {column.technique_id for column in found.columns}
    people = {one.pk for one in found.doctors}
    cells = {
        pair: cell
        for pair, cell in found.cells.items()
        if pair[0] in people and pair[1] in shown and asked.standing in ("", cell.standing)
    }
    doctors, columns = found.doctors, found.columns
    if asked.standing:
        doctors = [one for one in doctors if any(pair[0] == one.pk for pair in cells)]
    if not asked.everything:
        used = {pair[1] for pair in cells}
        columns = [one for one in columns if one.technique_id in used]
    return Matrix(doctors, columns, cells)


# --- by institution -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count3:
    """How many may do it alone, how many under supervision, how many learn it."""

    independent: int = 0
    supervised: int = 0
    training: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nobody does."""
        return not (self.independent or self.supervised or self.training)


@dataclass
class HouseMatrix:
    """Hospitals by techniques with counts."""

    houses: list[Institution]
    columns: list[Column]
    counts: Mapping[tuple[int, int], Count3]

    @property
    def rows(self) -> list[tuple[Institution, list[Count3]]]:
        """Each hospital with its counts, one for each column."""
        return [
            (
                one,
                [
                    self.counts.get((one.pk, column.technique_id), Count3())
                    for column in self.columns
                ],
            )
            for one in self.houses
        ]

    @property
    def spelled(self) -> list[tuple[Institution, list[tuple[Column, Count3]]]]:
        """The same for narrow screens: only what there is."""
        return [
            (
                one,
                [pair for pair in zip(self.columns, counts, strict=True) if not pair[1].is_nothing],
            )
            for one, counts in self.rows
        ]


def house_matrix(
    *, alliance_id: int, on: date, grade: str = "", tier: str = "", everything: bool = False
) -> HouseMatrix:
    """How many doctors of each member stand how in each technique (four queries)."""
    members = Membership.objects.in_force(on).filter(alliance=alliance_id).for_list()
    houses = [one.institution for one in members if tier in ("", one.institution.tier)]
    columns = columns_of(alliance_id, grade=grade, on=on)
    held = privileges.held_counts(alliance_id=alliance_id, on=on)
    learning = (
        Enrolment.objects.active()
        .filter(alliance=alliance_id, technique__isnull=False)
        .values_list("institution_id", "technique_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    training = {(house, technique): n for house, technique, n in learning}
    counts = {
        pair: Count3(
            held.get((*pair, Level.INDEPENDENT), 0),
            held.get((*pair, Level.SUPERVISED), 0),
            training.get(pair, 0),
        )
        for pair in {key[:2] for key in held} | set(training)
    }
    if not everything:
        shown = {one.pk for one in houses}
        used = {technique for house, technique in counts if house in shown}
        columns = [one for one in columns if one.technique_id in used]
    return HouseMatrix(houses, columns, counts)
