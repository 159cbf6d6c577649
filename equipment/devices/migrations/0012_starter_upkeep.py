"""Say of the starter types how often they are usually calibrated and maintained; not verified."""

from django.db import migrations

_STATUTORY = (
    "C-ARM",
    "CT",
    "DR",
    "DSA",
    "ECG",
    "MONITOR",
    "US",
    "US-P",
)
_HALF_YEARLY = (
    "ANAES",
    "BALLISTIC",
    "C-ARM",
    "CT",
    "DR",
    "DSA",
    "ENERGY",
    "ESWL",
    "HO-LASER",
    "LAP-3D",
    "LAP-HD",
    "LAP-P",
    "MONITOR",
    "MRI",
    "PHACO",
    "ROBOT",
    "US",
    "US-P",
)
_YEARLY = (
    "ARTH",
    "BRONCH",
    "COLON",
    "CYST",
    "DUODENO",
    "ECG",
    "GASTRO",
    "HYST",
    "IRRIG",
    "NASAL",
    "NEPH",
    "THOR",
    "URET",
    "US-SCALPEL",
)
_SOURCE = "平台起始值，强制检定与保养周期未核实"


def fill(apps, schema_editor):
    """Only where nobody has said anything yet, and only types that still are starter values."""
    types = apps.get_model("devices", "DeviceType").objects.filter(
        upkeep_source="",
        statutory_months=None,
        preventive_months=None,
        source__contains="未核实",
    )
    mine = types.filter(code__in=(*_HALF_YEARLY, *_YEARLY))
    ids = list(mine.values_list("pk", flat=True))
    rows = apps.get_model("devices", "DeviceType").objects.filter(pk__in=ids)
    rows.filter(code__in=_STATUTORY).update(statutory_months=12)
    rows.filter(code__in=_HALF_YEARLY).update(preventive_months=6)
    rows.filter(code__in=_YEARLY).update(preventive_months=12)
    rows.update(upkeep_source=_SOURCE)


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0011_type_upkeep"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
