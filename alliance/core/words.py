"""Names that came with the platform, in the language of who reads; what people typed stays."""

from typing import Any

from django.conf import settings
from django.utils.translation import override


def in_own_language(name: str, label: Any) -> str:
    """What `label` says to the reader, where `name` is the same in any language; else `name`."""
    if label is None or not name:
        return name
    for language, _called in settings.LANGUAGES:
        with override(language):
            if str(label) == name:
                break
    else:
        return name
    return str(label)
