"""Logging: each line carries the id of the request or task it belongs to, and nothing of a patient.

What people ask for stands in addresses (`patients/?id_number=…`), and some addresses are keys
(invitations, forgotten passwords). So lines name the route instead.
"""

import logging
import re

from django.http import HttpRequest

from .context import client_ip, request_id

log = logging.getLogger("alliance.requests")
_QUERY = re.compile(r"\?\S*")
_OUR_FAULT = 500
# Machines ask these every few seconds.
_UNREMARKABLE = ("core:live", "core:ready", "core:metrics", "unknown")


def route(request: HttpRequest) -> str:
    """The name of the page or endpoint that a request is for."""
    match = getattr(request, "resolver_match", None)
    return match.view_name if match and match.view_name else "unknown"


def answered(request: HttpRequest, status: int, seconds: float) -> None:
    """One line for each request; files and what machines ask all the time only when refused."""
    name = route(request)
    if status < 400 and name in _UNREMARKABLE:
        return
    facts = {
        "method": request.method,
        "route": name,
        "status": status,
        "milliseconds": round(seconds * 1000),
        "ip": client_ip.get(),
    }
    log.info("%(method)s %(route)s %(status)s", facts, extra=facts)


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; every record passes."""
        record.request_id = request_id.get()
        return True


class DiscreetFilter(logging.Filter):
    """Takes addresses out of what Django itself says about a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Name the route in place of the path, drop the request and every query; all pass."""
        if getattr(record, "status_code", _OUR_FAULT) < _OUR_FAULT:
            record.exc_info = record.exc_text = None  # a refusal is one line, not a traceback
        request = record.__dict__.pop("request", None)
        path = getattr(request, "path", None)
        if isinstance(record.args, tuple) and path:
            record.args = tuple(
                route(request) if argument == path else argument for argument in record.args
            )
        elif isinstance(record.args, tuple) and record.name == "django.server":
            record.args = tuple(
                _QUERY.sub("", argument) if isinstance(argument, str) else argument
                for argument in record.args
            )
        return True
