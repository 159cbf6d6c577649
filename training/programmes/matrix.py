"""Doctors by techniques of a hospital, and hospitals by techniques of an alliance.

Built from a fixed number of queries, however many doctors and techniques there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q

from alliance.catalogue.selectors import Graded, graded
from alliance.institutions.models import Institution, Membership
from alliance.people.models import PracticeSite, Practitioner
from training.privileges import selectors as privileges
from training.privileges.choices import Code, Level, Verdict

from . import selectors
from .choices import Standing
from .models import Enrolment

_MARKS: Mapping[str, str] = {
    Standing.INDEPENDENT: "✓",
    Standing.SUPERVISED: "◐",
    Standing.SUSPENDED: "‖",
    Standing.BLOCKED: "!",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see of the matrix."""

    search: str = ""
    department_id: int | None = None
    grade: str = ""
    standing: str = ""
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """How one doctor stands in one technique; `percent` while learning.

    Privileged and supervised say that `may_perform` answers so that day; `why` is what stands
    against a privilege that may not be used.
    """

    standing: str
    percent: int | None = None
    enrolment_id: str = ""
    privilege_id: str = ""
    why: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """In words."""
        return str(Standing(self.standing).label)

    @property
    def said(self) -> str:
        """The same with what stands against it."""
        return f"{self.label}: {' '.join(self.why)}" if self.why else self.label

    @property
    def mark(self) -> str:
        """The sign of it in a narrow cell."""
        return _MARKS.get(self.standing) or str(self.percent)


NOTHING = Cell(Standing.NONE.value)


@dataclass(frozen=True, slots=True)
class Line:
    """Techniques in which a doctor stands alike, for the same reasons."""

    standing: str
    label: str
    mark: str
    why: tuple[str, ...]
    cells: list[tuple[Graded, Cell]]


@dataclass
class Matrix:
    """Rows of doctors, columns of techniques, and a cell where there is something."""

    doctors: list[Practitioner]
    columns: list[Graded]
    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict)

    def cell(self, doctor_id: int, technique_id: int) -> Cell:
        """How a doctor stands in a technique."""
        return self.cells.get((doctor_id, technique_id), NOTHING)

    @property
    def rows(self) -> list[tuple[Practitioner, list[tuple[Graded, Cell]]]]:
        """Each doctor with a cell for each column."""
        return [
            (one, [(column, self.cell(one.pk, column.technique_id)) for column in self.columns])
            for one in self.doctors
        ]

    @property
    def spelled(self) -> list[tuple[Practitioner, list[Line]]]:
        """The same for narrow screens: only what there is, what is alike together."""
        return [(one, _lines(cells)) for one, cells in self.rows]


def _lines(cells: Iterable[tuple[Graded, Cell]]) -> list[Line]:
    found: dict[tuple[str, tuple[str, ...]], Line] = {}
    for column, cell in cells:
        if cell != NOTHING:
            mark = _MARKS.get(cell.standing, "")
            line = Line(cell.standing, cell.label, mark, cell.why, [])
            found.setdefault((cell.standing, cell.why), line).cells.append((column, cell))
    order = list(Standing)
    return sorted(found.values(), key=lambda line: -order.index(Standing(line.standing)))


def matrix(
    *, institution: Institution, alliance_id: int, on: date, asked: Asked | None = None
) -> Matrix:
    """How every doctor of a hospital stands in every technique of its alliance (ten queries).

    Below its own staff stand those who work elsewhere and are registered to practise there too, or
    hold a privilege there.
    """
    wanted = asked or Asked()
    doctors = list(_doctors(institution.pk, wanted, on))
    visiting = {one.pk for one in doctors if one.is_visiting}  # type: ignore[attr-defined]
    columns = graded(alliance_id=alliance_id, on=on, grade=wanted.grade)
    cells = _learning(institution.pk, {one.pk for one in doctors}, on)
    held = privileges.held_pairs(
        institution=institution, people=doctors, techniques=columns, on=on, visiting=visiting
    )
    for pair, one in held.items():
        cells[pair] = _held(one, cells.get(pair))
    return _narrowed(Matrix(doctors, columns, cells), wanted)


def _doctors(institution_id: int, asked: Asked, on: date) -> Iterable[Practitioner]:
    sites = PracticeSite.objects.in_force(on).filter(institution=institution_id)
    own = Practitioner.objects.filter(institution=institution_id)
    here = (
        own.order_by()
        .values("pk")
        .union(sites.order_by().values("practitioner"), privileges.holders(institution_id, on=on))
    )
    rows = Practitioner.objects.filter(pk__in=here, is_active=True)
    if asked.department_id:
        rows = rows.filter(department=asked.department_id)
    if asked.search:
        rows = rows.filter(name__icontains=asked.search) | rows.filter(
            pinyin__contains=asked.search.lower()
        )
    is_own = Q(institution=institution_id)
    return (
        rows.select_related("department", "institution")
        .annotate(
            is_own=ExpressionWrapper(is_own, BooleanField()),
            is_visiting=~is_own & Exists(sites.filter(practitioner=OuterRef("pk"))),
        )
        .order_by("-is_own", "department__code", "title_code", "name", "pk")
    )


def _learning(institution_id: int, doctors: set[int], on: date) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    enrolments = list(selectors.enrolments_of(doctors).filter(institution=institution_id))
    for found in selectors.progress_many(enrolments, on=on).values():
        one, technique = found.enrolment, found.enrolment.technique_id
        known = cells.get((one.practitioner_id, technique)) if technique else None
        # Of two programmes that lead to the same, the one that is further.
        if technique is not None and (known is None or (known.percent or 0) <= found.percent):
            cells[one.practitioner_id, technique] = Cell(
                Standing.TRAINING.value, found.percent, enrolment_id=str(one.public_id)
            )
    return cells


_STANDINGS = {
    Verdict.YES: Standing.INDEPENDENT,
    Verdict.SUPERVISED: Standing.SUPERVISED,
}


def _held(held: privileges.Held, learning: Cell | None) -> Cell:
    """A privilege as the answer of the day lets it be used."""
    standing = _STANDINGS.get(Verdict(held.answer.verdict))
    if standing is None:
        is_suspended = Code.SUSPENDED in held.answer.codes
        standing = Standing.SUSPENDED if is_suspended else Standing.BLOCKED
    return Cell(
        standing.value,
        learning.percent if learning else None,
        learning.enrolment_id if learning else "",
        str(held.public_id),
        tuple(reason.text for reason in held.answer.reasons),
    )


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
class Counts:
    """How many may do it alone, how many under supervision, how many learn it.

    Of those who hold a privilege that may not be used that day, `suspended` are stopped by
    somebody's decision, `blocked` by anything else.
    """

    independent: int = 0
    supervised: int = 0
    training: int = 0
    suspended: int = 0
    blocked: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nobody does."""
        return self == Counts()


@dataclass
class HouseMatrix:
    """Hospitals by techniques with counts."""

    houses: list[Institution]
    columns: list[Graded]
    counts: Mapping[tuple[int, int], Counts]

    @property
    def rows(self) -> list[tuple[Institution, list[Counts]]]:
        """Each hospital with its counts, one for each column."""
        return [
            (
                one,
                [
                    self.counts.get((one.pk, column.technique_id), Counts())
                    for column in self.columns
                ],
            )
            for one in self.houses
        ]

    @property
    def spelled(self) -> list[tuple[Institution, list[tuple[Graded, Counts]]]]:
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
    columns = graded(alliance_id=alliance_id, on=on, grade=grade)
    held = privileges.held_counts(alliance_id=alliance_id, techniques=columns, on=on)
    counts = _counted(held, _learners(alliance_id))
    if not everything:
        shown = {one.pk for one in houses}
        used = {technique for house, technique in counts if house in shown}
        columns = [one for one in columns if one.technique_id in used]
    return HouseMatrix(houses, columns, counts)


def _learners(alliance_id: int) -> dict[tuple[int, int], int]:
    rows = (
        Enrolment.objects.active()
        .filter(alliance=alliance_id, technique__isnull=False)
        .values_list("institution_id", "technique_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {(house, technique): n for house, technique, n in rows}


def _counted(
    held: Mapping[tuple[int, int, str], privileges.Usable], training: Mapping[tuple[int, int], int]
) -> dict[tuple[int, int], Counts]:
    found = {}
    none = privileges.Usable(0, 0, 0)
    for pair in {key[:2] for key in held} | set(training):
        alone, under = (
            held.get((*pair, level), none) for level in (Level.INDEPENDENT, Level.SUPERVISED)
        )
        suspended = alone.suspended + under.suspended
        found[pair] = Counts(
            alone.may,
            under.may,
            training.get(pair, 0),
            suspended,
            alone.held - alone.may + under.held - under.may - suspended,
        )
    return found
