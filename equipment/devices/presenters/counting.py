"""Stock-takes in words."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..actions.stocktakes import Scanned
from ..models import Stocktake

_LAST = 20


def stocktake_rows(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Stock-takes with how far they are."""
    return [{"stocktake": row, **_standing(row)} for row in found]


def _standing(row: Any) -> dict[str, Any]:
    missing = row.expected - row.found
    if row.closed_at is None:
        return {"label": _("Counting"), "tone": "active", "missing": missing}
    if missing:
        words = ngettext("%(count)s missing", "%(count)s missing", missing)
        return {"label": words % {"count": missing}, "tone": "bad", "missing": missing}
    return {"label": _("Complete"), "tone": "good", "missing": 0}


def stocktake_page(row: Any, lines: Any, *, on: date) -> dict[str, Any]:
    """One stock-take: how far it is, what was found last."""
    found = lines.exclude(found_at=None).order_by("-found_at")
    surprises = found.filter(is_expected=False)
    return {
        "stocktake": row,
        "standing": _standing(row),
        "facts": _facts(row),
        "last": found[:_LAST],
        "most": _LAST,
        "surprises": surprises[:_LAST],
        "surprise_count": surprises.count(),
        "today": on,
    }


def _facts(row: Stocktake) -> list[dict[str, Any]]:
    closed = row.closed_at
    given = [
        (_("Institution"), row.institution.name),
        (_("Begun on"), date_format(row.begun_on, "DATE_FORMAT")),
        (_("Begun by"), row.begun_by.name),
        (_("Closed"), _moment(closed)),
    ]
    return [{"label": label, "value": value} for label, value in given if value]


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


def tell_scan(request: HttpRequest, scanned: Scanned) -> None:
    """Say what a scan found, so that the next can follow at once."""
    device = scanned.line.device
    values = {"device": str(device), "location": device.location or "—"}
    if not scanned.is_new:
        messages.info(request, _("Found already: %(device)s.") % values)
    elif scanned.line.is_expected:
        messages.success(request, _("Found: %(device)s (%(location)s).") % values)
    elif device.owner_id != scanned.line.stocktake.institution_id:
        values["owner"] = device.owner.short_name
        messages.warning(request, _("Found, but it belongs to %(owner)s: %(device)s.") % values)
    else:
        messages.warning(request, _("Found, but it was not expected: %(device)s.") % values)
