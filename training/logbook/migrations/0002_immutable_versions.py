"""What was done with a case, and what it said before, is never changed."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON logbook_caseversion
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON logbook_caseversion
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only ON logbook_caseversion;
DROP TRIGGER append_only_all ON logbook_caseversion;
"""


class Migration(migrations.Migration):
    """Triggers on earlier versions."""

    dependencies = [("logbook", "0001_initial"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
