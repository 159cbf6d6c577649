"""What others may ask: is a device in service, and if not, why and since when."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.choices import Role
from alliance.core.policy import Cited, cited
from alliance.core.templatetags.times import day
from alliance.institutions.models import Membership
from alliance.people.models import User
from alliance.people.selectors import staff_with_roles
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of

from . import rules
from .choices import Harm, PlanKind
from .models import AdverseEvent, MaintenancePlan, Outage, Recall, ServiceRecord

_MOMENT = timedelta(microseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Out:
    """A time in which a device cannot be used, why, and the same as a sentence."""

    since: datetime
    until: datetime | None
    code: str
    sentence: str


def in_service(devices: QuerySet[Device], *, since: datetime, until: datetime) -> QuerySet[Device]:
    """Those of the devices that can be used for the whole time from `since` to `until`.

    They stand on the register all the while, no outage touches the time, and no check that stops
    them is overdue within it. A period of no length asks about that moment.
    """
    first, last, until = _days(since, until)
    own = {"device": OuterRef("pk")}
    outages = Outage.objects.touching(since, until).filter(**own)
    overdue = MaintenancePlan.objects.stopping(last).filter(**own)
    late = ServiceRecord.objects.late(first, last).filter(**own)
    standing: Any = devices
    found: QuerySet[Device] = (
        standing.standing_on(first)
        .standing_on(last)
        .filter(~Exists(outages), ~Exists(overdue), ~Exists(late))
    )
    return found


def device_in_service(*, type_id: int, institution_id: int, at: datetime) -> bool:
    """Whether an institution has a device of a type that can be used at a moment."""
    own = Device.objects.filter(type=type_id, owner=institution_id)
    return in_service(own, since=at, until=at).exists()


def pairs_in_service(
    *, type_ids: Collection[int], institution_ids: Collection[int], at: datetime
) -> set[tuple[int, int]]:
    """(institution, type) of all of whose devices one can be used at a moment; one query."""
    asked = Device.objects.filter(type__in=type_ids, owner__in=institution_ids)
    found = in_service(asked, since=at, until=at).values_list("owner", "type")
    return set(found.distinct())


def why_out(
    device_ids: Collection[int], *, since: datetime, until: datetime, standing: bool = False
) -> dict[int, list[Out]]:
    """For each of the devices that cannot be used all the time: when not, and why, in order.

    Devices that can be used are left out; `in_service` says the same about sets. Who knows from
    the register itself how long they stand says `standing`; that is not asked again then.
    """
    first, last, until = _days(since, until)
    found: dict[int, list[Out]] = {}
    reasons = (
        () if standing else _off_register(device_ids, first, last),
        _outages(device_ids, since, until),
        _overdue(device_ids, last),
        _late(device_ids, first, last),
    )
    for rows in reasons:
        for device_id, out in rows:
            found.setdefault(device_id, []).append(out)
    return {pk: sorted(outs, key=lambda out: out.since) for pk, outs in found.items()}


# The same rows as `_outages`, `_overdue` and `_late` read, by their times only.
_TIMES_OUT = """
SELECT device_id, starts_at, ends_at, NULL::date, NULL::date FROM service_outage
WHERE device_id = ANY(%(devices)s::bigint[]) AND starts_at < %(until)s
    AND (ends_at IS NULL OR ends_at > %(since)s AND ends_at > starts_at)
UNION ALL
SELECT device_id, NULL, NULL, due_on, NULL FROM service_maintenanceplan
WHERE device_id = ANY(%(devices)s::bigint[]) AND stops_use AND ended_at IS NULL
    AND due_on < %(last)s
UNION ALL
SELECT r.device_id, NULL, NULL, r.due_on, r.done_on
FROM service_servicerecord r JOIN service_maintenanceplan p ON p.id = r.plan_id
WHERE r.device_id = ANY(%(devices)s::bigint[]) AND p.stops_use AND r.voided_at IS NULL
    AND r.done_on > r.due_on + 1 AND r.due_on < %(last)s AND r.done_on > %(first)s
"""


def times_out(
    device_ids: Collection[int], *, since: datetime, until: datetime
) -> list[tuple[int, datetime, datetime | None]]:
    """When devices that stand on the register cannot be used in a time, without the reasons.

    `why_out` tells them; this is one statement, for whoever only asks when thousands are free.
    """
    first, last, until = _days(since, until)
    values: dict[str, Any] = {
        "devices": list(device_ids), "since": since, "until": until, "first": first, "last": last,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TIMES_OUT, values)
        rows = cursor.fetchall()
    return [
        (pk, starts_at, ends_at)
        if due_on is None
        else (pk, _midnight(due_on + _DAY), _midnight(done_on) if done_on else None)
        for pk, starts_at, ends_at, due_on, done_on in rows
    ]


def downtime(
    device_ids: Collection[int], *, since: datetime, until: datetime
) -> dict[int, timedelta]:
    """For how long of a past period each of the devices was down; overlapping times count once.

    Three queries for any number of devices. Time before a device came onto the register or after
    it left does not count as down: ask `why_out` for that.
    """
    first, last, until = _days(since, until)
    periods: dict[int, list[rules.Period]] = {pk: [] for pk in device_ids}
    for rows in (
        _outages(device_ids, since, until),
        _overdue(device_ids, last),
        _late(device_ids, first, last),
    ):
        for device_id, out in rows:
            periods[device_id].append((out.since, out.until))
    return {pk: rules.down_within(found, since, until) for pk, found in periods.items()}


def technicians(institution_id: int, *, on: date) -> list[int]:
    """Ids of those at an institution to whom a work order may be given."""
    roles = [Role.EQUIPMENT_KEEPER, Role.MANAGER]
    return staff_with_roles(institution_ids=[institution_id], roles=roles, on=on)


def technicians_of(institution_id: int, *, on: date) -> QuerySet[User]:
    """The same people, by name."""
    return User.objects.filter(pk__in=technicians(institution_id, on=on)).order_by("name", "pk")


def devices_meant(recall: Recall, *, on: date) -> QuerySet[Device]:
    """The devices on the register that a recall concerns: all that it says must fit."""
    asked = {
        "type": recall.type_id,
        "maker__iexact": recall.maker,
        "name__icontains": recall.model,
        "udi__startswith": recall.udi,
        "serial_number__in": recall.serial_numbers,
    }
    houses = Membership.objects.in_force(on).filter(alliance=recall.alliance_id)
    devices = Device.objects.filter(retired_on=None, owner__in=houses.values("institution"))
    if recall.institution_id is not None:
        devices = devices.filter(owner=recall.institution_id)
    return devices.filter(**{lookup: value for lookup, value in asked.items() if value})


def _days(since: datetime, until: datetime) -> tuple[date, date, datetime]:
    """The first and the last day of a period, and its end; a moment becomes the shortest period."""
    until = max(until, since + _MOMENT)
    return timezone.localdate(since), timezone.localdate(until - _MOMENT), until


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


_Found = Iterator[tuple[int, Out]]


def _off_register(device_ids: Collection[int], first: date, last: date) -> _Found:
    rows = Device.objects.filter(pk__in=device_ids)
    standing = rows.standing_on(first).standing_on(last).values("pk")
    for device in rows.exclude(pk__in=standing).only("in_use_from", "retired_on"):
        if device.in_use_from > first:
            words = _("In use from %(day)s only.") % {"day": day(device.in_use_from)}
            yield device.pk, Out(_midnight(first), _midnight(device.in_use_from), "not_yet", words)
        if device.retired_on is not None and device.retired_on <= last:
            words = _("Retired on %(day)s.") % {"day": day(device.retired_on)}
            yield device.pk, Out(_midnight(device.retired_on), None, "retired", words)


def _outages(device_ids: Collection[int], since: datetime, until: datetime) -> _Found:
    for row in Outage.objects.touching(since, until).filter(device__in=device_ids):
        words = str(row.get_reason_display())
        if row.note:
            words = _("%(reason)s: %(note)s") % {"reason": words, "note": row.note}
        yield row.device_id, Out(row.starts_at, row.ends_at, row.reason, words)


def _overdue(device_ids: Collection[int], last: date) -> _Found:
    for plan in MaintenancePlan.objects.stopping(last).filter(device__in=device_ids):
        values = {"name": plan.title, "day": day(plan.due_on)}
        words = _("%(name)s is due by %(day)s.") % values
        since = _midnight(plan.due_on + timedelta(days=1))
        yield plan.device_id, Out(since, None, _code(plan.kind), words)


def _late(device_ids: Collection[int], first: date, last: date) -> _Found:
    rows = ServiceRecord.objects.late(first, last).filter(device__in=device_ids)
    for row in rows.select_related("plan"):
        values = {"name": row.plan.title, "day": day(row.due_on), "done": day(row.done_on)}
        words = _("%(name)s was due by %(day)s and done on %(done)s.") % values
        since = _midnight(row.due_on + timedelta(days=1))
        yield row.device_id, Out(since, _midnight(row.done_on), _code(row.kind), words)


def _code(kind: str) -> str:
    return "maintenance_overdue" if kind == PlanKind.PREVENTIVE else "calibration_overdue"


def clock_of(event: AdverseEvent) -> Cited:
    """In how many hours an event has to be reported, and who says so."""
    on = timezone.localdate(event.known_at)
    return cited(rules.clock_of(event.harm), on=on, alliance_id=event.alliance_id)


def last_passed(plan: MaintenancePlan) -> ServiceRecord | None:
    """The check from which the next one of a plan is counted; none was on record so far."""
    found: ServiceRecord | None = plan.records.passed().order_by("-done_on", "-pk").first()
    return found


def unknown_days(owner_id: int, *, on: date) -> Cited:
    """In how many days a device is checked whose last check nobody knows, and who says so."""
    alliance = alliance_of(owner_id, on)
    return cited("service.unknown_days", on=on, alliance_id=alliance.pk if alliance else None)


def clocks(institution_id: int, *, on: date) -> dict[str, Cited]:
    """The same for each harm that may be entered at an institution today."""
    alliance = alliance_of(institution_id, on)
    pk = alliance.pk if alliance else None
    return {harm: cited(rules.clock_of(harm), on=on, alliance_id=pk) for harm in Harm.values}
