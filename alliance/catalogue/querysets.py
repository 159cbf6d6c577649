"""Rules about sets of diseases, techniques and editions."""

import re
from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Func, Q, TextField, Value, When
from django.db.models.functions import Cast, Concat, Length, LPad, Upper

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.querysets import ReferenceQuerySet

from .choices import EditionStatus

# Chinese names: the plane of ideographs in everyday use.
_HAN = re.compile("[\u4e00-\u9fff]")
# From so many characters on their order does not matter: fewer stand together by chance.
_ANY_ORDER = 4


def letters(name: str) -> Func:
    """The characters of a name, as they are indexed (see Technique)."""
    return Func(
        Upper(name),
        function="string_to_array",
        template="%(function)s(%(expressions)s, NULL)",
        output_field=ArrayField(TextField()),
    )


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
        nearness = Case(
            When(code__iexact=text, then=Value("0")),
            When(Q(name=text) | Q(pinyin=text.lower()), then=Value("1")),
            *self._nearer(text),
            default=Value("4"),
        )
        rarity = Case(When(is_common=True, then=Value("0")), default=Value("1"))
        length = Case(
            When(code__istartswith=text, then=Value("000")),
            default=LPad(Cast(Length("name"), CharField()), 3, Value("0")),
        )
        place = Concat(nearness, rarity, length, "code", output_field=CharField())
        return self.matching(text).annotate(place=place).order_by("place", "pk")

    def matching(self, text: str) -> Self:
        """Rows that `text` may mean, in no order of their own."""
        return self.filter(self._literally(text))

    def _literally(self, text: str) -> Q:
        return (
            Q(code__istartswith=text) | Q(name__icontains=text) | Q(pinyin__contains=text.lower())
        )

    def _nearer(self, text: str) -> list[When]:
        """What else tells near from far, the nearest first."""
        return []


class TechniqueQuerySet(CodedQuerySet):
    """Techniques: found also by words in any order, and where a name says more than was typed."""

    def matching(self, text: str) -> Self:
        """By code, initials and name; by the characters of the name where Chinese is typed.

        “腹腔镜阑尾切除” finds “腹腔镜下阑尾切除术”, and so does “阑尾 腹腔镜”: each word's
        characters in their order, or all of them in any order where they are many.
        """
        words = _words(text)
        if not _HAN.search(text):
            return self.filter(self._literally(text))
        typed = sorted(set("".join(words)))
        rows: Self = self.alias(letters=letters("name")).filter(letters__contains=typed)
        return rows if len(typed) >= _ANY_ORDER else rows.filter(_in_order(words))

    def _nearer(self, text: str) -> list[When]:
        """What begins with it, what holds it, what has its words; the rest is only similar."""
        begins = Q(code__istartswith=text) | Q(name__istartswith=text)
        begins |= Q(pinyin__startswith=text.lower())
        return [
            When(begins, then=Value("2")),
            When(self._literally(text) | _in_order(_words(text)), then=Value("3")),
        ]


def _words(text: str) -> list[str]:
    """What was typed, word by word; “手术” is said of everything, names end in “术”."""
    return text.upper().replace("手术", "术").split()


def _in_order(words: list[str]) -> Q:
    """Every word's characters stand in the name in their order."""
    found = Q()
    for word in words:
        found &= Q(name__iregex=".*".join(re.escape(one) for one in word))
    return found


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
