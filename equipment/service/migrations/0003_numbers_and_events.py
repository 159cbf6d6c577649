"""Work orders are numbered by a sequence; what happened to them is immutable."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE service_order_number AS bigint;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON service_workorderevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON service_workorderevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only ON service_workorderevent;
DROP TRIGGER append_only_all ON service_workorderevent;
DROP SEQUENCE service_order_number;
"""


class Migration(migrations.Migration):
    """The number sequence and the triggers."""

    dependencies = [("service", "0002_orders_recalls_events"), ("core", "0004_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
