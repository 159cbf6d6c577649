"""A province in one database, made by SQL alone: alliances, houses, catalogues and staff.

Numbers decide everything, so that two runs of the same size hold the same rows. A few in a hundred
of each kind are wrong in each of the ways that the scheduled checks look for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, transaction

from alliance.catalogue.models import CatalogueEdition, CatalogueEntry, Requirement
from alliance.institutions.models import Alliance, Institution, Membership
from alliance.people.models import Practitioner
from referrals.demo.stripped import stripped
from training.courses.models import Contest, KeyDoctor, SimulationCentre

from . import province_devices, province_legs, province_rows
from .province_rows import insert, run

_LARGE = (*province_rows.LARGE, *province_legs.LARGE, *province_devices.LARGE)


@dataclass(frozen=True, slots=True)
class Size:
    """How large the province is; one alliance for every 3,000 people."""

    people: int
    cases: int
    referrals: int


def grow(size: Size, *, today: date) -> bool:
    """Make the province; a database that holds one is left alone."""
    if Alliance.objects.filter(name__startswith="省域").exists():
        return False
    run(
        f"CREATE TEMPORARY TABLE b AS SELECT date '{today}' today, {size.people} people,"
        f" {max(1, size.people // 10)} surgeons, {size.cases} cases, {size.referrals} referrals,"
        f" {max(2, size.people // 3000)} alliances"
    )
    _places()
    _catalogue()
    _people()
    tables = [model._meta.db_table for model in _LARGE]
    with (
        _unguarded(),
        transaction.atomic(),
        connection.cursor() as cursor,
        stripped(cursor, tables),
    ):
        province_rows.fill()
        province_legs.fill()
        province_devices.fill()
    run("VACUUM ANALYZE")
    return True


@contextmanager
def _unguarded() -> Iterator[None]:
    """Exclusion constraints away for the moment, built over all rows at once afterwards."""
    rules = [
        (model, rule)
        for model in _LARGE
        for rule in model._meta.constraints
        if isinstance(rule, ExclusionConstraint)
    ]
    with connection.schema_editor() as editor:
        for model, rule in rules:
            editor.remove_constraint(model, rule)
    yield
    with connection.schema_editor() as editor:
        for model, rule in rules:
            editor.add_constraint(model, rule)


def _places() -> None:
    insert(
        Alliance,
        "FROM b, generate_series(1, b.alliances) n",
        name="'省域医联体' || n",
        short_name="'省域' || n",
        kind="(SELECT min(kind) FROM institutions_alliance)",
    )
    run(
        "CREATE TEMPORARY TABLE b_group AS SELECT id, substr(name, 6)::int n"
        " FROM institutions_alliance WHERE name LIKE '省域%'"
    )
    named = {
        "name": "'量测医院' || n || '-' || k",
        "short_name": "'量测' || n || '-' || k",
        "type_code": "'A100'",
        "uscc": "'B' || lpad((n * 100 + k)::text, 17, '0')",
        "beds": "CASE WHEN k = 1 THEN 1500 WHEN k <= 4 THEN 500 ELSE 60 END",
    }
    insert(
        Institution,
        "FROM b_group, generate_series(1, 12) k",
        tier="CASE WHEN k = 1 THEN 'tertiary' WHEN k <= 4 THEN 'county' ELSE 'township' END",
        **named,
    )
    insert(
        Institution,
        "FROM b_group CROSS JOIN generate_series(13, 16) k",
        tier="'village'",
        parent_id="(SELECT up.id FROM institutions_institution up"
        " WHERE up.uscc = 'B' || lpad((b_group.n * 100 + k - 8)::text, 17, '0'))",
        **named,
    )
    _members()


def _members() -> None:
    run("""
        CREATE TEMPORARY TABLE b_house AS
        SELECT h.id, g.id alliance_id, h.tier, substr(h.uscc, 2)::int % 100 k,
            ((g.n - 1) * 16 + substr(h.uscc, 2)::int % 100) n
        FROM institutions_institution h JOIN b_group g ON g.n = substr(h.uscc, 2)::int / 100
        WHERE h.uscc LIKE 'B0%'""")
    insert(
        Membership,
        "FROM b_house",
        alliance_id="alliance_id",
        institution_id="id",
        role="CASE WHEN k = 1 THEN 'lead' ELSE 'member' END",
        valid_from="'2020-01-01'",
    )


def _catalogue() -> None:
    """The demo's edition for every alliance; techniques by tier as the edition allows them."""
    insert(
        CatalogueEdition,
        "FROM b_group",
        alliance_id="id",
        name="'量测版'",
        effective_from="'2015-01-01'",
    )
    run("""
        CREATE TEMPORARY TABLE b_first AS SELECT id FROM catalogue_catalogueedition
        WHERE status = 'published' ORDER BY effective_from DESC LIMIT 1""")
    for model in (CatalogueEntry, Requirement):
        kept = {
            str(one.column): f'o."{one.column}"'
            for one in model._meta.concrete_fields
            if one.column not in ("id", "edition_id") and not one.generated
        }
        table = model._meta.db_table
        source = f"FROM {table} o JOIN b_first ON b_first.id = o.edition_id, catalogue_catalogueedition e"
        insert(model, f"{source} WHERE e.name = '量测版'", edition_id="e.id", **kept)
    run(
        "UPDATE catalogue_catalogueedition SET status = 'published', published_at = now()"
        " WHERE name = '量测版'"
    )
    run("""
        CREATE TEMPORARY TABLE b_tech AS
        SELECT tier, array_agg(technique_id ORDER BY technique_id) ids, count(*)::int many
        FROM catalogue_catalogueentry e JOIN b_first ON b_first.id = e.edition_id,
            (VALUES ('tertiary'), ('county'), ('township'), ('village')) t (tier)
        WHERE CASE WHEN tier = 'village' THEN 'township' ELSE tier END = ANY (tiers)
        GROUP BY tier""")


def _people() -> None:
    insert(
        Practitioner,
        "FROM b, generate_series(1, b.people) n JOIN b_house h"
        " ON h.n = 1 + n.n % (SELECT count(*) FROM b_house)",
        name="'测试' || n.n",
        pinyin="'cs' || n.n",
        sex="'unknown'",
        licence_number="'B' || lpad(n.n::text, 14, '0')",
        licence_valid_until="b.today + 20 + n.n * 13 % 2000",
        title_code="(ARRAY['231','232','233','234','235','233','234','255','254','264'])[1 + n.n / 7 % 10]",
        practice_started_on="b.today - CASE WHEN n.n % 47 = 0 THEN 20 + n.n % 700"
        " ELSE 2500 + n.n * 7 % 9000 END",
        institution_id="h.id",
        is_active="n.n % 200 <> 0",
    )
    run("""
        CREATE TEMPORARY TABLE b_person AS
        SELECT p.id, substr(licence_number, 2)::int n, h.id house_id, h.alliance_id, h.tier, t.ids, t.many
        FROM people_practitioner p JOIN b_house h ON h.id = p.institution_id JOIN b_tech t USING (tier)
        WHERE licence_number LIKE 'B0%'""")
    run("CREATE UNIQUE INDEX ON b_person (n); CREATE INDEX ON b_person (house_id);"
        " ANALYZE b_person; ANALYZE b_house")  # fmt: skip
    run("""
        INSERT INTO people_practitioner_specialties (practitioner_id, specialty_id)
        SELECT id, (SELECT min(id) FROM institutions_specialty WHERE code LIKE '04%')
        FROM b_person WHERE n % 5 = 0""")
    _three_ones()


def _three_ones() -> None:
    """Nine houses in ten have what they should have; two alliances in three held a contest."""
    of_house: dict[str, Any] = {"institution_id": "h.id", "valid_from": "'2022-01-01'"}
    insert(
        KeyDoctor,
        "FROM b_house h WHERE tier = 'township' AND n % 10 <> 3",
        practitioner_id="(SELECT min(p.id) FROM b_person p WHERE p.house_id = h.id)",
        **of_house,
    )
    insert(
        SimulationCentre,
        "FROM b_house h WHERE tier = 'county' AND n % 10 <> 3",
        name="'模拟中心'",
        **of_house,
    )
    insert(
        Contest,
        "FROM b_house h, b WHERE k = 1 AND n % 3 <> 2",
        alliance_id="alliance_id",
        held_on="b.today - (n * 7 % 500)::int",
        institution_id="h.id",
        name="'技能竞赛'",
    )
