"""Education hours from elsewhere brought in as a whole file."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.exchange.plan import Plan, Row, RowError, chunks, compare, resolve
from alliance.core.policy import policy
from alliance.people.models import Practitioner

from .. import policies, rules
from ..choices import EntryStatus, HoursKind
from ..models import HoursEntry
from ..signals import hours_counted
from .keeping import home_alliance

KEY = ("practitioner_id", "on", "title")
FIELDS = ("hours", "ref", "is_thematic", "status")
_BATCH = 2000


def plan_hours(*, rows: Sequence[Row], by: Any, on: date) -> Plan:
    """What bringing these hours in would do: they count at once, since the house enters them."""
    people = Practitioner.objects.filter(is_active=True)
    errors = resolve(rows, "practitioner", people, by=("licence_number",))
    homes = dict(
        Practitioner.objects.filter(
            pk__in={row.values.get("practitioner_id") for row in rows}
        ).values_list("pk", "institution_id")
    )
    most = policy("hours.claim_most", on=on)
    for row in rows:
        row.values["status"] = EntryStatus.CONFIRMED.value
        errors += _faults(row, homes, by, on, most)
    return compare(rows, _stored(), key=KEY, fields=FIELDS, errors=errors)


@transaction.atomic
def import_hours(
    *, rows: Sequence[Row], by: Any, on: date, progress: Callable[[int], None]
) -> Plan:
    """Bring in hours by person, day and title, all or none."""
    plan = plan_hours(rows=rows, by=by, on=on)
    plan.check()
    done = 0
    for new in chunks(plan.new, _BATCH):
        _insert(new, by, on)
        done += len(new)
        progress(done)
    now = timezone.now()
    for change in plan.changed:
        values = {name: change.row.values[name] for name in change.fields}
        HoursEntry.objects.filter(pk=change.pk).update(
            decided_at=now, decided_by=by, updated_at=now, **values
        )
        done += 1
        progress(done)
    _record(plan, by)
    return plan


def _stored() -> QuerySet[HoursEntry]:
    found: QuerySet[HoursEntry] = HoursEntry.objects.filter(kind=HoursKind.EXTERNAL).exclude(
        status=EntryStatus.REFUSED
    )
    return found


def _faults(row: Row, homes: dict[int, int], by: Any, on: date, most: int) -> Iterator[RowError]:
    values = row.values
    found = rules.claim_errors(on=values["on"], hours=float(values["hours"]), today=on, most=most)
    for column, message in found.items():
        yield RowError(row.number, column, message)
    person = values.get("practitioner_id")
    if person is None:
        return
    if not policies.keeps_house(by, homes[person]):
        message = _("You do not look after the training of this person's institution.")
        yield RowError(row.number, "practitioner", message)
    elif person == getattr(by, "practitioner_id", None):
        message = _("Nobody confirms their own hours. Ask a colleague to enter these.")
        yield RowError(row.number, "practitioner", message)


def _insert(rows: Sequence[Row], by: Any, on: date) -> None:
    people = Practitioner.objects.in_bulk({row.values["practitioner_id"] for row in rows})
    houses = {person.institution_id for person in people.values()}
    alliances = {house: home_alliance(house, on=on) for house in houses}
    now = timezone.now()
    entries = []
    for row in rows:
        person = people[row.values["practitioner_id"]]
        given = {name: row.values[name] for name in (*KEY, *FIELDS) if name in row.values}
        entry = HoursEntry(
            institution_id=person.institution_id,
            alliance=alliances[person.institution_id],
            kind=HoursKind.EXTERNAL,
            decided_at=now,
            decided_by=by,
            **given,
        )
        entries.append(entry)
    HoursEntry.objects.bulk_create(entries, batch_size=_BATCH)


def _record(plan: Plan, by: Any) -> None:
    """One line for each house whose people got hours."""
    ids = {row.values["practitioner_id"] for row in plan.new}
    ids |= {change.row.values["practitioner_id"] for change in plan.changed}
    hours_counted.send(sender=HoursEntry, practitioner_ids=ids)
    homes = Practitioner.objects.filter(pk__in=ids).order_by("institution").distinct("institution")
    for person in homes.select_related("institution"):
        house = person.institution
        ledger.record(
            "hours.imported", by=by, subject=house, institution_id=house.pk, rows=len(ids)
        )
