"""Second factors at rest: their keys are sealed, and sealed again when the keys change."""

from typing import Any

from allauth.mfa.models import Authenticator

from alliance.core import crypto

# Where allauth keeps what its adapter sealed.
_SEALED, _SEALED_LISTS = ("secret", "seed"), ("migrated_codes",)


def rotate_second_factors() -> int:
    """Seal every device's key again under the newest key; return how many were rewritten.

    A row is rewritten only where it still holds what was read.
    """
    rewritten = 0
    for pk, data in Authenticator.objects.order_by("pk").values_list("pk", "data").iterator():
        fresh = _rotated(data)
        if fresh != data:
            rewritten += Authenticator.objects.filter(pk=pk, data=data).update(data=fresh)
    return rewritten


def _rotated(data: dict[str, Any]) -> dict[str, Any]:
    one = {name: crypto.rotate(data[name]) for name in _SEALED if name in data}
    many = {
        name: [crypto.rotate(text) for text in data[name]] for name in _SEALED_LISTS if name in data
    }
    return {**data, **one, **many}
