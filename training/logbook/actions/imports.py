"""Cases brought in as a whole file, all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core import outbox
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.exchange.plan import Plan, Row, RowError, chunks, compare, resolve
from alliance.core.exchange.staging import append
from alliance.core.policy import policy
from alliance.institutions.actions import place_rows
from alliance.institutions.models import Membership
from alliance.people.models import Practitioner

from .. import facts, policies, rules
from ..choices import CaseRole, CaseStatus, ClavienDindo, Outcome, Source
from ..models import Case
from ..signals import cases_changed

KEY: Final = (
    "institution_id", "external_case_number", "operator_id", "technique_id", "performed_on",
)  # fmt: skip
FIELDS: Final = (
    *KEY,
    "referral_number",
    "role",
    "supervisor_id",
    "duration_minutes",
    "is_emergency",
    "converted",
    "mdt_recorded",
    "outcome",
    "clavien_dindo",
    "notes",
)
_BATCH = 2000


def plan_cases(*, rows: Sequence[Row], by: Any, institution_id: int | None, on: date) -> Plan:
    """What bringing these cases in would do; a row without an institution belongs to this one.

    An operation that stands in the logbook already is left alone; where the file says something
    else about it, the row is refused: entries are put right one by one, with trace.
    """
    errors = [
        *place_rows(rows, institution_id),
        *resolve(rows, "technique", Technique.objects.all()),
        *resolve(rows, "operator", Practitioner.objects.all(), by=("licence_number",)),
        *resolve(rows, "supervisor", Practitioner.objects.all(), by=("licence_number",)),
    ]
    wrong = {error.number for error in errors}
    whole = [row for row in rows if row.number not in wrong]
    for row in whole:
        _complete(row.values)
    errors += _homeless(whole, by)
    errors += _refused(whole, on)
    plan = compare(rows, _standing(), key=KEY, fields=FIELDS, errors=errors)
    for change in plan.changed:
        message = _("This operation is in the logbook with something else. Correct it there.")
        plan.errors.append(RowError(change.row.number, change.fields[0], message))
    plan.changed.clear()
    return plan


def _standing() -> QuerySet[Case]:
    rows: QuerySet[Case] = Case.objects.standing().exclude(external_case_number="")
    return rows


def _complete(values: dict[str, Any]) -> None:
    """Fill what a file may leave out, and the grade that an outcome brings with it."""
    for name, empty in (("supervisor_id", None), ("clavien_dindo", ""), ("is_prior", False)):
        values.setdefault(name, empty)
    values["outcome"] = values.get("outcome") or Outcome.GOOD.value
    if values["outcome"] == Outcome.DEATH:
        values["clavien_dindo"] = ClavienDindo.V.value


def _homeless(rows: Sequence[Row], by: Any) -> Iterator[RowError]:
    """Put each case into the alliance of its institution; refuse houses whose book one keeps not."""
    houses = {row.values["institution_id"] for row in rows}
    people = {row.values["operator_id"] for row in rows}
    homes = dict(Practitioner.objects.filter(pk__in=people).values_list("pk", "institution_id"))
    joined = _memberships(houses | set(homes.values()))
    mine = set(policies.houses_to_record(by))
    alliances = set(access_of(by).alliances_with(Permission.TRAINING_MANAGE))
    for row in rows:
        house, day = row.values["institution_id"], row.values["performed_on"]
        here = _on(joined.get(house, []), day)
        if not here:
            message = _("This institution belonged to no alliance on that day.")
            yield RowError(row.number, "institution", message)
            continue
        home = set(_on(joined.get(homes[row.values["operator_id"]], []), day))
        row.values["alliance_id"] = next((pk for pk in here if pk in home), here[0])
        if house not in mine and row.values["alliance_id"] not in alliances:
            message = _("You do not keep the logbook of this institution.")
            yield RowError(row.number, "institution", message)


Joined = dict[int, list[tuple[date, date | None, int]]]


def _memberships(houses: set[int]) -> Joined:
    found: Joined = {}
    rows = Membership.objects.filter(institution__in=houses, alliance__is_active=True)
    for house, start, end, alliance in rows.order_by("valid_from", "pk").values_list(
        "institution_id", "valid_from", "valid_until", "alliance_id"
    ):
        found.setdefault(house, []).append((start, end, alliance))
    return found


def _on(periods: Sequence[tuple[date, date | None, int]], day: date) -> list[int]:
    """The alliances whose period holds a day, the earliest joined first."""
    return [pk for start, end, pk in periods if start <= day and (end is None or day < end)]


def _refused(rows: Sequence[Row], on: date) -> Iterator[RowError]:
    """The rules of a single case, asked of every row."""
    known = _known(rows)
    began = dict(
        Practitioner.objects.filter(pk__in={row.values["operator_id"] for row in rows}).values_list(
            "pk", "practice_started_on"
        )
    )
    days: dict[int | None, int] = {}
    for row in rows:
        alliance = row.values.get("alliance_id")
        if alliance not in days:
            days[alliance] = policy("logbook.backdate_days_most", on=on, alliance_id=alliance)
        found = rules.shape_errors(_shape(row.values)) | rules.case_errors(
            _facts(row.values, known, on, days[alliance], began[row.values["operator_id"]])
        )
        for column, message in found.items():
            yield RowError(row.number, column, message)


def _known(rows: Sequence[Row]) -> facts.Known:
    taught = {_taught(row.values) for row in rows if row.values["supervisor_id"]}
    people = {row.values[name] for row in rows for name in ("operator_id", "supervisor_id")} - {
        None
    }
    return facts.gather(people=people, taught=taught)


def _taught(values: Mapping[str, Any]) -> facts.Taught:
    return facts.Taught(
        values["supervisor_id"] or 0, values["technique_id"], values["performed_on"]
    )


def _shape(values: Mapping[str, Any]) -> rules.Shape:
    return rules.Shape(
        role=values["role"],
        operator_id=values["operator_id"],
        supervisor_id=values["supervisor_id"],
        outcome=values["outcome"],
        grade=values["clavien_dindo"],
        is_named=bool(values["external_case_number"]),
    )


def _facts(
    values: Mapping[str, Any], known: facts.Known, on: date, days: int, began: date
) -> rules.CaseFacts:
    day, supervisor = values["performed_on"], values["supervisor_id"]
    supervising = supervisor is not None and values["role"] != CaseRole.INDEPENDENT
    return rules.CaseFacts(
        on=on,
        performed_on=day,
        days_late_most=days,
        practice_started_on=began,
        operator_absent=known.absent(values["operator_id"], day),
        supervisor_absent=known.absent(supervisor, day),
        supervisor_privileged=known.privileged(_taught(values)) if supervising else None,
        is_prior=values["is_prior"],
    )


@transaction.atomic
def import_cases(
    *,
    rows: Sequence[Row],
    by: Any,
    institution_id: int | None,
    on: date,
    progress: Callable[[int], None],
) -> Plan:
    """Enter many operations at once, all or none.

    An import confirms nothing that its bringer could not confirm: operations under a supervisor
    wait for that supervisor, each of whom is told once, whoever brings them in. Where there was
    none, a trainer or administrator confirms (`policies.may_confirm`); these are the people who
    bring files in, so independent operations of others count at once, under their name. One's own
    wait for somebody else, and so do those of a house whose training one does not answer for.
    """
    plan = plan_cases(rows=rows, by=by, institution_id=institution_id, on=on)
    plan.check()
    counting, waiting = _parted([_case(row.values) for row in plan.new], by)
    recorded = {"recorded_by_id": by.pk, "status": CaseStatus.RECORDED}
    confirmed = recorded | {
        "status": CaseStatus.CONFIRMED,
        "confirmed_at": timezone.now(),
        "confirmed_by_id": by.pk,
    }
    made: list[int] = []
    for chunk in chunks(counting, _BATCH):
        made += append(Case, chunk, constants=confirmed)
        progress(len(made))
    for chunk in chunks(waiting, _BATCH):
        append(Case, chunk, constants=recorded)
        progress(len(plan.new))
    if made:
        operators = {one["operator_id"] for one in counting}
        cases_changed.send(sender=Case, case_ids=made, operator_ids=operators)
    supervisors = {one["supervisor_id"] for one in waiting} - {None}
    outbox.put_all("logbook.waiting", [{"supervisor_id": pk} for pk in sorted(supervisors)])
    alliances = {one["alliance_id"] for one in counting}
    outbox.put_all("logbook.curves", [{"alliance_id": pk} for pk in sorted(alliances)])
    return plan


_Rows = list[dict[str, Any]]
_EMPTY: Final = {
    field.attname: field.get_default()
    for field in Case._meta.concrete_fields
    if field.attname in FIELDS
}


def _case(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of a new case; what the file has no column for is as on an empty form."""
    told = {name: values.get(name, empty) for name, empty in _EMPTY.items()}
    source = Source.PRIOR if values["is_prior"] else Source.IMPORT
    return told | {"alliance_id": values["alliance_id"], "source": source}


def _parted(rows: _Rows, by: Any) -> tuple[_Rows, _Rows]:
    """Independent operations that count at once since `by` may vouch for them, and all others."""
    answers: dict[tuple[int, ...], bool] = {}
    counting: _Rows = []
    waiting: _Rows = []
    for row in rows:
        place = (row["operator_id"], row["institution_id"], row["alliance_id"])
        if place not in answers:
            who, where, group = place
            case = Case(operator_id=who, institution_id=where, alliance_id=group)
            answers[place] = policies.may_answer_for(by, case)
        counts = row["supervisor_id"] is None and answers[place]
        (counting if counts else waiting).append(row)
    return counting, waiting
