"""What happened to enrolments is immutable."""

from django.db import migrations

_TABLES = ("programmes_enrolmentevent",)
FORWARD = "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in _TABLES
)
BACKWARD = "".join(
    f"DROP TRIGGER append_only ON {table}; DROP TRIGGER append_only_all ON {table};"
    for table in _TABLES
)


class Migration(migrations.Migration):
    """The triggers."""

    dependencies = [("programmes", "0001_initial"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
