"""Whoever chose for or against letters about equipment has chosen for what cannot wait as well."""

from django.db import migrations


def keep(apps, schema_editor):
    """The same choice for the new kind; nothing where it has been chosen already."""
    rows = apps.get_model("notices", "Preference").objects
    chosen = rows.filter(kind="equipment").values_list("user_id", "by_email")
    rows.bulk_create(
        [
            rows.model(user_id=user, kind="equipment_todo", by_email=by_email)
            for user, by_email in chosen.iterator()
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("notices", "0006_equipment_todo")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
