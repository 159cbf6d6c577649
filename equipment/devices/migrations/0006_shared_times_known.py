"""What is shared today was so from its first day: nothing else is known of the time before."""

from django.db import migrations

FORWARD = """
INSERT INTO devices_sharedtime (device_id, since, until)
SELECT id, NULL, NULL FROM devices_device AS device
WHERE is_shared AND NOT EXISTS (SELECT FROM devices_sharedtime WHERE device_id = device.id)
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0005_shared_times_kept")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
