"""Editions of the base configuration: drafted, published for a date, never changed."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance

from .. import policies, selectors
from ..choices import EditionStatus
from ..models import Standard, StandardItem


@one_transaction
def draft(*, alliance: Alliance, name: str, by: Any, note: str = "") -> Standard:
    """Begin a new edition as a copy of the newest published one, in force or to come."""
    require(by, Permission.EQUIPMENT_STANDARD, alliance_id=alliance.pk)
    base = selectors.newest_published(alliance_id=alliance.pk)
    row = Standard(alliance=alliance, name=name.strip(), note=note.strip(), created_by=by)
    # The database's own first status: a row that is not saved yet holds no word to look at.
    row.status = EditionStatus.DRAFT
    store(row)
    if base is not None:
        StandardItem.objects.bulk_create(
            StandardItem(
                standard=row,
                tier=item.tier,
                type_id=item.type_id,
                minimum=item.minimum,
                max_age_years=item.max_age_years,
                purpose=item.purpose,
            )
            for item in base.items.order_by("pk")
        )
    ledger.record("configuration.drafted", by=by, subject=row, alliance_id=alliance.pk)
    return row


@one_transaction
def discard(*, standard: Standard, by: Any) -> None:
    """Throw a draft away with its lines."""
    row = draft_of(standard, by)
    ledger.record(
        "configuration.discarded", by=by, subject=row, alliance_id=row.alliance_id, name=row.name
    )
    row.delete()


@one_transaction
def publish(*, standard: Standard, effective_from: date, on: date, by: Any) -> Standard:
    """Publish a draft for today or a later day; only an alliance's first may look back."""
    row = draft_of(standard, by)
    if not row.items.exists():
        raise DomainError(
            "edition_empty", _("An edition that asks for nothing cannot be published.")
        )
    published = Standard.objects.published().filter(alliance=row.alliance_id)
    if effective_from < on and published.exists():
        message = _("An edition takes effect today or later; what was asked before stays so.")
        raise ValidationError({"effective_from": message})
    row.status = EditionStatus.PUBLISHED
    row.effective_from = effective_from
    row.published_at, row.published_by = timezone.now(), by
    store(row)
    ledger.record(
        "configuration.published",
        by=by,
        subject=row,
        alliance_id=row.alliance_id,
        effective_from=effective_from,
    )
    return row


def draft_of(standard: Standard, by: Any) -> Standard:
    """The edition under lock, if it is a draft of an alliance that `by` maintains."""
    require(by, Permission.EQUIPMENT_STANDARD, alliance_id=standard.alliance_id)
    # One publication at a time: the alliance's row serialises them.
    Alliance.objects.select_for_update().get(pk=standard.alliance_id)
    locked: Standard = Standard.objects.select_for_update().get(pk=standard.pk)
    policies.insist_on_draft(by, locked)
    return locked
