"""QR codes as inline SVG for pages and the printed form.

The picture carries presentation attributes only, no ``style`` and no ``<style>``, so that it passes
a content security policy of ``'self'``; its size comes from the style sheet.
"""

from __future__ import annotations

from typing import Final

import segno
from django.utils.safestring import SafeString, mark_safe

# M restores 15 % of the code: enough for a stamp or a fold on the paper, and still small.
_CORRECTION: Final = "m"
_QUIET_ZONE: Final = 4


def svg(text: str, *, title: str, css_class: str = "qr") -> SafeString:
    """The code of a text, such as an address, as an ``<svg>`` with an accessible title.

    Raises ``ValueError`` for what no code can hold (more than 2,331 bytes) or an empty text.
    """
    if not text:
        raise ValueError("a QR code needs a text")
    code = segno.make(text, error=_CORRECTION, micro=False, boost_error=False)
    picture = code.svg_inline(
        border=_QUIET_ZONE, omitsize=True, svgclass=css_class, lineclass=None, title=title
    )
    accessible = picture.replace("<svg ", '<svg role="img" ', 1)
    return mark_safe(accessible)  # noqa: S308 - segno escapes the title; the rest is geometry
