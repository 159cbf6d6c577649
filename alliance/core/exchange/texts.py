"""Text files: UTF-8 with or without mark, UTF-16 with mark, GB18030; comma, tab or semicolon."""

import codecs
import csv
import io
from collections.abc import Generator, Iterator
from typing import IO

from django.utils.translation import gettext as _

from .files import MAX_COLUMNS, MAX_LINES, FileRefused, Limits, Line, has_content
from .guard import unguard

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 65_536
_DELIMITERS = ",\t;"


def encoding_of(file: IO[bytes]) -> str:
    """The encoding in which the whole file can be read; raises FileRefused when there is none."""
    file.seek(0)
    head = file.read(4)
    marked = [name for mark, name in _MARKS if head.startswith(mark)]
    for name in marked or ["utf-8", "gb18030"]:
        if _decodes(file, name):
            return name
    raise FileRefused(_("The text cannot be read. Save the file as .xlsx, or as CSV in UTF-8."))


def _decodes(file: IO[bytes], name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            if "\0" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def read(file: IO[bytes], limits: Limits) -> Generator[Line, None, None]:
    """The lines that hold anything."""
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from _lines(text)
    finally:
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[Line]:
    reader = csv.reader(text, delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MAX_LINES or len(cells) > MAX_COLUMNS:
                raise FileRefused(_("This is not a table of rows and columns."), line=number)
            if has_content(list(cells)):
                yield Line(number, [unguard(cell) for cell in cells])
    except csv.Error:
        message = _("The line cannot be split into cells. Check its quotation marks.")
        raise FileRefused(message, line=number + 1) from None


def _delimiter(text: io.TextIOWrapper) -> str:
    """The separator that the first line that holds anything uses most."""
    for line in text:
        if line.strip():
            break
    else:
        line = ""
    text.seek(0)
    return max(_DELIMITERS, key=line.count)
