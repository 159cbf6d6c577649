"""Cells that a spreadsheet would run as a formula are disarmed on the way out, and read back."""

# What starts a formula in Excel, LibreOffice or WPS; the apostrophe keeps the way back unambiguous.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "'")


def guard(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet might calculate it."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unguard(text: str) -> str:
    """The text as it was before `guard`."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_DANGEROUS) else text
