"""What the pages of purchases show, put into words and rows."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import policies, rules, selectors
from .choices import CAME, OPEN, Move, Side, Status
from .forms import FORMS, MoveForm
from .models import Purchase

TONES = {
    Status.DRAFT: "neutral",
    Status.SUBMITTED: "info",
    Status.RETURNED: "warn",
    Status.EVALUATION: "info",
    Status.EVALUATED: "info",
    Status.APPROVED: "active",
    Status.PARTLY: "active",
    Status.REFUSED: "bad",
    Status.DELIVERED: "good",
    Status.WITHDRAWN: "neutral",
}
_DANGEROUS = frozenset({Move.REFUSE, Move.WRITE_OFF, Move.TAKE_BACK, Move.GIVE_UP})
# What a side is there for, shown as a form at once; the rest are asked in a dialog.
_PRIMARY = frozenset({Move.PASS_ON, Move.EVALUATE, Move.APPROVE, Move.DELIVER})
_MOVE_TONES = {
    Move.APPROVE: "good",
    Move.DELIVER: "good",
    Move.DELIVER_PART: "good",
    Move.WRITE_OFF: "warn",
    Move.RETURN: "warn",
    Move.REFUSE: "bad",
    Move.TAKE_BACK: "bad",
    Move.GIVE_UP: "bad",
}


def rows(found: Iterable[Purchase]) -> list[dict[str, Any]]:
    """Applications as a list shows them."""
    return [
        {
            "purchase": one,
            "tone": TONES[Status(one.status)],
            "label": one.get_status_display(),
            "money": _money(one.subsidy if one.subsidy is not None else None),
        }
        for one in found
    ]


def steps(purchase: Purchase) -> list[dict[str, Any]]:
    """The three steps, the decision and the delivery."""
    labels = (
        _("Application"),
        _("Review by the alliance"),
        _("Third-party evaluation"),
        _("Decision of the alliance"),
        _("Delivery"),
    )
    states = rules.step_states(purchase.status)
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=False)]


def facts(purchase: Purchase) -> list[dict[str, Any]]:
    """The application's facts, those that there are."""
    given = [
        (_("Waits for"), _whose_turn(purchase)),
        (_("Institution"), purchase.institution.name),
        (_("Device type"), str(purchase.type)),
        (_("How many"), purchase.quantity),
        (_("Price of one in yuan"), _money(purchase.unit_price)),
        (_("Handed in on"), _day(purchase.submitted_at)),
        (_("Score of the evaluation"), purchase.score),
        (_("Opinion of the third party"), _recommendation(purchase)),
        (_("Decided on"), _day(purchase.decided_at)),
        (_("Approved number"), purchase.approved_quantity),
        (_("Approved price of one in yuan"), _money(purchase.approved_price)),
        (_("Subsidy"), _subsidy(purchase)),
        (_("Delivered on"), _day(purchase.delivered_on)),
        (_("Delivered number"), purchase.delivered_quantity or ""),
        *_not_come(purchase),
    ]
    return [{"label": label, "value": value} for label, value in given if value not in ("", None)]


def _whose_turn(purchase: Purchase) -> str:
    """Who has to act next; nobody when all is done."""
    if purchase.status not in OPEN:
        return ""
    if purchase.status == Status.EVALUATION:
        return _("The third party: members of the quality committee")
    if purchase.status in (Status.SUBMITTED, Status.EVALUATED):
        return str(Side.OFFICE.label)
    return purchase.institution.name


def _not_come(purchase: Purchase) -> list[tuple[str, Any]]:
    if purchase.status not in CAME or not purchase.still_to_come:
        return []
    waits = purchase.status == Status.PARTLY
    return [(_("Still to come") if waits else _("Written off"), purchase.still_to_come)]


def _recommendation(purchase: Purchase) -> str:
    if purchase.is_recommended is None:
        return ""
    return _("Recommended") if purchase.is_recommended else _("Not recommended")


def _subsidy(purchase: Purchase) -> str:
    if purchase.subsidy is None:
        return ""
    words = {"percent": purchase.subsidy_percent, "amount": _money(purchase.subsidy)}
    return _("%(percent)s%%, %(amount)s yuan") % words


def _money(value: Any) -> str:
    return "" if value is None else f"{value:,.2f}"


def _day(value: Any) -> str:
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return date_format(value, "DATE_FORMAT") if value else ""


def timeline(purchase: Purchase) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    return [
        {
            "at": event.at,
            "who": event.by.name,
            "what": Move(event.move).label,
            "note": _event_note(event.data),
            "quote": event.reason,
            "tone": _MOVE_TONES.get(Move(event.move), ""),
        }
        for event in purchase.events.select_related("by").order_by("pk")
    ]


def _event_note(data: dict[str, Any]) -> str:
    """How many came, or never will."""
    count = data.get("devices") or data.get("written_off")
    return (
        ngettext("%(count)s device", "%(count)s devices", count) % {"count": count} if count else ""
    )


def files(purchase: Purchase, *, may_edit: bool) -> list[dict[str, Any]]:
    """The files of an application, with the way to remove them while it is written."""
    return [
        {
            "name": file.name,
            "url": reverse("purchases:file", args=[purchase.public_id, file.public_id]),
            "size": file.size,
            "kind": "image" if file.content_type.startswith("image/") else "file",
            "at": file.created_at,
            "remove_url": reverse(
                "purchases:file-remove", args=[purchase.public_id, file.public_id]
            )
            if may_edit
            else "",
        }
        for file in purchase.files.filter(removed_at=None).order_by("pk")
    ]


def acts(
    user: Any, purchase: Purchase, *, on: date, tried: MoveForm | None = None
) -> list[dict[str, Any]]:
    """The moves that the user may make, each with its form; `tried` came back with errors."""
    return [
        {
            "move": move,
            "form": tried
            if tried is not None and tried.prefix == move.value
            else _form(move, purchase, on),
            "danger": move in _DANGEROUS,
            "primary": move in _PRIMARY,
            "tried": tried is not None and tried.prefix == move.value,
            "note": _note(move, purchase, on),
        }
        for move in policies.moves_open(user, purchase)
        # The application's own form submits it; what is a part of a delivery is counted.
        if move not in (Move.SUBMIT, Move.DELIVER_PART)
    ]


def _form(move: Move, purchase: Purchase, on: date) -> MoveForm:
    initial: dict[str, Any] = {"version": purchase.version}
    if move == Move.APPROVE:
        within = selectors.subsidy_bounds(purchase, on=on)
        initial |= {
            "quantity": purchase.quantity,
            "unit_price": purchase.unit_price,
            "percent": within.least,
        }
    if move == Move.DELIVER:
        initial |= _as_last_time(purchase)
    return FORMS[move](initial=initial, prefix=move.value)


def _as_last_time(purchase: Purchase) -> dict[str, Any]:
    """Later parts of a delivery are of the same make as the first, and go to the same place."""
    last = purchase.delivered.select_related("device").order_by("-pk").first()
    if last is None:
        return {"name": purchase.type.name}
    return {name: getattr(last.device, name) for name in ("name", "maker", "location")}


def _note(move: Move, purchase: Purchase, on: date) -> str:
    if move == Move.APPROVE:
        return _bounds_note(purchase, on)
    if move == Move.DELIVER:
        left = purchase.still_to_come
        words = ngettext("%(left)s is still to come.", "%(left)s are still to come.", left)
        return words % {"left": left}
    return ""


def _bounds_note(purchase: Purchase, on: date) -> str:
    within = selectors.subsidy_bounds(purchase, on=on)
    if not within.most:
        return _("By policy institutions of this tier are not subsidised.")
    words = {"least": within.least, "most": within.most}
    note = _("By policy the subsidy is from %(least)s to %(most)s per cent.") % words
    return f"{note} {_as_applied(purchase, within)}"


def _as_applied(purchase: Purchase, within: rules.Bounds) -> str:
    """What the bounds come to for what was applied for."""
    price = purchase.unit_price or Decimal(0)
    least, most = (
        _money(rules.subsidy(quantity=purchase.quantity, unit_price=price, percent=percent))
        for percent in (within.least, within.most)
    )
    return _("As applied for: %(least)s to %(most)s yuan.") % {"least": least, "most": most}


def barred_note(user: Any, purchase: Purchase) -> str:
    """Why somebody whose role could act here may not; empty for everybody else."""
    for move in Move:
        if policies.is_next(move, purchase) and policies.on_side(user, move, purchase):
            code = policies.barred(user, move, purchase)
            if code:
                return str(policies.BARRED[code])
    return ""
