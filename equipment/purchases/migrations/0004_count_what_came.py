"""Purchases that ended before deliveries were counted: all their devices came."""

from django.db import migrations

COUNT = """
ALTER TABLE purchases_purchase DISABLE TRIGGER frozen;
UPDATE purchases_purchase SET delivered_quantity = approved_quantity WHERE status = 'delivered';
ALTER TABLE purchases_purchase ENABLE TRIGGER frozen;
"""


class Migration(migrations.Migration):
    """Count what came."""

    dependencies = [("purchases", "0003_deliveries_in_parts")]
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
