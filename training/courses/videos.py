"""Videos of courses: which files are ones that browsers play, told by their content."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any, Final

from django.utils.translation import gettext as _

MEDIA_TYPE: Final = "video/mp4"
SUFFIX: Final = ".mp4"
_LONGEST_STEM: Final = 110
_FORBIDDEN: Final = re.compile(r'[<>:"|?*/\\\x00-\x1f]')


def fault(file: Any, *, max_bytes: int) -> str:
    """Why a file is not taken as a video; empty where it is an MP4 within the limit.

    An MP4 begins with a box of type `ftyp` (ISO/IEC 14496-12 §4.3). The name says nothing.
    """
    file.seek(0)
    head = file.read(12)
    file.seek(0)
    if head[4:8] != b"ftyp":
        return _("Only MP4 videos are accepted. Save the recording as MP4 (H.264) first.")
    if file.size > max_bytes:
        message = _("The video is larger than %(megabytes)s MB. Cut it into parts.")
        return message % {"megabytes": f"{max_bytes / 1024 / 1024:g}"}
    return ""


def safe_name(name: str | None) -> str:
    """A name to keep and to offer for download, with the suffix of what it is."""
    stem = _FORBIDDEN.sub("_", PurePosixPath(name or "").stem).strip(". ")[:_LONGEST_STEM]
    return (stem or "video") + SUFFIX
