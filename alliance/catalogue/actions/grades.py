"""Grades and scores of a draft, brought in as a whole file."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.access import require
from alliance.core.choices import Permission
from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve

from .. import rules, selectors
from ..choices import SCORES, EditionStatus
from ..models import CatalogueEdition, CatalogueEntry, Technique
from .editions import set_entry

_FIELDS = ("grade", "tiers", "note", "reason", *SCORES)


def plan_grades(*, rows: Sequence[Row], alliance_id: int | None, by: Any) -> Plan:
    """What bringing these grades into the alliance's newest draft would do; writes nothing."""
    require(by, Permission.CATALOGUE_MANAGE, alliance_id=alliance_id)
    draft = newest_draft(alliance_id)
    if draft is None:
        message = _("Begin a draft edition first: grades are brought into it.")
        return Plan(errors=[RowError(row.number, "code", message) for row in rows[:1]])
    errors = resolve(rows, "code", Technique.objects.all(), by=("code",), into="technique_id")
    wrong = {error.number for error in errors}
    found = [row for row in rows if row.number not in wrong]
    errors += _errors(draft, found)
    entries = CatalogueEntry.objects.filter(edition=draft)
    return compare(rows, entries, key=("technique_id",), fields=_FIELDS, errors=errors)


@transaction.atomic
def import_grades(
    *, rows: Sequence[Row], alliance_id: int | None, by: Any, progress: Callable[[int], None]
) -> Plan:
    """Grade techniques in the newest draft, all or none; diseases stay as they are."""
    plan = plan_grades(rows=rows, alliance_id=alliance_id, by=by)
    plan.check()
    draft = newest_draft(alliance_id)
    assert draft is not None  # noqa: S101 (without a draft the plan has an error)
    written = [*plan.new, *(change.row for change in plan.changed)]
    techniques = Technique.objects.in_bulk([row.values["technique_id"] for row in written])
    for done, row in enumerate(written, start=1):
        technique = techniques[row.values["technique_id"]]
        entry = draft.entries.filter(technique=technique).first()
        set_entry(edition=draft, technique=technique, by=by, **_values(row, entry))
        progress(done)
    return plan


def newest_draft(alliance_id: int | None) -> CatalogueEdition | None:
    """An alliance's newest draft: the one that files come into."""
    drafts = CatalogueEdition.objects.filter(alliance=alliance_id, status=EditionStatus.DRAFT)
    return drafts.order_by("-created_at", "-pk").first()


def _errors(draft: CatalogueEdition, rows: Sequence[Row]) -> Iterator[RowError]:
    """What the rules say of each row, as it would stand in the draft."""
    grading = selectors.grading_of(alliance_id=draft.alliance_id, on=timezone.localdate())
    ids = [row.values["technique_id"] for row in rows]
    techniques = Technique.objects.in_bulk(ids)
    entries = {
        entry.technique_id: entry
        for entry in draft.entries.filter(technique__in=ids).prefetch_related("spectrum")
    }
    for row in rows:
        entry = entries.get(row.values["technique_id"])
        values = _values(row, entry)
        row.values["tiers"] = rules.in_tier_order(values["tiers"])
        treated = [one.tier for one in entry.spectrum.all()] if entry else []
        technique = techniques[row.values["technique_id"]]
        facts = selectors.grading_facts(technique, values["scores"], treated)
        grade, tiers, note = values["grade"], values["tiers"], values["note"]
        found = rules.entry_errors(grade=grade, tiers=tiers, note=note) or rules.reason_needed(
            grade=grade, proposal=rules.propose(facts, grading), reason=values["reason"]
        )
        for column, message in found.items():
            yield RowError(row.number, column, str(message))


def _values(row: Row, entry: CatalogueEntry | None) -> dict[str, Any]:
    """What an entry would say: the row's cells, else what the draft says, else the usual tiers."""
    given = row.values
    grade = given["grade"]
    return {
        "grade": grade,
        "tiers": given.get("tiers") or rules.USUAL_TIERS[grade],
        "note": given.get("note", entry.note if entry else ""),
        "reason": given.get("reason", entry.reason if entry else ""),
        "scores": {name: given.get(name, getattr(entry, name, None)) for name in SCORES},
    }
