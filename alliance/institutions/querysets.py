"""Rules about sets of institutions."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, FilteredRelation, IntegerField, Q, Value, When

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .choices import TIER_RANK


def tier_order(field: str) -> Case:
    """An ordering expression: tertiary first, village clinics last."""
    ranks = [When(**{field: tier}, then=Value(-rank)) for tier, rank in TIER_RANK.items()]
    return Case(*ranks, output_field=IntegerField())


class InForceQuerySet(models.QuerySet[Any]):
    """Rows with a half-open period [valid_from, valid_until)."""

    def in_force(self, on: date) -> Self:
        """Rows whose period holds `on`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)


def joined(rows: models.QuerySet[Any], path: str, on: date) -> models.QuerySet[Any]:
    """Rows with `alliance_id` and the alias `membership`: once for each alliance joined on a date.

    `path` leads from a row to the memberships of its institution.
    """
    lasts = Q(**{f"{path}__valid_until": None}) | Q(**{f"{path}__valid_until__gt": on})
    holds = lasts & Q(**{f"{path}__valid_from__lte": on})
    return rows.alias(membership=FilteredRelation(path, condition=holds)).annotate(
        alliance_id=F("membership__alliance_id")
    )


def may_look_up(user: Any) -> bool:
    """Whether a person may see reference data at all."""
    return Permission.REFERENCE_VIEW in access_of(user).everywhere()


class ReferenceQuerySet(models.QuerySet[Any]):
    """Reference data of the alliance: whoever may look things up sees all of it."""

    def visible_to(self, user: Any) -> Self:
        """All rows for people with the look-up permission anywhere, none for others."""
        return self if may_look_up(user) else self.none()


class InstitutionQuerySet(ReferenceQuerySet):
    """Institutions, found by name or pinyin initials."""

    def search(self, text: str) -> Self:
        """Rows whose name, initials or credit code hold `text`."""
        text = text.strip()
        if not text:
            return self
        return self.filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(pinyin__contains=text.lower())
            | Q(uscc=text.upper())
        )

    def members_of(self, alliance_ids: Iterable[int], on: date) -> Self:
        """Institutions in these alliances on a date, with `alliance_id`; once for each."""
        return joined(self, "memberships", on).filter(alliance_id__in=alliance_ids)  # type: ignore[return-value]


class DepartmentQuerySet(ReferenceQuerySet):
    """Departments, found by name, pinyin initials or code."""

    def search(self, text: str) -> Self:
        """Rows whose name, initials or code hold `text`."""
        text = text.strip()
        if not text:
            return self
        return self.filter(
            Q(name__icontains=text) | Q(pinyin__contains=text.lower()) | Q(code__iexact=text)
        )


class MembershipQuerySet(InForceQuerySet):
    """Memberships: reference data with a period."""

    def visible_to(self, user: Any) -> Self:
        """All rows for people with the look-up permission anywhere, none for others."""
        return self if may_look_up(user) else self.none()

    def for_list(self) -> Self:
        """With what a row shows, the highest tier first."""
        return self.select_related("institution", "institution__parent").order_by(
            tier_order("institution__tier"), "institution__name", "valid_from"
        )


class MatrixQuerySet(ReferenceQuerySet):
    """Relations of the matrix."""

    def allowed(self) -> Self:
        """Relations that are open."""
        return self.filter(is_allowed=True)
