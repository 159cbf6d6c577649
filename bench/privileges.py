"""May this person do this here: how long the answer takes at 300,000 practitioners.

    ./dev bench --only privileges [-- --practitioners 300000 --each 10 --rounds 300]

Grows practitioners and privileges by SQL, then asks `may_perform`, `who_may` and the endpoint, as a
view and over a socket of gunicorn, in turns with their own statements sent bare, so that the ratio
travels between machines. Every call brings a token and is counted by the rate limit.
"""

import argparse
import logging
import os
import random
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from itertools import cycle
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.config.settings.demo")

import django

django.setup()

from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from oauth2_provider.models import (  # noqa: E402
    get_access_token_model,
    get_application_model,
)

from alliance.core.choices import Role  # noqa: E402
from alliance.core.models import PolicySetting  # noqa: E402
from alliance.institutions.models import Alliance  # noqa: E402
from alliance.people.models import User  # noqa: E402
from bench import statements, wire  # noqa: E402
from bench.measure import Measure, size_table  # noqa: E402
from referrals.demo.stripped import stripped  # noqa: E402
from training.privileges import selectors  # noqa: E402
from training.privileges.models import Privilege  # noqa: E402

# So many privileges are asked about, in turns; each once before anything is measured, since a
# process remembers what editions ask of a technique.
PICKED = 400
URL = "/api/v1/privileges/may-perform/"
# As many calls a minute as the policy can be set to.
RATE = 100_000
LARGE = ("privileges_privilege", "people_practitioner", "standards_admission")
_OVERLAP = "privileges_privilege_no_overlap"

_PEOPLE = """
INSERT INTO people_practitioner (public_id, updated_at, name, pinyin, sex, licence_number, title_code,
    practice_started_on, institution_id, phone, is_active, version)
SELECT gen_random_uuid(), now(), '测试' || n, 'cs' || n, 'unknown', 'B' || lpad(n::text, 14, '0'), '233',
    current_date - 3000 - n %% 3000, h.ids[1 + n %% array_length(h.ids, 1)], '', true, 1
FROM generate_series(1, %(people)s) n,
    (SELECT array_agg(institution_id ORDER BY institution_id) ids FROM institutions_membership) h
"""
_HELD = """
INSERT INTO privileges_privilege (public_id, updated_at, alliance_id, practitioner_id, technique_id,
    institution_id, level, valid_from, valid_until, conditions, evidence, ground, withdrawal_reason,
    version)
SELECT gen_random_uuid(), now(), %(alliance)s, p.id, t.ids[1 + (p.id + k * 3) %% array_length(t.ids, 1)],
    p.institution_id, CASE WHEN (p.id + k) %% 4 = 0 THEN 'supervised' ELSE 'independent' END,
    current_date - 30 - ((p.id * 7 + k * 97) %% 1000)::int,
    current_date + 700 - ((p.id * 7 + k * 97) %% 1000)::int, '', '{}', 'import', '', 1
FROM people_practitioner p, generate_series(1, %(each)s) k,
    (SELECT array_agg(DISTINCT technique_id) ids FROM catalogue_catalogueentry) t
WHERE p.licence_number LIKE 'B%%'
ON CONFLICT DO NOTHING
"""
_ADMITTED = """
INSERT INTO standards_admission (public_id, updated_at, alliance_id, institution_id, technique_id, status,
    statement, conditions, valid_from, filing_number, created_by_id, submitted_at, decided_at,
    decided_by_id, version)
SELECT gen_random_uuid(), now(), %(alliance)s, m.institution_id, e.technique_id, 'admitted', '', '',
    '2020-01-01', '', %(office)s, now(), now(), %(office)s, 1
FROM institutions_membership m, (SELECT DISTINCT technique_id FROM catalogue_catalogueentry) e
ON CONFLICT DO NOTHING
"""


def main() -> None:
    """Grow, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--practitioners", type=int, default=300_000)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    if Privilege.objects.count() < options.practitioners:
        _grow(options.practitioners, options.each)
    _lift_the_limit()
    print(f"\n## {Privilege.objects.count():,} privileges\n", flush=True)
    print(size_table(list(_measures(options.rounds))), flush=True)


def _grow(people: int, each: int) -> None:
    """Rows by SQL; indexes and the constraint against overlaps are built once, at the end."""
    rule = next(one for one in Privilege._meta.constraints if one.name == _OVERLAP)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Privilege, rule)
    tables = [Privilege._meta.db_table]
    with transaction.atomic(), connection.cursor() as cursor, stripped(cursor, tables):
        fill(cursor, people, each)
    with connection.schema_editor() as editor:
        editor.add_constraint(Privilege, rule)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill(cursor: Any, people: int, each: int) -> None:
    """That many people, that many privileges of each, and every house admitted for everything."""
    alliance = Alliance.objects.order_by("pk")[0]
    office = User.objects.filter(grants__role=Role.ALLIANCE_OFFICE).order_by("pk")[0]
    values = {"people": people, "each": each, "alliance": alliance.pk, "office": office.pk}
    for statement in (_PEOPLE, _HELD, _ADMITTED):
        cursor.execute(statement, values)


def _measures(rounds: int) -> Iterator[Measure]:
    picked = random.sample(range(1, Privilege.objects.count()), PICKED)
    rows = Privilege.objects.filter(pk__in=picked)
    any_row = cycle(rows.select_related("practitioner", "technique", "institution"))
    alliance = Alliance.objects.order_by("pk")[0]
    headers = {"authorization": f"Bearer {_token()}"}
    caller = Client(headers=headers)
    yield _measure("may_perform", lambda: _ask(next(any_row)), rounds)
    yield _measure("who_may, a house, 50 rows", lambda: _who(next(any_row), alliance.pk), rounds)
    yield _measure("API may-perform", partial(_call, any_row, caller), rounds)
    with wire.served() as server:
        over = partial(_over_the_wire, server, headers, any_row)
        inside = partial(_call, any_row, caller)
        yield _measure("the same over a socket", over, rounds, like=inside)


def _ask(row: Privilege) -> Any:
    return selectors.may_perform(
        practitioner_id=row.practitioner_id,
        technique_id=row.technique_id,
        institution_id=row.institution_id,
        on=timezone.localdate(),
    )


def _who(row: Privilege, alliance_id: int) -> Any:
    found = selectors.who_may(
        technique_id=row.technique_id,
        institution_id=row.institution_id,
        alliance_id=alliance_id,
        on=timezone.localdate(),
    )
    return list(found.for_list()[:50])


def _token() -> str:
    """A token of a hospital's client, as other systems bring it."""
    application = get_application_model().objects.order_by("pk")[0]
    text = secrets.token_urlsafe(30)
    get_access_token_model().objects.create(
        application=application,
        token=text,
        scope="privileges",
        expires=timezone.now() + timedelta(hours=6),
    )
    return text


def _names(row: Privilege) -> dict[str, str]:
    return {
        "practitioner": row.practitioner.licence_number,
        "technique": row.technique.code,
        "institution": str(row.institution.public_id),
    }


def _call(any_row: Iterator[Privilege], caller: Client) -> None:
    answer = caller.get(URL, _names(next(any_row)))
    if answer.status_code != 200:
        raise SystemExit(answer.content)


def _over_the_wire(
    server: HTTPConnection, headers: dict[str, str], any_row: Iterator[Privilege]
) -> None:
    status, body = wire.get(server, URL, _names(next(any_row)), headers)
    if status != 200:
        raise SystemExit(body)


def _measure(
    name: str, act: Callable[[], Any], rounds: int, like: Callable[[], Any] | None = None
) -> Measure:
    """`like` is the same act in this process, where the act's own statements are not seen."""
    measure, seen = Measure(name), like or act
    for _warm in range(PICKED):
        act()
    with CaptureQueriesContext(connection) as captured:
        seen()
    selects = statements.reading(captured)
    measure.sql = len(captured)
    planned = statements.sequential_scans(selects, LARGE)
    measure.scans = sorted({*planned, *statements.scanned(seen, LARGE)})
    for _round in range(rounds):
        measure.time(act)
        measure.bare.append(statements.replayed(selects))
    return measure


def _lift_the_limit() -> None:
    """A bench asks more often than a client may; it is counted all the same."""
    asked = {"key": "api.requests_per_minute", "value": RATE, "source": "bench"}
    PolicySetting.objects.create(**asked, effective_from=timezone.localdate())
    cache.delete("api-rate")


if __name__ == "__main__":
    logging.disable(logging.INFO)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        main()
    cache.delete("api-rate")  # others may share the cache
