"""Uploaded files: what they are by their content, and what is refused.

A name and a declared type are claims of the sender; only the content counts. Accepted are PDF, JPEG
and PNG, complete, not larger than policy allows. A PDF that can act (scripts, launching programs,
files inside files; ISO 32000-1 §7.11.4, §12.6.4) is refused, one that hides its objects behind a
password too, since nobody could say whether it acts.

This is no virus scanner. It closes the ways by which a document of these three kinds does more than
show itself; serving with ``nosniff``, as attachment and from behind the login does the rest.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

import puremagic
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Kind(Enum):
    """Accepted kinds of file: media type and the suffix their names get."""

    PDF = ("application/pdf", ".pdf")
    JPEG = ("image/jpeg", ".jpg")
    PNG = ("image/png", ".png")

    def __init__(self, content_type: str, suffix: str) -> None:
        self.content_type = content_type
        self.suffix = suffix


MESSAGES: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "upload_empty": _("The file is empty. Choose it again."),
        "upload_too_large": _(
            "The file is larger than %(megabytes)s MB. Take the photo at a lower resolution, "
            "or split the document."
        ),
        "upload_type": _(
            "Only PDF, JPEG and PNG files are accepted. "
            "Save photos of other formats, such as HEIC or WebP, as JPEG first."
        ),
        "upload_damaged": _("The file is cut off or damaged. Choose it again."),
        "upload_pdf_active": _(
            "This PDF carries scripts, programs or other files inside. "
            "Print it to a new PDF and attach that one."
        ),
        "upload_pdf_protected": _(
            "This PDF is protected by a password. Save it without protection and attach it again."
        ),
    }
)


class Readable(Protocol):
    """An open binary file; Django's uploaded files are such."""

    def read(self, size: int = ..., /) -> bytes:
        """Next bytes, at most so many."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept, with the name and type it is kept under."""

    name: str
    kind: Kind
    size: int
    sha256: str
    content: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """The media type it is served with."""
        return self.kind.content_type


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not taken: a stable code, and a sentence with the way out."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """In the language of the reader."""
        return str(MESSAGES[self.code]) % self.params


def check(file: Readable, name: str, *, max_bytes: int) -> CheckedFile | Refusal:
    """Read a file once, from where it stands, and say what it is or why it is refused."""
    content = file.read(max_bytes + 1)
    if not content:
        return Refusal("upload_empty")
    if len(content) > max_bytes:
        return Refusal("upload_too_large", {"megabytes": f"{max_bytes / 1024 / 1024:g}"})
    kind = sniff(content)
    if kind is None:
        return Refusal("upload_type")
    if not _is_complete(content, kind):
        return Refusal("upload_damaged")
    if kind is Kind.PDF and (code := pdf_fault(content)):
        return Refusal(code)
    return CheckedFile(
        name=safe_name(name, kind),
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


# --- what it is -------------------------------------------------------------------------------

_STARTS: Final[Mapping[Kind, bytes]] = MappingProxyType(
    {Kind.PDF: b"%PDF-", Kind.JPEG: b"\xff\xd8\xff", Kind.PNG: b"\x89PNG\r\n\x1a\n"}
)
_ENDS: Final[Mapping[Kind, bytes]] = MappingProxyType(
    {Kind.PDF: b"%%EOF", Kind.JPEG: b"\xff\xd9", Kind.PNG: b"IEND"}
)


def sniff(content: bytes) -> Kind | None:
    """The accepted kind of this content, or ``None``.

    The library must name it and the file must begin with that kind's mark: a PDF may by its
    standard have rubbish in front, and so be another kind of file as well.
    """
    try:
        named = puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        return None
    kind = next((kind for kind in Kind if kind.content_type == named), None)
    return kind if kind and content.startswith(_STARTS[kind]) else None


def _is_complete(content: bytes, kind: Kind) -> bool:
    """Whether the end mark is there: a line that dropped leaves a file without it."""
    return _ENDS[kind] in content


# --- what it can do ---------------------------------------------------------------------------

_ACTIVE: Final = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)(?![0-9A-Za-z])")
_PROTECTED: Final = re.compile(rb"/Encrypt(?![0-9A-Za-z])")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_OBJECTS: Final = re.compile(rb"/ObjStm(?![0-9A-Za-z])")
_DICTIONARY_REACH: Final = 2048
_INFLATED_AT_MOST: Final = 64 * 1024 * 1024


def pdf_fault(content: bytes) -> str | None:
    """Code of what makes a PDF more than a picture of paper, or ``None``."""
    plain = _unescaped(content)
    if _PROTECTED.search(plain):
        return "upload_pdf_protected"
    if _ACTIVE.search(plain):
        return "upload_pdf_active"
    left = _INFLATED_AT_MOST
    for objects in _object_streams(content):
        if objects is None or len(objects) > left:
            return "upload_damaged"
        left -= len(objects)
        if _ACTIVE.search(_unescaped(objects)):
            return "upload_pdf_active"
    return None


def _unescaped(content: bytes) -> bytes:
    """Names written out: ``/J#61vaScript`` is ``/JavaScript`` to every reader."""
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), content)


def _object_streams(content: bytes) -> Iterator[bytes | None]:
    """Compressed object streams written out; ``None`` for one that cannot be."""
    for stream in _STREAM.finditer(content):
        reach = content[max(0, stream.start() - _DICTIONARY_REACH) : stream.start()]
        dictionary = _unescaped(reach[reach.rfind(b"obj") + 1 :])
        if _OBJECTS.search(dictionary):
            yield _inflated(content, stream.end(), dictionary)


def _inflated(content: bytes, start: int, dictionary: bytes) -> bytes | None:
    if b"/Filter" not in dictionary:
        return content[start : content.find(b"endstream", start)]
    if b"/FlateDecode" not in dictionary or b"/DecodeParms" in dictionary:
        return None
    try:
        return zlib.decompressobj().decompress(content[start:], _INFLATED_AT_MOST + 1)
    except zlib.error:
        return None


# --- its name ---------------------------------------------------------------------------------

_FORBIDDEN: Final = re.compile(r'[<>:"|?*/\\]')
_LONGEST_STEM: Final = 200  # bytes: file systems take 255, and Django adds some
_LONGEST_NAME: Final = 110  # characters: with its suffix the name fits its column
_NAMELESS: Final = "attachment"


def safe_name(name: str, kind: Kind) -> str:
    """A name to keep and to offer for download: Chinese stays, paths and control signs go.

    The suffix is the kind's, whatever the sender wrote: ``报告.pdf.exe`` with a picture inside
    becomes ``报告.pdf.jpg``.
    """
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    # Categories C*: control signs, invisible and direction marks that show gpj.exe as exe.jpg.
    visible = "".join(c for c in last if not unicodedata.category(c).startswith("C"))
    stem = _FORBIDDEN.sub("_", PurePosixPath(visible).stem)
    stem = " ".join(stem.split()).strip(". ").encode()[:_LONGEST_STEM].decode(errors="ignore")
    stem = stem[:_LONGEST_NAME].rstrip(". ")
    return (stem or _NAMELESS) + kind.suffix
