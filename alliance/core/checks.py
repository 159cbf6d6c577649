"""System checks: wrong settings stop the start with an id and a sentence."""

import base64
import binascii
from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Encryption and look-up keys are there and of the right size."""
    errors = []
    if not settings.FIELD_ENCRYPTION_KEYS or not all(map(_is_key, settings.FIELD_ENCRYPTION_KEYS)):
        hint = "Each key is urlsafe base64 of 32 bytes, the newest first."
        errors.append(
            Error("FIELD_ENCRYPTION_KEYS is missing or malformed.", hint=hint, id="core.E001")
        )
    if len(settings.LOOKUP_KEY) < 16:
        errors.append(Error("LOOKUP_KEY needs at least 16 characters.", id="core.E002"))
    return errors


def _is_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text.encode())) == 32
    except (binascii.Error, ValueError):
        return False
