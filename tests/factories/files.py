"""Small files: tables as CSV and .xlsx, well-made and otherwise; pictures."""

import csv
import io
import struct
import zipfile
import zlib

from django.core.files.base import ContentFile
from openpyxl import Workbook, load_workbook


def csv_file(*rows, encoding="utf-8", delimiter=",", name="table.csv"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return ContentFile(out.getvalue().encode(encoding), name=name)


def xlsx_file(*rows, name="table.xlsx", dress=None):
    """A workbook of these rows; `dress(sheet)` may do more to it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if dress:
        dress(book.active)
    out = io.BytesIO()
    book.save(out)
    return ContentFile(out.getvalue(), name=name)


def raw_xlsx(parts, name="table.xlsx"):
    """A zip archive of exactly these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return ContentFile(out.getvalue(), name=name)


def rewritten(file, changes):
    """The same workbook with some of its parts replaced by `change(old bytes)`."""
    with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        parts = {path: archive.read(path) for path in archive.namelist()}
    for path, change in changes.items():
        parts[path] = change(parts[path])
    return raw_xlsx(parts)


def cells(stream):
    """All cells of the first sheet of a workbook, row by row."""
    book = load_workbook(stream, data_only=True)
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def png(shade=0, name="photo.png"):
    """A picture of one grey dot; every shade is another file."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dot = zlib.compress(bytes([0, shade]))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")
    return ContentFile(b"\x89PNG\r\n\x1a\n" + parts, name=name)
