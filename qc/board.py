"""The office's board: open findings by house and weight, and by check."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.core.choices import Severity
from alliance.institutions.models import Institution

from .choices import Standing
from .models import Finding
from .presenters import title

GRAVEST_FIRST = tuple(reversed(Severity))


@dataclass(frozen=True, slots=True)
class House:
    """One institution's open findings."""

    institution: Institution
    counts: list[int]
    total: int

    @property
    def by_severity(self) -> list[tuple[str, int]]:
        """The counts with what they count: on a phone a table is a list."""
        return [
            (str(one.label), count) for one, count in zip(GRAVEST_FIRST, self.counts, strict=True)
        ]

    @property
    def url(self) -> str:
        """Its findings."""
        return f"{reverse('qc:findings')}?institution={self.institution.public_id}"


@dataclass(frozen=True, slots=True)
class Board:
    """Counts of open findings: `houses` the worst first, `checks` as (code, title, count)."""

    houses: list[House]
    checks: list[tuple[str, str, int]]
    by_severity: list[tuple[str, str, int]]


def board(user: Any, *, on: date) -> Board:
    """The open findings that a reader sees, counted in one query."""
    counted = (
        Finding.objects.visible_to(user)
        .standing(Standing.OPEN, on)
        .values("institution_id", "severity", "check_code")
        .annotate(count=Count("pk"))
        .order_by()
    )
    by_house: dict[int, Counter[str]] = {}
    by_check: Counter[str] = Counter()
    by_severity: Counter[str] = Counter()
    for row in counted:
        by_house.setdefault(row["institution_id"], Counter())[row["severity"]] += row["count"]
        by_check[row["check_code"]] += row["count"]
        by_severity[row["severity"]] += row["count"]
    return Board(
        _houses(by_house),
        [(code, title(code), count) for code, count in by_check.most_common()],
        [(one.value, str(one.label), by_severity[one]) for one in GRAVEST_FIRST],
    )


def _houses(by_house: dict[int, Counter[str]]) -> list[House]:
    institutions = Institution.objects.in_bulk(by_house)
    houses = [
        House(institutions[pk], [counts[severity] for severity in GRAVEST_FIRST], counts.total())
        for pk, counts in by_house.items()
    ]
    return sorted(houses, key=lambda one: ([-n for n in one.counts], one.institution.name))


def bars(found: Board) -> dict[str, Any]:
    """Open findings by check, as bars that lead to the list."""
    address = reverse("qc:findings")
    return {
        "headers": [_("Check"), _("Open findings")],
        "rows": [
            [name, {"text": count, "value": count, "url": f"{address}?check={code}"}]
            for code, name, count in found.checks
        ],
    }
