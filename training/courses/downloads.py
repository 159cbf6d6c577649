"""Handing out files of courses: whole as a download, or in pieces as a video player asks."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 64 * 1024


def download(file: Any, *, name: str, content_type: str) -> FileResponse:
    """A stored file as itself and nothing else: never sniffed, run or framed."""
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=content_type
    )
    return _guarded(response)


def stream(request: HttpRequest, file: Any, *, content_type: str) -> Any:
    """A video, or the piece of it that a player asks for (RFC 9110 §14), so that it can seek."""
    size = file.size
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        response = FileResponse(file.open("rb"), content_type=content_type)
        response["Accept-Ranges"] = "bytes"
        return _guarded(response)
    first, last = _bounds(asked[1], asked[2], size)
    if first >= size or last < first:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    piece = StreamingHttpResponse(_read(file, first, last), status=206, content_type=content_type)
    piece["Content-Length"] = str(last - first + 1)
    piece["Content-Range"] = f"bytes {first}-{last}/{size}"
    piece["Accept-Ranges"] = "bytes"
    return _guarded(piece)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and last byte; `-500` asks for the last 500."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _read(file: Any, first: int, last: int) -> Iterator[bytes]:
    with file.open("rb") as opened:
        opened.seek(first)
        left = last - first + 1
        while left > 0 and (piece := opened.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece


def _guarded(response: Any) -> Any:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
