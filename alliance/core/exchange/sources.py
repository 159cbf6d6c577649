"""Files as people send them: what kind they are by their content, and their lines."""

from collections.abc import Generator
from typing import IO

from django.utils.translation import gettext as _

from . import texts, workbooks
from .files import FileRefused, Limits, Line

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


def format_of(file: IO[bytes]) -> str:
    """`xlsx` or `text`, by the first bytes; raises FileRefused for what cannot be a table."""
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if not head:
        raise FileRefused(_("The file is empty."))
    if head == _ZIP:
        return "xlsx"
    if head == _OLE:
        raise FileRefused(
            _("This Excel file is old or has a password. Save it as .xlsx without a password.")
        )
    return "text"


def inspect(file: IO[bytes], *, size: int, limits: Limits) -> None:
    """Refuse, before anything is read, a file that is too large, unsafe or no table."""
    if size > limits.max_bytes:
        megabytes = limits.max_bytes // 1_048_576
        raise FileRefused(_("The file is larger than %(max)s MB. Split it.") % {"max": megabytes})
    if format_of(file) == "xlsx":
        workbooks.inspect(file, limits)
    else:
        texts.encoding_of(file)


def read(file: IO[bytes], limits: Limits) -> Generator[Line, None, None]:
    """Lines that hold anything, the header first; raises FileRefused where reading must stop."""
    reader = workbooks.read if format_of(file) == "xlsx" else texts.read
    rows = -1
    for line in reader(file, limits):
        rows += 1
        if rows > limits.max_rows:
            message = _("The file has more than %(max)s rows. Split it.")
            raise FileRefused(message % {"max": limits.max_rows}, line=line.number)
        yield line
    if rows < 0:
        raise FileRefused(_("The file is empty."))
    if rows == 0:
        raise FileRefused(_("There are no rows below the header."))
