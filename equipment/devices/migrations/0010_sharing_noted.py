"""From when on it is on record whether a device was shared; of those already known, from today."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0009_retired_before")]

    operations = [
        migrations.AddField(
            model_name="sharedtime",
            name="noted_at",
            field=models.DateTimeField(db_default=models.functions.Now(), editable=False),
        ),
    ]
