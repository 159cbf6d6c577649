"""What bringing rows in would do: which are new, which change, which stay, which are wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

CHUNK = 2000
T = TypeVar("T")


@dataclass(slots=True)
class Row:
    """One row of a file: its number as a spreadsheet shows it, and a value for each column read."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell; `column` is the name of the column, or empty for the row."""

    number: int
    column: str
    message: str


@dataclass(slots=True)
class Change:
    """A row that is stored already and would get other values in `fields`."""

    row: Row
    pk: int
    fields: list[str]


@dataclass
class Plan:
    """The rows sorted by what would happen to them."""

    new: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    errors: list[RowError] = field(default_factory=list)
    # What may be brought in and deserves a second look before.
    remarks: list[RowError] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, for pages and the ledger."""
        return {"new": len(self.new), "changed": len(self.changed), "same": self.same}

    def brings(self, name: str) -> bool:
        """Whether any row that would be written has a value for a field."""
        rows = chain(self.new, (change.row for change in self.changed))
        return any(name in row.values for row in rows)

    def check(self) -> None:
        """Raise RowsRefused when any row is wrong."""
        if self.errors:
            raise RowsRefused(self)


class RowsRefused(Exception):
    """Rows cannot be brought in; carries the plan that says why."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.errors)} errors")
        self.plan = plan


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def compare(
    rows: Sequence[Row],
    stored: QuerySet[Any],
    *,
    key: tuple[str, ...],
    fields: Sequence[str],
    errors: Iterable[RowError] = (),
) -> Plan:
    """Sort rows by comparing `fields` with what is stored under the same key.

    Only fields that a row brings are compared, so a file without a column leaves it alone. A key
    that occurs twice in the file is an error of the later row; rows with errors stay aside.
    """
    plan = Plan(errors=list(errors))
    wrong = {error.number for error in plan.errors}
    fresh = _once(rows, key, plan, wrong)
    for chunk in chunks(fresh):
        known = _stored(stored, chunk, key, fields)
        for row in chunk:
            _sort(row, known.get(_key(row.values, key)), fields, plan)
    plan.errors.sort(key=lambda error: error.number)
    return plan


def _once(rows: Sequence[Row], key: tuple[str, ...], plan: Plan, wrong: set[int]) -> list[Row]:
    first: dict[tuple[Any, ...], int] = {}
    fresh = []
    for row in rows:
        if any(part not in row.values for part in key):
            continue
        earlier = first.setdefault(_key(row.values, key), row.number)
        if earlier != row.number:
            message = _("Row %(row)s already brings this entry.") % {"row": earlier}
            plan.errors.append(RowError(row.number, key[-1], message))
        elif row.number not in wrong:
            fresh.append(row)
    return fresh


def _key(values: Mapping[str, Any], key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(values[part] for part in key)


def _stored(
    stored: QuerySet[Any], rows: Sequence[Row], key: tuple[str, ...], fields: Sequence[str]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The stored values under the keys of these rows."""
    wanted = Q(**{f"{part}__in": {row.values[part] for row in rows} for part in key})
    found = stored.filter(wanted).order_by().values("pk", *key, *fields)
    return {_key(values, key): values for values in found}


def _sort(row: Row, known: dict[str, Any] | None, fields: Sequence[str], plan: Plan) -> None:
    if known is None:
        plan.new.append(row)
        return
    different = [name for name in fields if name in row.values and row.values[name] != known[name]]
    if different:
        plan.changed.append(Change(row, known["pk"], different))
    else:
        plan.same += 1


def resolve(
    rows: Sequence[Row],
    column: str,
    among: QuerySet[Any],
    *,
    by: Sequence[str] = ("code", "name"),
    into: str = "",
) -> list[RowError]:
    """Put the id of the row that each cell of `column` names into `into`, in bulk.

    The fields of `by` are tried in order, so a code wins over a name. Unknown and ambiguous words
    are errors.
    """
    target = into or f"{column}_id"
    ids = _ids({row.values[column] for row in rows if row.values.get(column)}, among, by)
    errors = []
    for row in rows:
        if column not in row.values:
            continue
        text = row.values[column]
        found = ids.get(text, set())
        if text and len(found) != 1:
            errors.append(RowError(row.number, column, unresolved(text, found)))
        else:
            row.values[target] = next(iter(found), None)
    return errors


def resolve_many(
    rows: Sequence[Row],
    column: str,
    among: QuerySet[Any],
    *,
    by: Sequence[str] = ("code", "name"),
    into: str,
) -> list[RowError]:
    """The same for cells that name several: `into` gets a sorted list of ids."""
    texts = {text for row in rows for text in row.values.get(column, ())}
    ids = _ids(texts, among, by)
    errors = []
    for row in rows:
        if column not in row.values:
            continue
        found = {text: ids.get(text, set()) for text in row.values[column]}
        wrong = [text for text, pks in found.items() if len(pks) != 1]
        errors += [RowError(row.number, column, unresolved(text, found[text])) for text in wrong]
        if not wrong:
            row.values[into] = sorted({pk for pks in found.values() for pk in pks})
    return errors


def unresolved(text: str, found: set[int]) -> str:
    """Why a word does not name exactly one entry."""
    if found:
        message = _("“%(text)s” names several entries. Give the code instead.")
    else:
        message = _("“%(text)s” is not known. Give a code or the full name.")
    return message % {"text": text[:40]}


def _ids(texts: set[str], among: QuerySet[Any], by: Sequence[str]) -> dict[str, set[int]]:
    """Ids by word; a match in an earlier field hides those in later ones."""
    found: dict[str, set[int]] = {}
    for name in reversed(by):
        here: dict[str, set[int]] = {}
        for chunk in chunks(texts):
            for word, pk in among.filter(**{f"{name}__in": chunk}).values_list(name, "pk"):
                here.setdefault(word, set()).add(pk)
        found |= here
    return found
