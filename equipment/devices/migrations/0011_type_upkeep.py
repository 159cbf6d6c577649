"""Let a type of device say how often it is calibrated and maintained."""

import django.core.validators
from django.db import migrations, models
from django.db.models import Q

_RANGE = [
    django.core.validators.MinValueValidator(1),
    django.core.validators.MaxValueValidator(120),
]


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0010_sharing_noted"),
    ]

    operations = [
        migrations.AddField(
            model_name="devicetype",
            name="statutory_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=_RANGE,
                verbose_name="months between statutory calibrations",
            ),
        ),
        migrations.AddField(
            model_name="devicetype",
            name="preventive_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=_RANGE,
                verbose_name="months between preventive maintenance",
            ),
        ),
        migrations.AddField(
            model_name="devicetype",
            name="upkeep_source",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=200,
                verbose_name="source of these months",
            ),
        ),
        migrations.AddConstraint(
            model_name="devicetype",
            constraint=models.CheckConstraint(
                condition=(Q(statutory_months=None) | Q(statutory_months__range=(1, 120)))
                & (Q(preventive_months=None) | Q(preventive_months__range=(1, 120))),
                name="devices_type_upkeep",
            ),
        ),
    ]
