"""The rating scales the platform starts with."""

from django.db import migrations

from training.logbook.scales import SCALES


def fill(apps, schema_editor):
    """Add the scales that are not there yet."""
    scale = apps.get_model("logbook", "RatingScale")
    for one in SCALES:
        keys = {"alliance": None, "code": one["code"], "edition": one["edition"]}
        scale.objects.get_or_create(**keys, defaults=one)


class Migration(migrations.Migration):
    """Starter scales."""

    dependencies = [("logbook", "0002_immutable_versions")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
