"""What the pages of the catalogue show, put into words and rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.core.listing import chips, listing
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance

from . import policies, rules, selectors
from .choices import EditionStatus, TechniqueGrade
from .models import CatalogueEdition, CatalogueEntry, Technique
from .page_filters import EditionEntryFilter, TechniqueAsOfFilter

KINDS = {
    "": _("All changes"),
    "added": _("added"),
    "changed": _("changed"),
    "removed": _("taken out"),
}


def with_entry(rows: QuerySet[Technique], edition: CatalogueEdition | None) -> QuerySet[Technique]:
    """Techniques with their entry in an edition as the list `here` (one, or empty)."""
    entries = CatalogueEntry.objects.filter(edition=edition)
    prefetch = Prefetch("entries", queryset=entries, to_attr="here")
    return rows.select_related("specialty").prefetch_related(prefetch)


def technique_rows(
    techniques: Iterable[Technique], changes: dict[int, str] | None = None
) -> list[dict[str, Any]]:
    """Techniques as rows, each with its entry and how that differs from the edition before."""
    return [
        technique_row(technique, (changes or {}).get(technique.pk, "")) for technique in techniques
    ]


def edition(request: HttpRequest, found: CatalogueEdition) -> dict[str, Any]:
    """One edition: its techniques; in a draft, any technique can be searched and graded."""
    maintains = policies.may_maintain(request.user, found.alliance_id)
    may_edit = maintains and found.status == EditionStatus.DRAFT
    rows = EditionEntryFilter(
        request.GET,
        queryset=with_entry(Technique.objects.visible_to(request.user), found),
        request=request,
        edition=found,
        ungraded_too=may_edit,
    )
    changes = selectors.change_kinds(found)
    return {"edition": found, "may_edit": may_edit, **_found(request, rows, changes)}


def techniques(request: HttpRequest, alliance: Alliance | None, *, today: date) -> dict[str, Any]:
    """Techniques with grade and tiers as of a date; a search also finds the ungraded."""
    on = TechniqueAsOfFilter.day_asked(request.GET) or today
    in_force = selectors.edition_in_force(alliance_id=alliance.pk, on=on) if alliance else None
    rows = TechniqueAsOfFilter(
        request.GET,
        queryset=with_entry(Technique.objects.visible_to(request.user), in_force),
        request=request,
        edition=in_force,
    )
    return {"alliance": alliance, "edition": in_force, "on": on, **_found(request, rows)}


def _found(
    request: HttpRequest, rows: EditionEntryFilter, changes: dict[int, str] | None = None
) -> dict[str, Any]:
    """One page of the techniques that a filter finds."""
    page = listing(request, rows.qs, ordering=rows.ordering)
    return {
        "listing": page,
        "rows": technique_rows(page.rows, changes),
        "filter": rows,
        "chips": chips(request, rows.form),
    }


def technique_row(technique: Any, change: str = "") -> dict[str, Any]:
    """One technique with its entry, if it has one."""
    entry = technique.here[0] if technique.here else None
    return {
        "technique": technique,
        "entry": entry,
        "tiers": tier_words(entry.tiers) if entry else "",
        "change": change,
    }


def comparison(
    edition: CatalogueEdition, previous: CatalogueEdition | None, kind: str
) -> dict[str, Any]:
    """Everything that differs between two editions, in words; only of one kind where asked."""
    rows = selectors.compare(edition, previous)
    counts = {name: sum(row.kind == name for row in rows) for name in KINDS if name}
    counts[""] = len(rows)
    kind = kind if kind in KINDS else ""
    return {
        "edition": edition,
        "previous": previous,
        "rows": [_compared(row) for row in rows if not kind or row.kind == kind],
        "counts": counts,
        "tabs": [
            {
                "label": label,
                "url": f"?kind={name}",
                "active": name == kind,
                "badge": str(counts[name]),
            }
            for name, label in KINDS.items()
        ],
    }


def _compared(row: selectors.Row) -> dict[str, Any]:
    before, after = row.before, row.after
    return {
        "technique": row.technique,
        "kind": row.kind,
        "grade_before": TechniqueGrade(before.grade).label if before else "",
        "grade_after": TechniqueGrade(after.grade).label if after else "",
        "tiers_before": tier_words(before.tiers) if before else "",
        "tiers_after": tier_words(after.tiers) if after else "",
    }


def tier_words(tiers: Iterable[str]) -> str:
    """Tiers in words, the lowest first."""
    return " · ".join(str(Tier(tier).label) for tier in rules.in_tier_order(set(tiers)))
