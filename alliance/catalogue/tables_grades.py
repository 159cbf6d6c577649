"""The grades of an edition as a table: out of any edition one sees, into the newest draft."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Many, Text, Whole
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import BadFilter, Column, Place, Progress, Table
from alliance.institutions.choices import Tier
from alliance.institutions.selectors import alliance_seen_by

from . import actions, selectors
from .choices import SCORES, Score, TechniqueGrade
from .models import CatalogueEdition, CatalogueEntry
from .wording import SCORE_LABELS

_HIGHEST = Score.HIGHEST.value


def _score(name: str) -> Column:
    return Column(name, SCORE_LABELS[name], Whole(minimum=1, maximum=_HIGHEST), example="3")


def _diseases(entry: CatalogueEntry) -> str:
    treated = sorted(entry.spectrum.all(), key=lambda one: one.disease.code)
    return "; ".join(
        f"{one.disease.code} {one.disease.name}（{one.get_tier_display()}）" for one in treated
    )


class Grades(Table):
    """Grade, tiers and scores of each technique of an edition."""

    name = "grades"
    label = _("Grades of techniques")
    note = _("Goes out of the edition in force or the one shown; comes into the newest draft.")
    key = ("code",)
    titled = ("code",)
    keepers = {"alliance": Permission.CATALOGUE_MANAGE}
    columns = (
        Column(
            "code",
            _("Code"),
            Code(30, exact=True),
            required=True,
            aliases=("编码", "技术编码", "手术编码"),
            example="47.0100",
            source="technique.code",
            written="technique_id",
        ),
        Column("name", _("Technique name"), Text(200), source="technique.name", shown_only=True),
        Column("grade", _("Grade"), Choice(TechniqueGrade), required=True, example="advanced"),
        Column(
            "tiers",
            _("Tiers"),
            Many(Choice(Tier)),
            note=_("Empty: the usual tiers of the grade."),
        ),
        Column("note", _("Note"), Text(200)),
        *(_score(name) for name in SCORES),
        Column("reason", _("Why it differs from the proposal"), Text(200)),
        Column("diseases", _("Diseases"), Text(2000), source=_diseases, shown_only=True),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_grades(rows=rows, alliance_id=place.alliance_id, by=by)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_grades(
            rows=rows, alliance_id=place.alliance_id, by=by, progress=progress
        )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The entries of the edition asked for, else of the one in force for the reader."""
        rows = CatalogueEntry.objects.visible_to(by).filter(edition=edition_asked(by, request))
        return (
            rows.select_related("technique")
            .prefetch_related("spectrum__disease")
            .order_by("technique__code", "pk")
        )

    def stored(self, ids: Sequence[int], *, by: Any) -> dict[int, Any]:
        """Those of a draft too: files come into one."""
        rows = CatalogueEntry.objects.visible_to(by).select_related("technique")
        return dict(rows.in_bulk(ids))


def edition_asked(by: Any, request: HttpRequest | None) -> CatalogueEdition | None:
    """The edition that an address names, else the one in force for the reader."""
    asked = request.GET.get("edition", "") if request else ""
    if asked:
        try:
            known = UUID(asked)
        except ValueError:
            raise BadFilter("bad_filter", _("There is no such edition.")) from None
        return CatalogueEdition.objects.visible_to(by).filter(public_id=known).first()
    house, today = getattr(request, "institution", None), timezone.localdate()
    alliance = alliance_seen_by(by, institution_id=getattr(house, "pk", None), on=today)
    return selectors.edition_in_force(alliance_id=alliance.pk, on=today) if alliance else None
