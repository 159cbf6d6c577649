"""Say of rooms and large devices that they are used where they stand."""

from django.db import migrations, models
from django.db.models import Q

_STARTER = ("CT", "MRI", "DSA", "DR", "ESWL", "ROBOT")


def mark(apps, schema_editor):
    """Rooms, and the large devices of the starter types."""
    types = apps.get_model("devices", "DeviceType").objects
    types.filter(Q(kind="room") | Q(code__in=_STARTER)).update(is_fixed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0007_undone_retirements"),
    ]

    operations = [
        migrations.AddField(
            model_name="devicetype",
            name="is_fixed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="stays where it stands",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
