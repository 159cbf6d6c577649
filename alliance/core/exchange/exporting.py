"""Take a table out: the rows a person may see, as filtered, in a workbook."""

from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import ledger
from ..errors import DomainError
from . import settings, sheets
from .spec import Table

_READ_AT_ONCE = 2000


@transaction.atomic
def export(*, by: Any, table: Table, request: HttpRequest) -> IO[bytes]:
    """The workbook, and a line in the ledger that says who took how many rows out."""
    if not table.may_export(by):
        raise PermissionDenied
    limit = settings.value("export.max_rows", on=timezone.localdate())
    found = table.exported(by=by, request=request)
    if found[limit : limit + 1].exists():
        raise DomainError(
            "export_too_large",
            _("These are more than %(max)s rows. Filter the list first.") % {"max": limit},
        )
    count = 0

    def rows() -> Any:
        nonlocal count
        for row in found.iterator(chunk_size=_READ_AT_ONCE):
            count += 1
            yield row

    file = sheets.table_sheet(table, rows())
    ledger.record("export.done", by=by, subject=by, table=table.name, rows=count)
    return file
