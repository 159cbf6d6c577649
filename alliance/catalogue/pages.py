"""What the pages of the catalogue show, put into words and rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.listing import chips, listing
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance

from . import policies, rules, selectors, wording
from .choices import SCORES, EditionStatus, Side, TechniqueGrade
from .models import CatalogueEdition, CatalogueEntry, Requirement, Technique
from .page_filters import EditionEntryFilter, TechniqueAsOfFilter

KINDS = {
    "": gettext_lazy("All changes"),
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("taken out"),
}


def with_entry(rows: QuerySet[Technique], edition: CatalogueEdition | None) -> QuerySet[Technique]:
    """Techniques with their entry in an edition as the list `here` (one, or empty)."""
    entries = CatalogueEntry.objects.filter(edition=edition).prefetch_related("spectrum__disease")
    prefetch = Prefetch("entries", queryset=entries, to_attr="here")
    return rows.select_related("specialty").prefetch_related(prefetch)


def technique_rows(
    techniques: Iterable[Technique],
    edition: CatalogueEdition | None,
    changes: dict[int, str] | None = None,
) -> list[dict[str, Any]]:
    """Techniques as rows, each with its entry and how that differs from the edition before."""
    grading = grading_of(edition)
    return [
        technique_row(technique, grading, (changes or {}).get(technique.pk, ""))
        for technique in techniques
    ]


def grading_of(edition: CatalogueEdition | None) -> rules.Grading | None:
    """How the alliance of an edition proposes grades: as of its first day, today for a draft."""
    if edition is None:
        return None
    on = edition.effective_from or timezone.localdate()
    return selectors.grading_of(alliance_id=edition.alliance_id, on=on)


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
    return {
        "edition": found,
        "may_edit": may_edit,
        "asked": found.requirements.count(),
        **_found(request, rows, found, changes),
    }


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
    return {"alliance": alliance, "edition": in_force, "on": on, **_found(request, rows, in_force)}


def _found(
    request: HttpRequest,
    rows: EditionEntryFilter,
    edition: CatalogueEdition | None,
    changes: dict[int, str] | None = None,
) -> dict[str, Any]:
    """One page of the techniques that a filter finds."""
    page = listing(request, rows.qs, ordering=rows.ordering)
    return {
        "listing": page,
        "rows": technique_rows(page.rows, edition, changes),
        "filter": rows,
        "chips": chips(request, rows.form),
    }


def technique_row(
    technique: Any, grading: rules.Grading | None, change: str = ""
) -> dict[str, Any]:
    """One technique with its entry, if it has one, and the grade that its scores propose."""
    entry = technique.here[0] if technique.here else None
    treated = list(entry.spectrum.all()) if entry else []
    proposal = None
    if entry and grading:
        scores = {name: getattr(entry, name) for name in SCORES}
        facts = selectors.grading_facts(technique, scores, [one.tier for one in treated])
        proposal = rules.propose(facts, grading)
    return {
        "technique": technique,
        "entry": entry,
        "tiers": tier_words(entry.tiers) if entry else "",
        "diseases": [
            f"{one.disease.name}（{one.get_tier_display()}）"
            for one in sorted(treated, key=lambda one: one.disease.code)
        ],
        "proposed": wording.proposed(proposal, entry.grade if entry else ""),
        "change": change,
    }


def requirements(edition: CatalogueEdition) -> list[dict[str, Any]]:
    """What an edition asks, in words, by grade and then by technique."""
    rows = edition.requirements.select_related("technique")
    order = list(TechniqueGrade)
    found = sorted(
        rows,
        key=lambda row: (
            order.index(TechniqueGrade(row.grade)) if row.grade else len(order),
            row.technique.code if row.technique else "",
            row.side,
            row.pk,
        ),
    )
    lines = wording.lines(selectors.need_of(row) for row in found)
    return [
        {**line, "row": row, "scope": _scope(row)} for row, line in zip(found, lines, strict=True)
    ]


def _scope(row: Requirement) -> str:
    if row.technique is not None:
        return f"{row.technique.name} {row.technique.code}"
    return str(TechniqueGrade(row.grade).label)


def comparison(
    edition: CatalogueEdition, previous: CatalogueEdition | None, kind: str
) -> dict[str, Any]:
    """Everything that differs between two editions, in words; only of one kind where asked."""
    rows = selectors.compare(edition, previous)
    asked = selectors.compare_requirements(edition, previous)
    counts = {name: sum(row.kind == name for row in rows) for name in KINDS if name}
    counts[""] = len(rows)
    kind = kind if kind in KINDS else ""
    return {
        "edition": edition,
        "previous": previous,
        "rows": [_compared(row) for row in rows if not kind or row.kind == kind],
        "asked": _asked([one for one in asked if not kind or one.kind == kind]),
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
        "more": _more(before, after),
    }


def _more(before: rules.EntryFacts | None, after: rules.EntryFacts | None) -> list[dict[str, Any]]:
    """Scores, diseases and reasons that changed; of what is new or gone, nothing beside."""
    if before is None or after is None:
        return []
    nothing = (None,) * len(SCORES)
    pairs = zip(SCORES, before.scores or nothing, after.scores or nothing, strict=True)
    found = [
        {"label": wording.SCORE_LABELS[name], "before": old, "after": new}
        for name, old, new in pairs
        if old != new
    ]
    if before.diseases != after.diseases:
        old, new = _diseases(before.diseases), _diseases(after.diseases)
        found.append({"label": _("diseases"), "before": old, "after": new})
    if before.reason != after.reason:
        found.append({"label": _("reason"), "before": before.reason, "after": after.reason})
    return found


def _diseases(treated: Iterable[tuple[str, str]]) -> str:
    return "、".join(f"{name}（{Tier(tier).label}）" for name, tier in sorted(treated))


def _asked(found: list[rules.NeedDifference]) -> list[dict[str, Any]]:
    """Requirements that differ, in words."""
    needs = [need for one in found for need in (one.before, one.after) if need]
    names = wording.specialty_names(need.subject for need in needs)
    codes = {one.scope for one in found} - set(TechniqueGrade.values)
    techniques = dict(Technique.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        {
            "scope": techniques.get(one.scope) or TechniqueGrade(one.scope).label,
            "kind": one.kind,
            "side": Side((one.after or one.before).side).label,  # type: ignore[union-attr]
            "before": _line(one.before, names),
            "after": _line(one.after, names),
        }
        for one in found
    ]


def _line(need: rules.Need | None, names: dict[str, str]) -> str:
    """A requirement, and what changes silently otherwise: whether its source was verified."""
    if need is None:
        return ""
    words = wording.words_of(need.kind, need.subject, need.minimum, need.unit, names).line
    return f"{words}（{need.source}{'' if need.is_verified else ' · ' + _('not verified')}）"


def tier_words(tiers: Iterable[str]) -> str:
    """Tiers in words, the lowest first."""
    return " · ".join(str(Tier(tier).label) for tier in rules.in_tier_order(set(tiers)))
