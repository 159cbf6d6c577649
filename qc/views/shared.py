"""What the pages of quality control share."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import policies


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages about findings, those that concern the user."""
    runs = bool(policies.alliances_to_run(request.user))
    pages = [
        ("qc:findings", _("Findings"), True),
        ("qc:board", _("Board"), True),
        ("qc:runs", _("Runs"), runs),
        ("qc:checks", _("Checks"), runs),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url}
        for url, label in ((reverse(route), label) for route, label, shown in pages if shown)
    ]
