"""Creates that may be repeated: the same key and body give the same answer, once.

The key row is inserted in the transaction of the work itself. A twin request waits on the
unique index until that transaction ends, then finds the answer or, after a rollback, works.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from .errors import KeyReused
from .models import IdempotencyKey
from .transactions import one_transaction

MAX_KEY = 120


@dataclass(frozen=True)
class Remembered:
    """The answer to a create: `data` is JSON-ready, `replayed` tells a repeat from the first."""

    data: dict[str, Any]
    replayed: bool


def fingerprint(body: Any) -> str:
    """A keyed digest of a request body, independent of key order.

    Bodies hold ID numbers; without the key nobody can try numbers against the digests.
    """
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(settings.LOOKUP_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@one_transaction
def once(*, scope: str, key: str, body: Any, perform: Callable[[], dict[str, Any]]) -> Remembered:
    """Run `perform` at most once per (scope, key) and hand out its answer ever after.

    Raises KeyReused when the key was used with another body. An empty key means no protection.
    """
    if not key:
        return Remembered(perform(), replayed=False)
    if len(key) > MAX_KEY:
        # Cut off, two long keys could become one.
        key = fingerprint(key)
    digest = fingerprint(body)
    if _claim(scope, key, digest):
        answer = perform()
        IdempotencyKey.objects.filter(scope=scope, key=key).update(answer=answer)
        return Remembered(answer, replayed=False)
    known = IdempotencyKey.objects.get(scope=scope, key=key)
    if known.fingerprint != digest:
        raise KeyReused(
            "idempotency_key_reused",
            _("This idempotency key was already used with another body. Use a new key."),
        )
    return Remembered(known.answer, replayed=True)


def forget(*, before: datetime) -> int:
    """Drop answers given before a moment; a key used again later is a new one."""
    return int(IdempotencyKey.objects.filter(created_at__lt=before).delete()[0])


def _claim(scope: str, key: str, digest: str) -> bool:
    """Insert the key row; False when it is already there (after waiting for its transaction)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_idempotencykey (scope, key, fingerprint, answer)"
            " VALUES (%s, %s, %s, '{}') ON CONFLICT (scope, key) DO NOTHING",
            [scope, key, digest],
        )
        return cursor.rowcount == 1
