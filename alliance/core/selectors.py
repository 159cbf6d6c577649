"""What pages may ask about the ledger."""

from django.db import connection

from . import ledger

# Pages say "1000+" rather than count what a stopped sealer may have left.
WAITING_SHOWN = 1000
# One index probe a distinct value, however long the ledger is.
_DISTINCT = """
WITH RECURSIVE found AS (
    (SELECT min({column}) AS value FROM core_auditentry)
    UNION ALL
    SELECT (SELECT min({column}) FROM core_auditentry WHERE {column} > found.value)
    FROM found WHERE found.value IS NOT NULL
)
SELECT value FROM found WHERE value IS NOT NULL
"""


def ledger_actions() -> list[str]:
    """Every act that the ledger holds."""
    return _distinct("action")


def ledger_kinds() -> list[str]:
    """Model labels of every kind of thing that the ledger holds."""
    return _distinct("subject_type")


def _distinct(column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_DISTINCT.format(column=connection.ops.quote_name(column)))
        return [value for (value,) in cursor.fetchall()]


def ledger_waiting() -> int:
    """How many lines wait for their seal, counted up to WAITING_SHOWN + 1."""
    return ledger.unsealed()[: WAITING_SHOWN + 1].count()
