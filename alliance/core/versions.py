"""Versions: every change names the version it saw."""

import re
from typing import Any

from django.utils.translation import gettext as _

from .errors import StaleVersion, VersionRequired

_ETAG = re.compile(r'^(?:W/)?"?(\d{1,9})"?$')


def parse(header: str | None) -> int:
    """The version in an `If-Match` header or hidden field; raises VersionRequired or StaleVersion."""
    if not header:
        raise VersionRequired(
            "version_required",
            _("Say which version you saw: send If-Match with the row's version."),
        )
    match = _ETAG.match(header.strip())
    if match is None:
        raise StaleVersion("stale_version", _('If-Match must be the row\'s version, such as "3".'))
    return int(match[1])


def check(row: Any, seen: int | None) -> None:
    """Raise StaleVersion when `row` has moved on since version `seen` (None: not asked)."""
    if seen is not None and row.version != seen:
        raise StaleVersion(
            "stale_version",
            _("This record has changed since you opened it. Reload it and try again."),
            version=row.version,
        )
