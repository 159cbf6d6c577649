"""The ledger for auditors: what happened, filtered, newest first, and how far it is sealed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from . import acts, ledger, selectors
from .access import require
from .choices import Permission
from .filters_ledger import LedgerFilter
from .listing import chips, listing
from .models import AuditEntry


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One page of the ledger."""
    require(request.user, Permission.LEDGER_VIEW)
    rows = AuditEntry.objects.visible_to(request.user)
    rows = rows.select_related("actor", "institution", "seal")
    found = LedgerFilter(request.GET, queryset=rows, request=request)
    page = listing(request, found.qs, ordering="-at")
    context = {
        "rows": [_row(entry) for entry in page.rows],
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form, search="actor"),
        "head": ledger.head(),
        "waiting": selectors.ledger_waiting(),
    }
    return TemplateResponse(request, "core/ledger.html", context)


def _row(entry: AuditEntry) -> dict[str, Any]:
    """A line with its thing in words and whether the chain holds it already."""
    return {
        "entry": entry,
        "act": acts.act_label(entry.action),
        "kind": acts.kind_label(entry.subject_type),
        "details": acts.details(entry.subject_type, entry.data),
        "position": entry.seal.pk if hasattr(entry, "seal") else None,
    }
