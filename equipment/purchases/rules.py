"""Pure rules of purchases: what an application says, who may judge it, subsidies, deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.institutions.choices import TIER_RANK, Tier

from .choices import Move, Side, Status

MOST_DEVICES = 50
HIGHEST_SCORE = 100
_CENT = Decimal("0.01")
_NOBODY_SUBSIDISED = "none"


def application_errors(*, quantity: int, unit_price: Decimal | None) -> dict[str, Any]:
    """Why an application cannot even be kept so: `{field: sentence}`."""
    errors: dict[str, Any] = {}
    if not 1 <= quantity <= MOST_DEVICES:
        words = gettext("Apply for at least one, and at most %(n)d.")
        errors["quantity"] = words % {"n": MOST_DEVICES}
    if unit_price is not None and unit_price <= 0:
        errors["unit_price"] = _("A price is more than 0. Leave it empty until you know it.")
    return errors


def submission_errors(*, statement: str, unit_price: Decimal | None) -> dict[str, Any]:
    """Why an application cannot go to the alliance yet: `{field: sentence}`."""
    errors: dict[str, Any] = {}
    if not statement.strip():
        errors["statement"] = _("Say why it is needed and who will use it.")
    if unit_price is None or unit_price <= 0:
        errors["unit_price"] = _("Say what one costs, as offered or estimated.")
    return errors


@dataclass(frozen=True)
class Hands:
    """Through whose hands an application has gone, by key of the person."""

    applied_by: int
    reviewed_by: int | None
    evaluated_by: int | None


def barred(*, side: str, status: str, person: int, applies_there: bool, hands: Hands) -> str:
    """Why a person may not judge this application, as a code; empty where they may.

    Whoever applies for the institution judges none of its applications; whoever reviewed one does
    not evaluate it, and whoever evaluated it does not decide.
    """
    if side == Side.APPLICANT:
        return ""
    if applies_there or person == hands.applied_by:
        return "applicant"
    if side == Side.EVALUATOR and person == hands.reviewed_by:
        return "reviewer"
    if status == Status.EVALUATED and person == hands.evaluated_by:
        return "evaluator"
    return ""


@dataclass(frozen=True)
class Bounds:
    """Within which per cent a purchase is subsidised; none where both are 0."""

    least: int
    most: int


def bounds(*, tier: str, subsidised: str, least: int, most: int) -> Bounds:
    """The bounds for institutions of a tier: subsidised are those up to the tier of the policy."""
    if subsidised == _NOBODY_SUBSIDISED or TIER_RANK[tier] > TIER_RANK[Tier(subsidised)]:
        return Bounds(0, 0)
    return Bounds(min(least, most), max(least, most))


def decision_errors(
    *,
    quantity: int | None,
    asked: int,
    unit_price: Decimal | None,
    percent: int | None,
    within: Bounds,
) -> dict[str, Any]:
    """Why a purchase cannot be approved so: `{field: sentence}`."""
    errors: dict[str, Any] = {}
    if quantity is None or not 1 <= quantity <= asked:
        errors["quantity"] = _("Approve at least one, and no more than was asked for.")
    if unit_price is None or unit_price <= 0:
        errors["unit_price"] = _("Say what one may cost.")
    if percent is None or not within.least <= percent <= within.most:
        errors["percent"] = (
            _("The subsidy is outside of the bounds of the alliance's policy.")
            if within.most
            else _("Institutions of this tier are not subsidised: enter 0.")
        )
    return errors


def subsidy(*, quantity: int, unit_price: Decimal, percent: int) -> Decimal:
    """What the alliance pays of a purchase, to the cent, half up."""
    return (unit_price * quantity * percent / 100).quantize(_CENT, ROUND_HALF_UP)


def evaluation_errors(*, recommended: bool | None, score: int | None) -> dict[str, Any]:
    """Why an evaluation cannot be recorded so: `{field: sentence}`."""
    errors: dict[str, Any] = {}
    if recommended is None:
        errors["recommended"] = _("Say whether the purchase is recommended.")
    if score is None or not 0 <= score <= HIGHEST_SCORE:
        errors["score"] = _("Score from 0 to 100.")
    return errors


@dataclass(frozen=True)
class Unit:
    """One delivered device, by the number the institution gives it and the maker's own."""

    asset_number: str
    serial_number: str = ""


def units(text: str) -> list[Unit]:
    """Delivered devices from a text: one a line, the asset number, then the serial number."""
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [Unit(parts[0], parts[1].strip() if len(parts) > 1 else "") for parts in lines]


def delivery_errors(
    *,
    found: Sequence[Unit],
    left: int,
    name: str,
    delivered_on: date | None,
    since: date,
    on: date,
) -> dict[str, Any]:
    """Why a delivery cannot be recorded so, where `left` are still to come: `{field: sentence}`."""
    errors: dict[str, Any] = {}
    if not 1 <= len(found) <= left:
        words = gettext("Give one line for each device that came: at least one, at most %(left)s.")
        errors["devices"] = words % {"left": left}
    elif len({unit.asset_number for unit in found}) != len(found):
        errors["devices"] = _("Each device has an asset number of its own.")
    if not name.strip():
        errors["name"] = _("Give the name or model.")
    if delivered_on is None or not since <= delivered_on <= on:
        errors["delivered_on"] = _(
            "Delivered after the decision and the parts before it, and not later than today."
        )
    return errors


def delivery_move(*, found: int, left: int) -> Move:
    """What recording so many devices is: the delivery, or a part of it."""
    return Move.DELIVER if found == left else Move.DELIVER_PART


STEPS: Mapping[str, int] = {
    Status.DRAFT: 0,
    Status.RETURNED: 0,
    Status.SUBMITTED: 1,
    Status.EVALUATION: 2,
    Status.EVALUATED: 3,
    Status.APPROVED: 4,
    Status.PARTLY: 4,
    Status.DELIVERED: 5,
}


def step_states(status: str) -> list[str]:
    """Of application, review, evaluation, decision and delivery: done, now or later.

    Nothing is under way in an application that has ended without a delivery.
    """
    reached = STEPS.get(status, -1)
    if reached < 0:
        return []
    return [
        "done" if step < reached else "now" if step == reached else "later" for step in range(5)
    ]
