"""Rules about sets of diseases, techniques and editions."""

from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from alliance.institutions.querysets import ReferenceQuerySet

from .choices import EditionStatus


class CodedQuerySet(ReferenceQuerySet):
    """Diseases and techniques: found by code, name or pinyin initials."""

    def search(self, text: str) -> "CodedQuerySet":
        """Rows matching `text`, the closest first: exact code, then beginnings, then parts."""
        text = text.strip()
        if not text:
            return self
        found = (
            Q(code__istartswith=text) | Q(name__icontains=text) | Q(pinyin__contains=text.lower())
        )
        nearness = Case(
            When(code__iexact=text, then=Value(0)),
            When(Q(name=text) | Q(pinyin=text.lower()), then=Value(1)),
            When(Q(name__startswith=text) | Q(pinyin__startswith=text.lower()), then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        return self.filter(found).order_by(nearness, "-is_common", "code")


class EditionQuerySet(ReferenceQuerySet):
    """Editions of a catalogue."""

    def published(self) -> "EditionQuerySet":
        """Editions that count."""
        return self.filter(status=EditionStatus.PUBLISHED)

    def in_force(self, *, alliance_id: int, on: date) -> "EditionQuerySet":
        """The published edition in force for an alliance on a date (at most one row)."""
        return (
            self.published()
            .filter(alliance_id=alliance_id, effective_from__lte=on)
            .order_by("-effective_from")[:1]
        )

    def for_user_list(self, alliance_ids: list[int]) -> Any:
        """Editions of these alliances, the newest first, drafts on top."""
        return self.filter(alliance__in=alliance_ids).order_by("status", "-effective_from")
