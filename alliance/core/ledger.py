"""The audit ledger: explicit lines, append-only by trigger, sealed into a hash chain.

Each seal is SHA-256 over the previous digest and a canonical text of the entry, so changing,
removing or reordering any sealed entry breaks the chain from there on. The order of the chain is
the order of sealing, not of the entries' ids: a transaction that commits late has low ids and is
simply sealed later. Nothing in the chain depends on the server it lives on, so it survives a
restore elsewhere.

Whoever holds the database could cut off the end of the chain and seal anew. Against that the head
is written to the log after each run; `verify_ledger --head` looks for a head noted earlier.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .context import client_ip, request_id
from .models import AuditEntry, LedgerSeal

log = logging.getLogger(__name__)

GENESIS = bytes(32)
BATCH = 10_000
# A transaction that stays open longer than this is looked for by the daily run only.
WINDOW = timedelta(hours=1)
_LOCK = 0x59494C49414E  # one sealer at a time: the chain has one head


def record(
    action: str,
    *,
    by: Any,
    subject: models.Model,
    institution_id: int | None = None,
    **data: Any,
) -> AuditEntry:
    """Write one line: `by` did `action` to `subject`; `data` holds no identifying values."""
    return AuditEntry.objects.create(
        action=action,
        actor=by,
        institution_id=institution_id,
        subject_type=subject._meta.label,
        subject_id=str(getattr(subject, "public_id", None) or subject.pk),
        data=json.loads(json.dumps(data, cls=DjangoJSONEncoder, allow_nan=False)),
        request_id=request_id.get(),
        ip=client_ip.get(),
    )


def canonical(entry: AuditEntry) -> bytes:
    """The bytes of an entry that the chain protects: every column, in a fixed order.

    The moment is written in UTC, whatever zone the connection speaks.
    """
    columns = [
        entry.pk,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.institution_id,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.data,
        entry.request_id,
        entry.ip,
    ]
    return json.dumps(columns, ensure_ascii=False, sort_keys=True).encode()


def link(previous: bytes, entry: AuditEntry) -> bytes:
    """The digest of `entry` in a chain whose last digest is `previous`."""
    return hashlib.sha256(previous + canonical(entry)).digest()


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many seals, and the last digest."""

    position: int
    digest: bytes


def head() -> Head:
    """The chain's end as it stands."""
    last = LedgerSeal.objects.order_by("-id").first()
    return Head(last.pk, bytes(last.digest)) if last else Head(0, GENESIS)


@transaction.atomic
def seal(*, limit: int = BATCH, window: timedelta | None = WINDOW) -> int:
    """Append up to `limit` unsealed entries to the chain; return how many.

    Every statement after the lock sees what the sealer before us committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    end = head()
    position, digest = end.position, end.digest
    seals = []
    for entry in unsealed(window)[:limit]:
        position, digest = position + 1, link(digest, entry)
        seals.append(LedgerSeal(id=position, entry=entry, digest=digest))
    LedgerSeal.objects.bulk_create(seals, batch_size=2000)
    return len(seals)


def seal_all(*, window: timedelta | None = WINDOW) -> int:
    """Seal batch by batch until nothing is left, and note the head where the database cannot reach."""
    total = 0
    while count := seal(limit=BATCH, window=window):
        total += count
        if count < BATCH:
            break
    if total:
        end = head()
        facts = {"position": end.position, "head": end.digest.hex()}
        log.info("ledger sealed up to %(position)s, head %(head)s", facts)
    return total


def unsealed(window: timedelta | None = WINDOW) -> models.QuerySet[AuditEntry]:
    """Entries without a seal, oldest first; only those younger than `window`, where given.

    Younger means an id above the newest entry that was sealed a window ago: the cost follows what
    came in since, not what was ever written.
    """
    entries = AuditEntry.objects.filter(~Exists(LedgerSeal.objects.filter(entry=OuterRef("pk"))))
    if window is not None:
        old = LedgerSeal.objects.filter(sealed_at__lt=timezone.now() - window)
        floor = old.order_by("-id").values_list("entry_id", flat=True).first()
        entries = entries.filter(pk__gt=floor or 0)
    return entries.order_by("id")


@dataclass(frozen=True)
class Break:
    """Where the chain stops being true."""

    position: int
    entry_id: int | None
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole chain found; `expected_at` is where the noted head was seen."""

    held: int
    digest: bytes
    broken: Break | None
    expected_at: int | None = None


def verify(*, expected: bytes | None = None) -> Verdict:
    """Recompute the whole chain; say how many entries hold and which one does not first."""
    held, digest, expected_at = 0, GENESIS, None
    for seal_ in _chain():
        fault = _fault(seal_, held, digest)
        if fault:
            return Verdict(held, digest, Break(seal_.pk, seal_.entry_id, fault), expected_at)
        held, digest = seal_.pk, bytes(seal_.digest)
        if digest == expected:
            expected_at = held
    if (end := head()).position > held:
        return Verdict(held, digest, Break(end.position, None, "its entry is gone"), expected_at)
    return Verdict(held, digest, None, expected_at)


def _fault(seal_: LedgerSeal, held: int, digest: bytes) -> str:
    if seal_.pk != held + 1:
        return "a line before it is gone"
    if link(digest, seal_.entry) != bytes(seal_.digest):
        return "it was changed"
    return ""


def _chain() -> Iterator[LedgerSeal]:
    return LedgerSeal.objects.select_related("entry").order_by("id").iterator(chunk_size=2000)
