"""What a table is: its columns, its key, who may bring it in, and the room that answers for it."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_filters import FilterSet

from ..access import Access, access_of
from ..choices import Permission
from ..errors import DomainError
from .kinds import Kind, Shown
from .plan import Plan, Row

Progress = Callable[[int], None]
Level = Literal["institution", "alliance", "system"]

EXAMPLE = _("Example:")
_IGNORED_IN_HEADERS = re.compile(r"[\s*_\-]+")


@dataclass(frozen=True)
class Place:
    """Where the person who brings rows in acts, and on which day."""

    on: date
    institution_id: int | None = None
    alliance_id: int | None = None


@dataclass(frozen=True)
class Column:
    """One column.

    `written` is the field that the room compares and writes where it is not the column's name (the
    id that a code stands for); `source` leads from a stored row to the value on the way out.
    `among` are the rows whose code or name the column holds: an unknown one is told even where
    another cell of its row cannot be read. A `shown_only` column helps people read an exported
    file; on the way in it is left alone.
    """

    name: str
    label: Any
    kind: Kind
    required: bool = False
    aliases: tuple[str, ...] = ()
    note: Any = ""
    example: str = ""
    source: str | Callable[[Any], Any] = ""
    written: str = ""
    among: Callable[[], QuerySet[Any]] | None = None
    shown_only: bool = False

    @property
    def field(self) -> str:
        """The field that the room compares and writes for this column."""
        return self.written or self.name

    def show(self, instance: Model) -> Shown:
        """The cell of this column for a row of the database."""
        if callable(self.source):
            return self.kind.show(self.source(instance))
        value: Any = instance
        for step in (self.source or self.name).split("."):
            value = getattr(value, step, None)
        return self.kind.show(value)

    @property
    def example_cell(self) -> Shown:
        """The example as a file in the reader's language would hold it."""
        return self.kind.show(self.kind.read(self.example)) if self.example else ""

    def titles(self) -> set[str]:
        """Every header that means this column, folded: name, label in each language, aliases."""
        found = {fold(self.name), *(fold(alias) for alias in self.aliases)}
        for language, _name in settings.LANGUAGES:
            with override(language):
                found.add(fold(str(self.label)))
        return found


def fold(header: str) -> str:
    """A header without blanks, stars and case, so that small differences do not matter."""
    return _IGNORED_IN_HEADERS.sub("", unicodedata.normalize("NFKC", header)).casefold()


@cache
def example_marks() -> tuple[str, ...]:
    """How the row begins that a template gives as an example, folded, in every language."""
    marks = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            marks.append(fold(str(EXAMPLE)))
    return tuple(marks)


class Table(ABC):
    """A noun that comes in and goes out as rows. Each room subclasses it in `tables.py`."""

    name: str
    label: Any
    columns: Sequence[Column]
    # Columns by which a row is found again; none where rows are only ever added.
    key: tuple[str, ...] = ()
    # Columns that name a row to a reader.
    titled: tuple[str, ...]
    # What the noun is, in a line.
    note: Any = ""
    # What is needed beside DATA_IMPORT, at the same place, to bring rows in; by level.
    keepers: Mapping[Level, Permission]
    # Any of these, beside DATA_EXPORT, to take rows out.
    readers: frozenset[Permission] = frozenset({Permission.REFERENCE_VIEW})

    # Whether each new row goes through the action of its page (`acting.py`), so that fewer come at
    # a time.
    by_action = False

    @abstractmethod
    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do, and what is wrong with them; writes nothing."""

    @abstractmethod
    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in, in the caller's transaction, unless any is wrong."""

    @abstractmethod
    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows `by` may see, filtered as the list page with the same query string."""

    def exported(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The rows that leave in a file: those found, unless a table hands out fewer."""
        return self.found(by=by, request=request)

    def stored(self, ids: Sequence[int], *, by: Any) -> dict[int, Any]:
        """The rows of these ids as they stand, to show what a file would change of them."""
        return dict(self.found(by=by).in_bulk(ids))

    @property
    def incoming(self) -> list[Column]:
        """The columns that a file may bring in."""
        return [column for column in self.columns if not column.shown_only]

    def may_import(self, user: Any) -> bool:
        """Whether `user` may bring this table in somewhere."""
        access = access_of(user)
        return any(
            (self._houses(access), self._alliances(access), self._holds("system", access.system))
        )

    def may_export(self, user: Any) -> bool:
        """Whether `user` may take this table out; which rows is the matter of `found`."""
        held = access_of(user).everywhere()
        return Permission.DATA_EXPORT in held and bool(held & self.readers)

    def place_of(self, user: Any, *, institution_id: int | None, on: date) -> Place:
        """Where `user` acts with this table: the given institution if held there, else the first."""
        access = access_of(user)
        houses = self._houses(access)
        house = institution_id if institution_id in houses else next(iter(houses), None)
        return Place(
            on=on, institution_id=house, alliance_id=next(iter(self._alliances(access)), None)
        )

    def _houses(self, access: Access) -> list[int]:
        grants = access.institutions.items()
        return sorted(pk for pk, held in grants if self._holds("institution", held))

    def _alliances(self, access: Access) -> list[int]:
        grants = access.alliances.items()
        return sorted(pk for pk, held in grants if self._holds("alliance", held))

    def _holds(self, level: Level, held: frozenset[Permission]) -> bool:
        return level in self.keepers and {Permission.DATA_IMPORT, self.keepers[level]} <= held


class BadFilter(DomainError):
    """A query string asks for something that the list does not know (HTTP 400)."""

    status = 400


def filtered(
    filter_set: type[FilterSet], rows: QuerySet[Any], request: HttpRequest | None
) -> QuerySet[Any]:
    """Rows filtered as their list page filters them; all of them without a request."""
    if request is None:
        return rows
    asked = filter_set(request.GET, queryset=rows, request=request)
    try:
        if not asked.is_valid():
            raise ValidationError(dict(asked.errors))
        found: QuerySet[Any] = asked.qs
    except ValidationError as error:
        raise BadFilter("bad_filter", " ".join(error.messages)) from error
    return found


_tables: dict[str, Table] = {}


def register(table: Table) -> None:
    """Make a table known; called by each room's `tables.py`."""
    if table.name in _tables:
        raise ValueError(f"table {table.name} is registered twice")
    _tables[table.name] = table


def tables() -> list[Table]:
    """All tables, in the order of the rooms."""
    return list(_tables.values())


def find(name: str) -> Table | None:
    """The table of that name; old addresses and old jobs write it with underscores."""
    return _tables.get(name.replace("_", "-"))
