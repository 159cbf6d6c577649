"""Certificates are numbered by a sequence; events are immutable."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE privileges_certificate_number AS bigint;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON privileges_privilegeevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON privileges_privilegeevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only ON privileges_privilegeevent;
DROP TRIGGER append_only_all ON privileges_privilegeevent;
DROP SEQUENCE privileges_certificate_number;
"""


class Migration(migrations.Migration):
    """The number sequence and the triggers."""

    dependencies = [("privileges", "0001_initial"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
