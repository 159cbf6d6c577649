"""Tables without plain indexes and foreign keys, for the moment when a million rows come in.

PostgreSQL tends an index and asks every foreign key row by row. Put back at the end, both look at
all rows at once, and a row that breaks a constraint is found just the same: it cannot be put back.
Primary keys, unique and check constraints stay. Nobody else can use the tables meanwhile.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_FOREIGN_KEYS = """
    SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conname
"""
_INDEXES = """
    SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE NOT indisunique AND indrelid = ANY(%s::regclass[]) ORDER BY indexrelid
"""


@contextmanager
def stripped(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    """Inside a transaction: the tables stripped within the block, whole again after it."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET LOCAL work_mem = '64MB'")  # the joins and checks below are large, and few
    cursor.execute(_FOREIGN_KEYS, [list(tables)])
    foreign_keys = cursor.fetchall()
    cursor.execute(_INDEXES, [list(tables)])
    indexes = cursor.fetchall()
    for table, name, _definition in foreign_keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in foreign_keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
