"""Write a plan: new rows are inserted, changed ones updated."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from .plan import Change, Plan, Row, chunks
from .staging import Stage

M = TypeVar("M", bound=Model)

BATCH = 2000


def upsert(
    model: type[M],
    plan: Plan,
    *,
    key: tuple[str, ...],
    fields: Sequence[str],
    derive: Callable[[M], None],
    derived: Sequence[str],
    progress: Callable[[int], None],
) -> None:
    """Write the new and the changed rows of a plan.

    `derive` fills the `derived` fields (search keys) of an instance. A row that somebody files
    meanwhile under the same key is updated rather than breaking the import.
    """
    brought = [name for name in fields if name not in key and plan.brings(name)]
    done = 0
    with Stage(model, key=key, updated=[*brought, *derived, *_stamps(model)]) as stage:
        for instances in _batches(model, plan, fields):
            for instance in instances:
                derive(instance)
            stage.merge(instances)
            done += len(instances)
            progress(done)


def _batches(model: type[M], plan: Plan, fields: Sequence[str]) -> Iterable[list[M]]:
    for rows in chunks(plan.new, BATCH):
        yield [model(**_pick(row, fields)) for row in rows]
    for changes in chunks(plan.changed, BATCH):
        yield _changed(model, changes, fields)


def _changed(model: type[M], changes: Sequence[Change], fields: Sequence[str]) -> list[M]:
    """The stored rows, locked, with their new values."""
    stored = model._default_manager.select_for_update().in_bulk([change.pk for change in changes])
    instances = []
    for change in changes:
        instance = stored[change.pk]
        for name, value in _pick(change.row, fields).items():
            setattr(instance, name, value)
        instances.append(instance)
    return instances


def _pick(row: Row, fields: Sequence[str]) -> dict[str, Any]:
    return {name: row.values[name] for name in fields if name in row.values}


def _stamps(model: type[Model]) -> list[str]:
    """Columns that carry the moment of the last change."""
    return [
        field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False)
    ]
