"""Tables whose rows each go through the action that their page calls.

Such a row is refused for what the page would refuse, in the same words, and tells the same people.
The dry run does it all and takes it back, so what it finds is what bringing the rows in would find.
That costs an action a row: for some hundred results of an exam, not for a national code table.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import DomainError
from . import settings
from .plan import Plan, Row, RowError
from .spec import Place

Act = Callable[[Row], object]
_REFUSALS = (ValidationError, DomainError, PermissionDenied)


def sort(
    rows: Sequence[Row],
    *,
    key: Callable[[Row], Hashable],
    stands: Callable[[Row], bool],
    errors: Iterable[RowError] = (),
) -> Plan:
    """New rows, and those that are here already; what comes twice in a file is an error.

    `stands` may refuse a row like an action: of what is here with something else. Rows with errors
    stay aside.
    """
    plan = Plan(errors=list(errors))
    wrong = {error.number for error in plan.errors}
    first: dict[Hashable, int] = {}
    for row in rows:
        if row.number in wrong:
            continue
        try:
            here = stands(row)
        except _REFUSALS as refusal:
            plan.errors += _told(row, refusal)
            continue
        earlier = row.number if here else first.setdefault(key(row), row.number)
        if here:
            plan.same += 1
        elif earlier == row.number:
            plan.new.append(row)
        else:
            message = _("Row %(row)s already brings this entry.") % {"row": earlier}
            plan.errors.append(RowError(row.number, "", message))
    return plan


def rehearse(plan: Plan, act: Act, *, place: Place) -> Plan:
    """Add to a plan what the action says of its new rows, and leave everything as it was."""
    most = settings.at(place)["import.rows_by_action"]
    if len(plan.new) > most:
        message = _("At most %(most)s new rows come in at a time. Divide the file.")
        first_too_many = plan.new[most]
        plan.errors.append(RowError(first_too_many.number, "", message % {"most": most}))
        return plan
    with transaction.atomic():
        plan.errors += _refusals(plan.new, act)
        transaction.set_rollback(True)
    return plan


def carry_out(plan: Plan, act: Act, progress: Callable[[int], None]) -> Plan:
    """Bring the new rows of a plan in; raises RowsRefused where any is wrong, after all were tried.

    The caller's transaction takes back what was written by then.
    """
    plan.check()
    plan.errors += _refusals(plan.new, act, progress)
    plan.check()
    return plan


def _refusals(
    rows: Sequence[Row], act: Act, progress: Callable[[int], None] | None = None
) -> Iterator[RowError]:
    for done, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                act(row)
        except _REFUSALS as refusal:
            yield from _told(row, refusal)
        if progress is not None:
            progress(done)


def _told(row: Row, refusal: Exception) -> Iterator[RowError]:
    """A refusal as errors of the row's cells; a field that is no column is told of the row."""
    if isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
        for field, messages in refusal.message_dict.items():
            column = "" if field == NON_FIELD_ERRORS else field
            yield from (RowError(row.number, column, message) for message in messages)
    elif isinstance(refusal, ValidationError):
        yield from (RowError(row.number, "", message) for message in refusal.messages)
    else:
        words = _("You may not enter this: you do not look after these people or this institution.")
        yield RowError(row.number, "", str(refusal) or words)
