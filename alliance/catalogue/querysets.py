"""Rules about sets of diseases, techniques and editions."""

from datetime import date
from typing import Any, Self

from django.db.models import Case, CharField, Q, Value, When
from django.db.models.functions import Cast, Concat, Length, LPad

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.querysets import ReferenceQuerySet

from .choices import EditionStatus


class CodedQuerySet(ReferenceQuerySet):
    """Diseases and techniques: found by code, name or pinyin initials."""

    def search(self, text: str) -> Self:
        """Rows matching `text`: the very code, name or initials, then what is common here.

        Of these the shorter come first (a disease before its complications), then by code; rows
        of a typed code stay in the order of codes. The order is one column, `place`, so that pages can be cut by it.
        """
        text = text.strip()
        if not text:
            return self
        found = (
            Q(code__istartswith=text) | Q(name__icontains=text) | Q(pinyin__contains=text.lower())
        )
        exact = Case(
            When(code__iexact=text, then=Value("0")),
            When(Q(name=text) | Q(pinyin=text.lower()), then=Value("1")),
            default=Value("2"),
        )
        rarity = Case(When(is_common=True, then=Value("0")), default=Value("1"))
        length = Case(
            When(code__istartswith=text, then=Value("000")),
            default=LPad(Cast(Length("name"), CharField()), 3, Value("0")),
        )
        place = Concat(exact, rarity, length, "code", output_field=CharField())
        return self.filter(found).annotate(place=place).order_by("place", "pk")


class EditionQuerySet(ReferenceQuerySet):
    """Editions of a catalogue."""

    def visible_to(self, user: Any) -> Self:
        """Published editions for whoever looks things up; drafts for their alliance's office."""
        access = access_of(user)
        mine = access.alliances_with(Permission.CATALOGUE_MANAGE)
        return (
            super()
            .visible_to(user)
            .filter(Q(status=EditionStatus.PUBLISHED) | Q(alliance__in=mine))
        )

    def published(self) -> Self:
        """Editions that count."""
        return self.filter(status=EditionStatus.PUBLISHED)

    def in_force(self, *, alliance_id: int, on: date) -> Self:
        """The published edition in force for an alliance on a date (at most one row)."""
        return (
            self.published()
            .filter(alliance_id=alliance_id, effective_from__lte=on)
            .order_by("-effective_from")[:1]
        )
