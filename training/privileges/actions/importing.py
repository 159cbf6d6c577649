"""Privileges granted before the platform, brought in as a whole file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.exchange.plan import Plan, Row, RowError, chunks, resolve
from alliance.core.policy import PolicySet, policies
from alliance.institutions.models import Institution
from alliance.institutions.selectors import members
from alliance.people.models import Practitioner

from .. import rules
from ..choices import EventKind, Ground
from ..models import Privilege, PrivilegeEvent
from ..signals import privilege_changed
from .granting import default_end

_KEY = ("practitioner_id", "technique_id", "institution_id")
_BATCH = 1000


def plan_privileges(*, rows: Sequence[Row], by: Any, alliance_id: int, on: date) -> Plan:
    """What bringing these privileges in would do: new ones, those known already, and what is wrong.

    What is stored is never changed from a file; a row that says otherwise is an error.
    """
    require(by, Permission.PRIVILEGE_MANAGE, alliance_id=alliance_id)
    techniques = Technique.objects.all()
    errors = resolve(
        rows, "licence_number", Practitioner.objects.all(), by=("licence_number",),
        into="practitioner_id",
    )  # fmt: skip
    errors += resolve(rows, "technique", techniques, by=("code",))
    errors += _places(rows, alliance_id, on)
    wrong = {error.number for error in errors}
    sound = [row for row in rows if row.number not in wrong]
    errors += _periods(sound, alliance_id)
    wrong |= {error.number for error in errors}
    return _sorted([row for row in sound if row.number not in wrong], errors)


@transaction.atomic
def import_privileges(
    *,
    rows: Sequence[Row],
    by: Any,
    alliance_id: int,
    on: date,
    progress: Callable[[int], None],
) -> Plan:
    """Bring privileges in, all or none; their ground says that they come from before."""
    # Whoever is granted something meanwhile waits, and is then seen.
    ids = Practitioner.objects.filter(
        licence_number__in={row.values.get("licence_number") for row in rows}
    )
    list(ids.order_by("pk").select_for_update().values_list("pk"))
    plan = plan_privileges(rows=rows, by=by, alliance_id=alliance_id, on=on)
    plan.check()
    done = 0
    for batch in chunks(plan.new, _BATCH):
        made = Privilege.objects.bulk_create([_row(one, by, alliance_id) for one in batch])
        _trace(made, by)
        done += len(made)
        progress(done)
    return plan


def _row(row: Row, by: Any, alliance_id: int) -> Privilege:
    values = row.values
    return Privilege(
        alliance_id=alliance_id,
        **{name: values[name] for name in _KEY},
        level=values["level"],
        valid_from=values["valid_from"],
        valid_until=values["valid_until"],
        conditions=values.get("conditions", ""),
        evidence={"note": values["evidence"]},
        ground=Ground.IMPORT,
        granted_by=by,
    )


def _trace(made: list[Privilege], by: Any) -> None:
    """An event and a line for each; nobody is told of what is old news."""
    PrivilegeEvent.objects.bulk_create(
        PrivilegeEvent(
            privilege=row,
            kind=EventKind.GRANTED,
            by=by,
            data={"level": row.level, "valid_until": str(row.valid_until)},
        )
        for row in made
    )
    for row in made:
        ledger.record(
            "privilege.granted", by=by, subject=row, institution_id=row.institution_id,
            level=row.level, ground=row.ground,
        )  # fmt: skip
        privilege_changed.send(sender=Privilege, privilege_id=row.pk)


def _places(rows: Sequence[Row], alliance_id: int, on: date) -> Iterator[RowError]:
    """The institution of each row: the one it names, else the home one; a member of the alliance."""
    for row in rows:
        row.values.setdefault("institution", "")
    yield from resolve(
        rows, "institution", Institution.objects.all(), by=("uscc", "name"), into="institution_id"
    )
    people: set[int] = {pk for row in rows if (pk := row.values.get("practitioner_id"))}
    homes = dict(Practitioner.objects.filter(pk__in=people).values_list("pk", "institution_id"))
    joined = set(members(alliance_id, on=on).order_by().values_list("institution_id", flat=True))
    for row in rows:
        if not row.values["institution"]:
            row.values["institution_id"] = homes.get(row.values.get("practitioner_id"))
        house = row.values.get("institution_id")
        if house is not None and house not in joined:
            message = _("This institution is no member of your alliance.")
            yield RowError(row.number, "institution", message)


def _periods(rows: Sequence[Row], alliance_id: int) -> Iterator[RowError]:
    """The end of each period, by policy where the row names none, after its start."""
    techniques = Technique.objects.in_bulk({row.values["technique_id"] for row in rows})
    values: dict[date, PolicySet] = {}
    for row in rows:
        start = row.values["valid_from"]
        if row.values.get("valid_until") is None:
            known = values.setdefault(
                start,
                policies(alliance_id=alliance_id, on=start, prefix="privilege."),
            )
            technique = techniques[row.values["technique_id"]]
            row.values["valid_until"] = default_end(technique, row.values["level"], start, known)
        if row.values["valid_until"] <= start:
            yield RowError(row.number, "valid_until", _("The end must be after the start."))


def _sorted(rows: Sequence[Row], errors: list[RowError]) -> Plan:
    """New rows, rows that say what is stored, and rows that clash with it or with each other."""
    plan = Plan(errors=errors)
    stored = _stored(rows)
    for row in rows:
        key = tuple(row.values[name] for name in _KEY)
        mine = _period(row)
        same = [one for one in stored[key] if _alike(one, mine)]
        if same:
            plan.same += 1
            continue
        if any(
            one.ends_on > mine.valid_from and mine.ends_on > one.valid_from for one in stored[key]
        ):
            message = _("There is a privilege for this technique, institution and time already.")
            plan.errors.append(RowError(row.number, "valid_from", message))
            continue
        stored[key].append(mine)
        plan.new.append(row)
    plan.errors.sort(key=lambda error: error.number)
    return plan


def _stored(rows: Sequence[Row]) -> dict[tuple[Any, ...], list[rules.Period]]:
    found: dict[tuple[Any, ...], list[rules.Period]] = defaultdict(list)
    for chunk in chunks({row.values["practitioner_id"] for row in rows}):
        known = Privilege.objects.filter(practitioner__in=chunk)
        for row in known.only(*_KEY, "level", "valid_from", "valid_until", "ends_on"):
            key = tuple(getattr(row, name) for name in _KEY)
            found[key].append(
                rules.Period(row.pk, row.level, row.valid_from, row.valid_until, row.ends_on)
            )
    return found


def _period(row: Row) -> rules.Period:
    values = row.values
    until = values["valid_until"]
    return rules.Period(0, values["level"], values["valid_from"], until, until)


def _alike(one: rules.Period, other: rules.Period) -> bool:
    return (one.level, one.valid_from, one.valid_until) == (
        other.level,
        other.valid_from,
        other.valid_until,
    )
