"""Fill the types of device with the starter data; what is there already is left as it is."""

from typing import Any

from alliance.catalogue.models import Technique
from alliance.core import ledger
from alliance.core.pinyin import initials
from alliance.core.transactions import one_transaction

from .. import starter
from ..models import DeviceType, TypeTechnique


@one_transaction
def load_starter_types(*, by: Any = None) -> int:
    """Add missing types with their techniques; how many were added.

    A door of the operator (management command, demo data), not of a page; running it again adds
    nothing. Techniques that the platform does not know are left out.
    """
    known = set(DeviceType.objects.values_list("code", flat=True))
    rows = [row for row in starter.types() if row.code not in known]
    made = DeviceType.objects.bulk_create([_type(row) for row in rows])
    ids = dict(Technique.objects.values_list("code", "pk"))
    TypeTechnique.objects.bulk_create(
        [
            TypeTechnique(type=type_, technique_id=ids[code], need=need)
            for type_, row in zip(made, rows, strict=True)
            for code, need in row.needs.items()
            if code in ids
        ]
    )
    for type_ in made[:1]:
        ledger.record("device_types.loaded", by=by, subject=type_, rows=len(made))
    return len(made)


def _type(row: starter.TypeRow) -> DeviceType:
    return DeviceType(
        code=row.code,
        name=row.name,
        pinyin=initials(row.name)[:100],
        family=row.family,
        kind=row.kind,
        category_code=row.category_code,
        is_high_end=row.is_high_end,
        is_fixed=row.is_fixed,
        life_years=row.life_years,
        setup_minutes=row.setup_minutes,
        cleaning_minutes=row.cleaning_minutes,
        statutory_months=row.statutory_months,
        preventive_months=row.preventive_months,
        upkeep_source=row.upkeep_source,
        source=row.source,
    )
