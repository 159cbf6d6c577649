"""How tables are emptied after a test that really commits.

Django truncates every table, which makes PostgreSQL create hundreds of files anew, and then makes
content types and permissions again: seconds a test. Deleting the few hundred rows a test left, only
where there are any, takes a tenth. History refuses to be deleted, so its triggers rest meanwhile.
"""

from django.db import connection, transaction

# What migrating makes; the same for every test.
_KEPT = ("django_migrations", "django_content_type", "auth_permission", "logbook_ratingscale")
_TABLES = """
SELECT quote_ident(tablename) FROM pg_tables
WHERE schemaname = current_schema() AND tablename <> ALL(%s) ORDER BY tablename
"""


def empty_tables() -> None:
    """Delete every row a test stored, in one transaction; foreign keys are checked at its end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TABLES, [list(_KEPT)])
        tables = [name for (name,) in cursor.fetchall()]
        asked = ", ".join(f"EXISTS (TABLE {name})" for name in tables)
        cursor.execute(f"SELECT {asked}")
        filled = [name for name, any_ in zip(tables, cursor.fetchone(), strict=True) if any_]
        for name in filled:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - names come from the catalogue
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in filled:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
