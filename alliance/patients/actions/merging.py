"""Joining two entries of one person."""

from typing import Any

from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction

from .. import policies as may
from ..models import Consent, Patient, PatientAccess, PatientMerge
from ..signals import patients_merged
from .access import checked_reason

# What the kept entry takes over from a merged one where it knows nothing itself.
_FILLED_ON_MERGE = ("phone", "address", "record_number", "deceased_on")


@one_transaction
def merge(
    *,
    keep: Patient,
    merge: Patient,
    reason: str,
    by: Any,
    seen: tuple[int, int] | None = None,
) -> Patient:
    """Join two entries that are one person; `merge` disappears into `keep`.

    Everything that points to the merged entry is moved: accesses and consents here, referrals by
    the listener of `patients_merged`, which refuses by raising. The trace keeps the ids of what
    was moved, so that an administrator of the database can take a wrong merge apart; the software
    itself never does, since what was done on the joined record since cannot be told apart.
    `seen` are the versions of both that the merging person compared.
    """
    kept, merged = _lock_two(keep, merge)
    institution_id = may.require_anywhere(by, Permission.PATIENT_MERGE, kept)
    may.require_anywhere(by, Permission.PATIENT_MERGE, merged)
    reason = checked_reason(reason)
    for entry, version in zip((kept, merged), seen or (None, None), strict=True):
        versions.check(entry, version)
    moved = _move_rows(kept, merged) | {"filled": _complete(kept, merged)}
    merged.merged_into = kept
    merged.version += 1
    merged.save(update_fields=["merged_into", "version", "updated_at"])
    PatientMerge.objects.create(kept=kept, merged=merged, reason=reason, by=by, moved=moved)
    ledger.record(
        "patient.merged",
        by=by,
        subject=kept,
        institution_id=institution_id,
        merged=str(merged.public_id),
        reason=reason,
    )
    patients_merged.send(sender=Patient, kept_id=kept.pk, merged_id=merged.pk)
    return kept


def _lock_two(keep: Patient, merge: Patient) -> tuple[Patient, Patient]:
    """Lock both in key order, against all who write rows pointing to either."""
    if keep.pk == merge.pk:
        raise DomainError("merge_same", _("This is one and the same entry."))
    rows = Patient.objects.select_for_update().filter(pk__in=[keep.pk, merge.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if any(row.merged_into_id for row in found.values()):
        raise DomainError("already_merged", _("One of the two was merged in the meantime."))
    return found[keep.pk], found[merge.pk]


def _move_rows(kept: Patient, merged: Patient) -> dict[str, list[int]]:
    """Hand accesses and consents over; return what was moved."""
    have = PatientAccess.objects.filter(patient=kept).values("institution")
    accesses = PatientAccess.objects.filter(patient=merged)
    consents = Consent.objects.filter(patient=merged)
    moved = {
        "accesses": sorted(accesses.values_list("institution", flat=True)),
        "consents": sorted(consents.values_list("pk", flat=True)),
    }
    accesses.exclude(institution__in=have).update(patient=kept)
    accesses.delete()
    consents.update(patient=kept)
    return moved


def _complete(kept: Patient, merged: Patient) -> list[str]:
    """Fill what the kept entry does not know from the merged one; return the names of fields."""
    filled = [
        field for field in _FILLED_ON_MERGE if getattr(merged, field) and not getattr(kept, field)
    ]
    for field in filled:
        setattr(kept, field, getattr(merged, field))
    kept.version += 1
    kept.save()
    return filled
