"""What a draft asks of institutions and operators."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.saving import store

from ..choices import KINDS_OF, Side
from ..models import CatalogueEdition, Requirement, Technique
from .editions import draft_of


@transaction.atomic
def set_requirement(
    *,
    edition: CatalogueEdition,
    side: str,
    kind: str,
    minimum: int,
    source: str,
    by: Any,
    grade: str = "",
    technique: Technique | None = None,
    subject: str = "",
    unit: str = "",
    is_verified: bool = False,
) -> Requirement:
    """Ask something in a draft, of a grade or of one technique; the same thing asked again changes."""
    edition = draft_of(edition, by)
    if side in Side.values and kind not in KINDS_OF[side]:
        raise ValidationError({"kind": _("This is not asked of that side.")})
    key = {"grade": grade, "technique": technique, "side": side, "kind": kind}
    key["subject"] = subject.strip()
    row = edition.requirements.filter(**key).first() or Requirement(edition=edition, **key)
    row.minimum, row.unit, row.source = minimum, unit.strip(), source.strip()
    row.is_verified = is_verified
    if not row.minimum:
        raise ValidationError({"minimum": _("Ask for one at least.")})
    store(row)
    _record("edition.requirement_set", row, by)
    return row


@transaction.atomic
def remove_requirement(*, requirement: Requirement, by: Any) -> None:
    """Ask something no longer, in a draft."""
    draft_of(requirement.edition, by)
    _record("edition.requirement_removed", requirement, by)
    requirement.delete()


def _record(act: str, row: Requirement, by: Any) -> None:
    ledger.record(
        act,
        by=by,
        subject=row.edition,
        alliance_id=row.edition.alliance_id,
        technique=row.technique.code if row.technique else "",
        grade=row.grade,
        requirement_kind=row.kind,
        subject_of=row.subject,
        minimum=row.minimum,
    )
