"""Pages of one device: all about it, and what its label opens."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import policies, presenters
from ..panels import panels_for
from .shared import visible_device


@require_safe
def device(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All about a device: what may be done with it, how it stands, what is known of it."""
    row = visible_device(request, public_id)
    knows = policies.knows(request.user, row)
    context = {
        "device": row,
        "row": presenters.row(row, on=timezone.localdate()),
        "facts": presenters.facts(row, knows=knows),
        "panels": panels_for(request.user, row, timezone.now()),
    }
    return TemplateResponse(request, "devices/device.html", context)


@require_safe
def scan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the label on a device opens: big buttons first, for somebody who stands before it."""
    row = visible_device(request, public_id)
    panels = panels_for(request.user, row, timezone.now())
    context = {
        "device": row,
        "row": presenters.row(row, on=timezone.localdate()),
        "panels": panels,
        "acts": [act for panel in panels for act in panel.acts],
    }
    return TemplateResponse(request, "devices/scan.html", context)
