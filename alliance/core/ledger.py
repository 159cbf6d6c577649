"""The audit ledger: explicit lines, append-only by trigger, sealed into a hash chain.

Each seal is SHA-256 over the previous digest and a canonical text of the entry, so changing,
removing or reordering any sealed entry breaks the chain from there on. Sealing runs behind
writing: entries whose transaction is still open must not be overtaken, hence the wait for
the horizon below which every transaction has ended.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

from .context import client_ip, request_id
from .models import AuditEntry, LedgerSeal

GENESIS = bytes(32)
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
        data=data,
        request_id=request_id.get(),
        ip=client_ip.get(),
    )


def canonical(entry: AuditEntry) -> bytes:
    """The bytes of an entry that the chain protects: every column, in a fixed order."""
    columns = [
        entry.pk,
        entry.at.isoformat(),
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


@transaction.atomic
def seal(*, limit: int = 10_000) -> int:
    """Append up to `limit` settled, unsealed entries to the chain; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    head = LedgerSeal.objects.order_by("-id").values_list("digest", flat=True).first()
    digest = bytes(head) if head is not None else GENESIS
    seals = []
    for entry in _unsealed()[:limit]:
        digest = link(digest, entry)
        seals.append(LedgerSeal(entry=entry, digest=digest))
    LedgerSeal.objects.bulk_create(seals, batch_size=2000)
    return len(seals)


def _unsealed() -> models.QuerySet[AuditEntry]:
    """Entries without a seal whose transaction is over, oldest first."""
    settled = RawSQL(
        "core_auditentry.xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        " OR core_auditentry.at < now() - interval '1 hour'",
        [],
        output_field=models.BooleanField(),
    )
    return AuditEntry.objects.filter(settled, seal=None).order_by("id")


@dataclass(frozen=True)
class Break:
    """Where the chain stops being true."""

    entry_id: int
    reason: str


def verify() -> tuple[int, Break | None]:
    """Recompute the whole chain; return how many entries hold and the first that does not."""
    digest, held = GENESIS, 0
    for position in _chain():
        digest = link(digest, position.entry)
        if digest != bytes(position.digest):
            return held, Break(position.entry_id, "changed, or a line before it is gone")
        held += 1
    return held, None


def _chain() -> Iterator[LedgerSeal]:
    return LedgerSeal.objects.select_related("entry").order_by("id").iterator(chunk_size=2000)
