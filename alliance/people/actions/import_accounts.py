"""Accounts and invitations brought in as whole files.

Each row goes through the action for a single one, since each opens a door to the platform and is
recorded by itself. The dry run is the same work, taken back.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import has_permission, require
from alliance.core.choices import Permission
from alliance.core.exchange.plan import Change, Plan, Row, RowError, chunks, resolve
from alliance.institutions.actions import place_rows
from alliance.institutions.models import Institution

from ..models import Invitation, Practitioner, User
from .accounts import build_user, update_user
from .invitations import invite

_PARTICULARS = ("name", "email", "phone")
Progress = Callable[[int], None]


def plan_users(*, rows: Sequence[Row], by: Any) -> Plan:
    """What bringing these accounts in would do; what it does is taken back."""
    with transaction.atomic():
        plan = _users(rows, by, _ignore)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def import_users(*, rows: Sequence[Row], by: Any, progress: Progress) -> Plan:
    """Open and correct accounts by user name, all or none; nobody gets a role or a password.

    Who has a new account sets the password by e-mail (“Forgot password”).
    """
    plan = _users(rows, by, progress)
    plan.check()
    return plan


def plan_invitations(*, rows: Sequence[Row], by: Any, institution_id: int | None) -> Plan:
    """What inviting these colleagues would do; what it does is taken back."""
    with transaction.atomic():
        plan = _invitations(rows, by, institution_id, _ignore)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def import_invitations(
    *, rows: Sequence[Row], by: Any, institution_id: int | None, progress: Progress
) -> Plan:
    """Invite these colleagues by e-mail, all or none."""
    plan = _invitations(rows, by, institution_id, progress)
    plan.check()
    return plan


def _ignore(done: int) -> None:
    """A dry run reports nothing."""


def _users(rows: Sequence[Row], by: Any, progress: Progress) -> Plan:
    require(by, Permission.USER_CREATE)
    plan, known = Plan(), _known_users(rows)
    for done, (row, first) in enumerate(_once(rows, "username", str.upper), start=1):
        if first is not None:
            plan.errors.append(_twice(row, "username", first))
            continue
        try:
            _user(row, known.get(row.values["username"].upper()), by, plan)
        except ValidationError as error:
            plan.errors += _row_errors(row, error)
        progress(done)
    return plan


def _known_users(rows: Sequence[Row]) -> dict[str, User]:
    """The stored accounts of the file by upper-case name, as sign-in looks them up."""
    found: dict[str, User] = {}
    for chunk in chunks({row.values["username"].upper() for row in rows}):
        users = User.objects.annotate(upper=Upper("username")).filter(upper__in=chunk)
        found |= {user.username.upper(): user for user in users}
    return found


def _user(row: Row, stored: User | None, by: Any, plan: Plan) -> None:
    values = {name: row.values.get(name, "") for name in _PARTICULARS}
    values["email"] = values["email"].lower()
    if stored is None:
        user = build_user(username=row.values["username"], password=None, **values)
        ledger.record("user.created", by=by, subject=user)
        plan.new.append(row)
        return
    if stored.is_service:
        raise ValidationError({"username": _("This account belongs to another system.")})
    brought = {name: value for name, value in values.items() if name in row.values}
    changed = [name for name, value in brought.items() if getattr(stored, name) != value]
    if not changed:
        plan.same += 1
        return
    kept = {name: getattr(stored, name) for name in _PARTICULARS}
    update_user(user=stored, by=by, **{**kept, **brought})
    plan.changed.append(Change(row, stored.pk, changed))


def _invitations(
    rows: Sequence[Row], by: Any, institution_id: int | None, progress: Progress
) -> Plan:
    plan = Plan(errors=place_rows(rows, institution_id))
    people = Practitioner.objects.all()
    plan.errors += resolve(rows, "practitioner", people, by=("licence_number",))
    wrong = {error.number for error in plan.errors}
    named: set[int] = {row.values["institution_id"] for row in rows if row.number not in wrong}
    houses = Institution.objects.in_bulk(named)
    for done, (row, first) in enumerate(_once(rows, "email", str.lower), start=1):
        if first is not None:
            plan.errors.append(_twice(row, "email", first))
        elif row.number not in wrong:
            _invite(row, houses[row.values["institution_id"]], by, plan)
        progress(done)
    return plan


def _invite(row: Row, institution: Institution, by: Any, plan: Plan) -> None:
    if not has_permission(by, Permission.COLLEAGUE_INVITE, institution_id=institution.pk):
        message = _("You may not invite colleagues to this institution.")
        plan.errors.append(RowError(row.number, "institution", message))
        return
    values = row.values
    practitioner_id: int | None = values.get("practitioner_id")
    open_already = Invitation.objects.open().filter(
        institution=institution,
        email=values["email"].lower(),
        name=values["name"],
        role=values["role"],
        practitioner_id=practitioner_id,
    )
    if open_already.exists():
        plan.same += 1
        return
    try:
        invite(
            institution=institution,
            email=values["email"],
            name=values["name"],
            role=values["role"],
            by=by,
            practitioner=Practitioner.objects.get(pk=practitioner_id) if practitioner_id else None,
        )
        plan.new.append(row)
    except ValidationError as error:
        plan.errors += _row_errors(row, error)


def _once(
    rows: Sequence[Row], column: str, fold: Callable[[str], str]
) -> Iterator[tuple[Row, int | None]]:
    """Each row with the number of an earlier row of the same key, or None."""
    seen: dict[tuple[Any, str], int] = {}
    for row in rows:
        key = (row.values.get("institution_id"), fold(row.values[column]))
        first = seen.setdefault(key, row.number)
        yield row, None if first == row.number else first


def _twice(row: Row, column: str, first: int) -> RowError:
    message = _("Row %(row)s already brings this entry.") % {"row": first}
    return RowError(row.number, column, message)


def _row_errors(row: Row, error: ValidationError) -> Iterator[RowError]:
    """What an action refused, at the columns it named."""
    whole = {NON_FIELD_ERRORS: error.messages}
    for name, messages in (error.message_dict if hasattr(error, "error_dict") else whole).items():
        column = "" if name == NON_FIELD_ERRORS else name
        for message in messages:
            yield RowError(row.number, column, message)
