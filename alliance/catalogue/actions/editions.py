"""Editions of the technique catalogue: drafted, compared, published for a date, never changed."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.institutions.models import Alliance

from .. import policies, rules, selectors
from ..choices import EditionStatus
from ..models import CatalogueEdition, CatalogueEntry, Technique
from ..signals import edition_published


@transaction.atomic
def draft_edition(*, alliance: Alliance, name: str, by: Any, note: str = "") -> CatalogueEdition:
    """Begin a new edition as a copy of the newest published one, in force or to come."""
    require(by, Permission.CATALOGUE_MANAGE, alliance_id=alliance.pk)
    base = selectors.newest_published(alliance_id=alliance.pk)
    edition = CatalogueEdition(alliance=alliance, note=note.strip(), created_by=by)
    _name(edition, name)
    edition.save()
    if base is not None:
        CatalogueEntry.objects.bulk_create(
            CatalogueEntry(
                edition=edition,
                technique_id=entry.technique_id,
                grade=entry.grade,
                tiers=entry.tiers,
                note=entry.note,
            )
            for entry in base.entries.all()
        )
    ledger.record(
        "edition.drafted",
        by=by,
        subject=edition,
        alliance_id=alliance.pk,
        base=str(base.public_id) if base else None,
    )
    return edition


@transaction.atomic
def rename_draft(*, edition: CatalogueEdition, name: str, note: str, by: Any) -> CatalogueEdition:
    """Change the name and the note of a draft."""
    edition = _draft(edition, by)
    _name(edition, name)
    edition.note = note.strip()
    edition.save(update_fields=["name", "note", "updated_at"])
    ledger.record("edition.renamed", by=by, subject=edition, name=edition.name)
    return edition


@transaction.atomic
def discard_draft(*, edition: CatalogueEdition, by: Any) -> None:
    """Throw a draft away with its entries."""
    edition = _draft(edition, by)
    ledger.record(
        "edition.discarded",
        by=by,
        subject=edition,
        alliance_id=edition.alliance_id,
        name=edition.name,
    )
    edition.delete()


@transaction.atomic
def set_entry(
    *,
    edition: CatalogueEdition,
    technique: Technique,
    grade: str,
    tiers: Collection[str],
    by: Any,
    note: str = "",
) -> CatalogueEntry:
    """Grade a technique in a draft and name the tiers where it may be done."""
    edition = _draft(edition, by)
    errors = rules.entry_errors(grade=grade, tiers=tiers, note=note)
    if errors:
        raise ValidationError(errors)
    before = edition.entries.filter(technique=technique).first()
    entry, _created = CatalogueEntry.objects.update_or_create(
        edition=edition,
        technique=technique,
        defaults={
            "grade": grade,
            "tiers": rules.in_tier_order(tiers),
            "note": note.strip()[:200],
        },
    )
    _record_entry(
        "edition.entry_set", edition, technique, by, before=_plain(before), after=_plain(entry)
    )
    return entry


@transaction.atomic
def remove_entry(*, edition: CatalogueEdition, technique: Technique, by: Any) -> None:
    """Take a technique out of a draft; nobody may do it once that edition is in force."""
    edition = _draft(edition, by)
    entry = edition.entries.filter(technique=technique).first()
    if entry is None:
        return
    _record_entry("edition.entry_removed", edition, technique, by, before=_plain(entry))
    entry.delete()


@transaction.atomic
def publish(*, edition: CatalogueEdition, effective_from: date, by: Any) -> CatalogueEdition:
    """Publish a draft for today or a later day; only an alliance's first may look back."""
    edition = _draft(edition, by)
    if not edition.entries.exists():
        raise DomainError("edition_empty", _("An edition without techniques cannot be published."))
    published = CatalogueEdition.objects.published().filter(alliance_id=edition.alliance_id)
    if effective_from < timezone.localdate() and published.exists():
        message = _("An edition takes effect today or later; what was graded before stays so.")
        raise ValidationError({"effective_from": message})
    twin = published.filter(effective_from=effective_from).first()
    if twin is not None:
        message = _("%(name)s already takes effect on that date.") % {"name": twin.name}
        raise ValidationError({"effective_from": message})
    edition.status = EditionStatus.PUBLISHED
    edition.effective_from = effective_from
    edition.published_at = timezone.now()
    edition.published_by = by
    edition.save()
    ledger.record(
        "edition.published",
        by=by,
        subject=edition,
        alliance_id=edition.alliance_id,
        effective_from=str(effective_from),
        entries=edition.entries.count(),
    )
    edition_published.send(sender=CatalogueEdition, edition_id=edition.pk)
    return edition


def _draft(edition: CatalogueEdition, by: Any) -> CatalogueEdition:
    """The edition under lock, if it is a draft of an alliance whose catalogue `by` maintains."""
    require(by, Permission.CATALOGUE_MANAGE, alliance_id=edition.alliance_id)
    # One publication at a time: the alliance's row serialises them.
    Alliance.objects.select_for_update().get(pk=edition.alliance_id)
    locked: CatalogueEdition = CatalogueEdition.objects.select_for_update().get(pk=edition.pk)
    policies.insist_on_draft(by, locked)
    return locked


def _name(edition: CatalogueEdition, name: str) -> None:
    edition.name = name.strip()
    if not edition.name:
        raise ValidationError({"name": _("Give the edition a name.")})
    edition.clean_fields(exclude={"status"})


def _plain(entry: CatalogueEntry | None) -> dict[str, Any] | None:
    return {"grade": entry.grade, "tiers": entry.tiers} if entry else None


def _record_entry(
    action: str, edition: CatalogueEdition, technique: Technique, by: Any, **data: Any
) -> None:
    ledger.record(
        action,
        by=by,
        subject=edition,
        alliance_id=edition.alliance_id,
        technique=technique.code,
        **data,
    )
