"""Records of the past from Excel, all or nothing; each waits for its paper and its confirmation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core import ledger
from alliance.core.exchange.plan import Plan, Row, RowError, chunks, compare, resolve
from alliance.core.exchange.spec import Place
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Membership
from alliance.people.models import Practitioner

from .. import policies, rules
from ..models import PriorRecord

KEY = ("practitioner_id", "kind", "on", "title")
FIELDS = ("technique_id", "variety", "station_code", "part", "amount")
_FILL = {"technique_id": None, "variety": "", "station_code": "", "part": "", "amount": 1}


def plan_prior(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What bringing these rows in would do; writes nothing."""
    errors = resolve(
        rows,
        "licence_number",
        Practitioner.objects.filter(is_active=True),
        by=("licence_number",),
        into="practitioner_id",
    )
    errors += resolve(rows, "technique", Technique.objects.filter(is_active=True))
    homes = _homes(rows)
    groups = _groups(set(homes.values()), place.on)
    for row in rows:
        errors += _row_errors(row, homes, groups, by=by, on=place.on)
    return compare(rows, PriorRecord.objects.all(), key=KEY, fields=FIELDS, errors=errors)


@one_transaction
def import_prior(
    *, rows: Sequence[Row], by: Any, place: Place, progress: Callable[[int], None]
) -> Plan:
    """Bring all rows in; those that are here already stay as they are."""
    plan = plan_prior(rows=rows, by=by, place=place)
    plan.errors += [RowError(one.row.number, "title", _known()) for one in plan.changed]
    plan.check()
    homes = _homes(rows)
    groups = _groups(set(homes.values()), place.on)
    done = 0
    for chunk in chunks(plan.new):
        made = [_record(row, homes, groups, by) for row in chunk]
        PriorRecord.objects.bulk_create(made)
        done += len(made)
        progress(done)
    ledger.record("prior.recorded", by=by, subject=by, rows=done)
    return plan


def _row_errors(
    row: Row, homes: dict[int, int], groups: dict[int, int], *, by: Any, on: date
) -> list[RowError]:
    errors = [
        RowError(row.number, name, message)
        for name, message in rules.prior_errors(row.values, on=on).items()
        if name != "technique" or "technique_id" in row.values
    ]
    person = row.values.get("practitioner_id")
    if person is None:
        return errors
    house = homes[person]
    if not policies.may_arrange(by, institution_id=house, alliance_id=groups.get(house)):
        errors.append(RowError(row.number, "licence_number", _("This doctor works elsewhere.")))
    elif house not in groups:
        message = _("This institution belongs to no alliance then.")
        errors.append(RowError(row.number, "licence_number", message))
    return errors


def _record(row: Row, homes: dict[int, int], groups: dict[int, int], by: Any) -> PriorRecord:
    values = row.values
    house = homes[values["practitioner_id"]]
    given = {name: values.get(name) or default for name, default in _FILL.items()}
    named = {name: values[name] for name in KEY}
    return PriorRecord(
        alliance_id=groups[house], institution_id=house, recorded_by=by, **named, **given
    )


def _homes(rows: Sequence[Row]) -> dict[int, int]:
    people = {row.values["practitioner_id"] for row in rows if row.values.get("practitioner_id")}
    found = Practitioner.objects.filter(pk__in=people)
    return dict(found.values_list("pk", "institution_id"))


def _groups(houses: set[int], on: date) -> dict[int, int]:
    members = Membership.objects.in_force(on).filter(institution__in=houses)
    return dict(members.order_by("-valid_from", "-pk").values_list("institution_id", "alliance_id"))


def _known() -> str:
    return _("A record of this title is here with other values. Change it on its page.")
