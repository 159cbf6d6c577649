"""Editions of the technique catalogue: drafted, compared, published for a date, never changed."""

from collections.abc import Collection, Mapping
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
from ..choices import SCORES, EditionStatus
from ..models import CatalogueEdition, CatalogueEntry, EntryDisease, Technique
from ..signals import edition_published
from .copying import copy_contents


@transaction.atomic
def draft_edition(*, alliance: Alliance, name: str, by: Any, note: str = "") -> CatalogueEdition:
    """Begin a new edition as a copy of the newest published one, in force or to come."""
    require(by, Permission.CATALOGUE_MANAGE, alliance_id=alliance.pk)
    base = selectors.newest_published(alliance_id=alliance.pk)
    edition = CatalogueEdition(alliance=alliance, note=note.strip(), created_by=by)
    _name(edition, name)
    edition.save()
    if base is not None:
        copy_contents(base=base, edition=edition)
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
    edition = draft_of(edition, by)
    _name(edition, name)
    edition.note = note.strip()
    edition.save(update_fields=["name", "note", "updated_at"])
    ledger.record("edition.renamed", by=by, subject=edition, name=edition.name)
    return edition


@transaction.atomic
def discard_draft(*, edition: CatalogueEdition, by: Any) -> None:
    """Throw a draft away with its entries."""
    edition = draft_of(edition, by)
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
    scores: Mapping[str, int | None] | None = None,
    reason: str = "",
    diseases: Mapping[int, str] | None = None,
) -> CatalogueEntry:
    """Grade a technique in a draft and name the tiers where it may be done.

    `scores` by name and `diseases` (id to tier) stay as they are where they are not given. A grade
    other than the one the scores propose needs its `reason`.
    """
    edition = draft_of(edition, by)
    before = edition.entries.filter(technique=technique).first()
    given = {name: getattr(before, name, None) for name in SCORES} | dict(scores or {})
    treated = _spectrum(before) if diseases is None else dict(diseases)
    _check(edition, technique, given, treated, grade=grade, tiers=tiers, note=note, reason=reason)
    plain = _plain(before)
    entry, _created = CatalogueEntry.objects.update_or_create(
        edition=edition,
        technique=technique,
        defaults={
            "grade": grade,
            "tiers": rules.in_tier_order(tiers),
            "note": note.strip()[:200],
            "reason": reason.strip()[:200],
            **given,
        },
    )
    if diseases is not None:
        _treat(entry, treated)
    _record_entry("edition.entry_set", edition, technique, by, before=plain, after=_plain(entry))
    return entry


def _check(
    edition: CatalogueEdition,
    technique: Technique,
    scores: Mapping[str, int | None],
    treated: Mapping[int, str],
    *,
    grade: str,
    tiers: Collection[str],
    note: str,
    reason: str,
) -> None:
    """ValidationError where the entry cannot be so, by today's policy of grading."""
    errors = rules.entry_errors(grade=grade, tiers=tiers, note=note)
    errors = errors or rules.score_errors(scores) or rules.spectrum_errors(treated.values())
    if not errors:
        grading = selectors.grading_of(alliance_id=edition.alliance_id, on=timezone.localdate())
        facts = selectors.grading_facts(technique, scores, treated.values())
        proposal = rules.propose(facts, grading)
        errors = rules.reason_needed(grade=grade, proposal=proposal, reason=reason)
    if errors:
        raise ValidationError(errors)


def _spectrum(entry: CatalogueEntry | None) -> dict[int, str]:
    return dict(entry.spectrum.values_list("disease_id", "tier")) if entry else {}


def _treat(entry: CatalogueEntry, treated: Mapping[int, str]) -> None:
    """The diseases of an entry, exactly these."""
    if _spectrum(entry) == treated:
        return
    entry.spectrum.all().delete()
    EntryDisease.objects.bulk_create(
        EntryDisease(entry=entry, disease_id=pk, tier=tier) for pk, tier in treated.items()
    )


@transaction.atomic
def remove_entry(*, edition: CatalogueEdition, technique: Technique, by: Any) -> None:
    """Take a technique out of a draft; nobody may do it once that edition is in force."""
    edition = draft_of(edition, by)
    entry = edition.entries.filter(technique=technique).first()
    if entry is None:
        return
    _record_entry("edition.entry_removed", edition, technique, by, before=_plain(entry))
    entry.delete()


@transaction.atomic
def publish(*, edition: CatalogueEdition, effective_from: date, by: Any) -> CatalogueEdition:
    """Publish a draft for today or a later day; only an alliance's first may look back."""
    edition = draft_of(edition, by)
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


def draft_of(edition: CatalogueEdition, by: Any) -> CatalogueEdition:
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
    if entry is None:
        return None
    scores = {name: getattr(entry, name) for name in SCORES}
    given = {name: score for name, score in scores.items() if score is not None}
    reason = {"reason": entry.reason} if entry.reason else {}
    return {"grade": entry.grade, "tiers": entry.tiers, **given, **reason}


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
