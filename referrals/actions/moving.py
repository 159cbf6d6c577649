"""The only way a referral changes status: lock, version, policy, table, effect, step."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.transactions import one_transaction
from alliance.core.versions import check
from alliance.patients import actions as patients

from .. import selectors
from ..choices import Move, Status
from ..models import Referral
from ..policies import allowed_transition, facts_of
from ..workflow import STRUCTURED, Transition, target_of, transition
from . import effects, filing, stepping

# Data that is an object becomes its id in the event row.
_PLAIN = (str, int, bool, type(None))
_LAPSED_AS = {
    Status.RESERVED: "validity_over",
    Status.NO_SHOW: "validity_over",
    Status.RETURNED: "not_resubmitted",
}
_TOUCHES_PATIENT = frozenset(
    {
        Move.SUBMIT,
        Move.ENDORSE,
        Move.RESUBMIT,
        Move.ANSWER,
        Move.REDIRECT,
        Move.REFER_BACK,
        Move.MARK_DECEASED,
    }
)


@one_transaction
def move(
    *,
    referral: Referral,
    move: Move,
    by: Any,
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Referral:
    """Make a move on somebody's behalf and return the leg as it then is.

    `data` holds the move's fields as Python values (see forms.move_form). Raises StaleVersion,
    PermissionDenied, TransitionNotAllowed, ValidationError by field, DomainError.
    """
    if move in _TOUCHES_PATIENT and referral.patient_id:
        # Patient before leg, as a merge locks them: the two never wait for each other.
        patients.hold(referral.patient_id)
    locked = _locked(referral)
    check(locked, version)
    row = allowed_transition(by, move, locked)
    if row.move == Move.SUBMIT:
        return filing.submit_stored(draft=locked, consent=(data or {}).get("consent"), by=by)
    return _carry_out(locked, row, by, dict(data or {}))


@one_transaction
def move_by_system(
    *, referral: Referral, move: Move, by: Any = None, reason: str = "", reason_code: str = ""
) -> Referral:
    """Make one of the platform's own moves (a loop closing, a lapse); `by` is who caused it."""
    locked = _locked(referral)
    row = transition(locked.status, move, facts_of(locked), system=True)
    return _carry_out(locked, row, by, {"reason": reason, "reason_code": reason_code}, system=True)


def _locked(referral: Referral) -> Referral:
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("sender", "receiver", "patient")
        .get(pk=referral.pk)
    )


def _carry_out(
    locked: Referral, row: Transition, by: Any, data: dict[str, Any], *, system: bool = False
) -> Referral:
    if not system:
        _check_data(row, data)
    source = locked.status
    step = stepping.Step(
        move=row.move,
        target=target_of(row, source, facts_of(locked)),
        by=by,
        institution_id=None if system else _acting_side(locked, row, by),
        data={},
        reason_code=str(data.pop("reason_code", "") or ""),
        reason=str(data.pop("reason", "") or ""),
    )
    step.data = {
        name: _plain(value)
        for name, value in data.items()
        if value not in (None, "") and name not in STRUCTURED
    }
    locked.version += 1
    effects.before(locked, row, data, step)
    stepping.take(locked, step)
    effects.after(locked, row, data, step)
    return locked


def _check_data(row: Transition, data: Mapping[str, Any]) -> None:
    """Required fields are there, and the reason is one that exists today."""
    errors = {
        name: _("This is needed.")
        for name in row.required
        if data.get(name) in (None, "") or not str(data[name]).strip()
    }
    code = data.get("reason_code")
    if code and "reason_code" not in errors:
        known = selectors.reason_codes(row.move, on=timezone.localdate()).filter(code=code).first()
        if known is None:
            errors["reason_code"] = _("Choose one of the offered reasons.")
        elif known.needs_text and not str(data.get("reason") or "").strip():
            errors["reason"] = _("Explain this reason in a sentence.")
    if errors:
        raise ValidationError(errors)


def _acting_side(locked: Referral, row: Transition, by: Any) -> int | None:
    """On behalf of which party the user acts."""
    held = by.access.institutions
    for pk in (locked.receiver_id, locked.sender_id):
        if pk in held and row.permission in held[pk] and _is_side(locked, row, pk):
            return pk
    return None


def _is_side(locked: Referral, row: Transition, pk: int | None) -> bool:
    sides: dict[str, list[int | None]] = {
        "sender": [locked.sender_id],
        "receiver": [locked.receiver_id],
    }
    return pk in sides.get(row.side, [locked.sender_id, locked.receiver_id])


def _plain(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return str(getattr(value, "public_id", value))


@one_transaction
def lapse_overdue(*, referral: Referral) -> Referral | None:
    """Let a leg lapse that stayed overdue beyond policy; None when it moved on meanwhile."""
    locked = _locked(referral)
    lapsing = transition_exists(locked.status)
    if not lapsing or locked.due_at is None or locked.due_at > timezone.now():
        return None
    return move_by_system(
        referral=locked,
        move=Move.LAPSE,
        reason=_("Nobody acted within the time that policy allows."),
        reason_code=_LAPSED_AS.get(Status(locked.status), "no_answer"),
    )


def transition_exists(status: str) -> bool:
    """Whether a leg in this state may lapse."""
    from ..workflow import rows_for

    return bool(rows_for(Move.LAPSE, Status(status), system=True))
