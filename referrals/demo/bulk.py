"""Scales the history in SQL: finished legs are copied into earlier weeks, whole trees at a time.

A copy keeps weekday and hour, patients and parties; only ended legs are copied, so that "one open
leg per patient and specialty" holds, and parents are copied with their children.
"""

from typing import Any

from django.db import connection, transaction

from ..models import Referral, ReferralDiagnosis, ReferralEvent
from .stripped import stripped

# Copies go back this many weeks at most: ten years.
_WEEKS = 520
_TIMES = {
    Referral: (
        "created_at", "updated_at", "state_since", "due_at", "reserved_at", "expected_at",
        "submitted_at", "sent_at", "closed_at", "followed_up_at",
    ),
    ReferralEvent: ("at", "due_at"),
    ReferralDiagnosis: (),
}  # fmt: skip


@transaction.atomic
def scale(total: int) -> int:
    """Copy ended trees until there are `total` referrals; return how many there are then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referrals_referral")
        present = cursor.fetchone()[0]
        if present >= total:
            return present
        trees = _choose_trees(cursor)
        rounds = -(-(total - present) // trees)
        _copy(cursor, rounds, limit=total - present)
        cursor.execute("SELECT count(*) FROM referrals_referral")
        count: int = cursor.fetchone()[0]
    return count


def _choose_trees(cursor: Any) -> int:
    """Put the legs whose whole tree has ended into a temporary table; return how many."""
    cursor.execute(
        """
        CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
        WITH RECURSIVE tree (root, id) AS (
            SELECT id, id FROM referrals_referral WHERE parent_id IS NULL
            UNION ALL
            SELECT tree.root, leg.id FROM referrals_referral leg JOIN tree ON leg.parent_id = tree.id
        )
        SELECT tree.root, tree.id, row_number() OVER (ORDER BY tree.root, tree.id) AS place
        FROM tree
        WHERE NOT EXISTS (
            SELECT 1 FROM tree other JOIN referrals_referral leg ON leg.id = other.id
            WHERE other.root = tree.root AND (leg.closed_at IS NULL OR leg.sent_at IS NULL)
        )
        """
    )
    cursor.execute("SELECT count(*) FROM chosen")
    count: int = cursor.fetchone()[0]
    return count


def _copy(cursor: Any, rounds: int, *, limit: int) -> None:
    """Reserve ids, then insert legs, events and diagnoses with shifted times."""
    cursor.execute(
        """
        CREATE TEMPORARY TABLE copy ON COMMIT DROP AS
        SELECT chosen.root, chosen.id AS old, round,
               nextval(pg_get_serial_sequence('referrals_referral', 'id')) AS new,
               make_interval(weeks => 1 + ((round * 7 + chosen.root) %% %s)::int) AS back
        FROM generate_series(1, %s) AS round
        JOIN (SELECT root FROM chosen GROUP BY root) roots ON true
        JOIN chosen USING (root)
        ORDER BY round, chosen.root, chosen.id
        """,
        [_WEEKS, rounds],
    )
    _trim(cursor, limit)
    cursor.execute("CREATE INDEX ON copy (old)")
    cursor.execute("CREATE INDEX ON copy (old, round)")
    cursor.execute("ANALYZE copy")
    with stripped(cursor, [model._meta.db_table for model in _TIMES]):
        _insert(cursor, Referral, special=_LEG)
        for model in (ReferralEvent, ReferralDiagnosis):
            _insert(cursor, model, special={"referral_id": "copy.new"})


def _trim(cursor: Any, limit: int) -> None:
    """Drop whole trees beyond the number asked for."""
    cursor.execute(
        """
        DELETE FROM copy USING (
            SELECT round, root, sum(count(*)) OVER (ORDER BY round, root) AS running
            FROM copy GROUP BY round, root
        ) tree
        WHERE copy.round = tree.round AND copy.root = tree.root AND tree.running > %s
        """,
        [limit],
    )


_LEG = {
    "id": "copy.new",
    "public_id": "gen_random_uuid()",
    "number": "left(original.number, 3) || to_char(original.created_at - copy.back, 'YYYYMMDD')"
    " || '-' || to_char(nextval('referrals_number'), 'FM999999999900000')",
    "parent_id": "(SELECT up.new FROM copy up WHERE up.old = original.parent_id"
    " AND up.round = copy.round)",
}


def _insert(cursor: Any, model: Any, *, special: dict[str, str]) -> None:
    """`INSERT … SELECT` of every column: special ones as given, times shifted, the rest as is."""
    columns, values = [], []
    for column in (field.column for field in model._meta.concrete_fields):
        if column == "id" and "id" not in special:
            continue
        columns.append(column)
        if column in special:
            values.append(special[column])
        elif column in _TIMES[model]:
            values.append(f"original.{column} - copy.back")
        else:
            values.append(f"original.{column}")
    own = "id" if model is Referral else "referral_id"
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"  # noqa: S608 - our own names
        f" SELECT {', '.join(values)} FROM copy"
        f" JOIN {model._meta.db_table} original ON original.{own} = copy.old"
    )
