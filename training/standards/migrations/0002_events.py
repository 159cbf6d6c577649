"""Events of admissions are history: the table refuses to change them."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON standards_admissionevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER append_only ON standards_admissionevent;"


class Migration(migrations.Migration):
    """The trigger that keeps history as it was."""

    dependencies = [("standards", "0001_initial"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
