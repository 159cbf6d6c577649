"""What an edition asks, as a table: out of any edition one sees, into the newest draft."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Text, Whole, YesNo
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table

from . import actions
from .choices import RequirementKind, Side, TechniqueGrade
from .models import Requirement
from .tables_grades import edition_asked

_MOST = 1_000_000


class Requirements(Table):
    """What a grade or a technique asks of institutions and operators."""

    name = "requirements"
    label = _("Requirements of techniques")
    note = _("Goes out of the edition in force or the one shown; comes into the newest draft.")
    key = ("grade", "technique", "side", "kind", "subject")
    titled = ("grade", "technique", "kind", "subject")
    keepers = {"alliance": Permission.CATALOGUE_MANAGE}
    by_action = True
    columns = (
        Column(
            "grade",
            _("Grade"),
            Choice(TechniqueGrade),
            aliases=("分级",),
            note=_("Empty where one technique is named."),
        ),
        Column(
            "technique",
            _("Technique code"),
            Text(200),
            aliases=("手术操作编码", "手术编码", "技术编码"),
            note=_("Code or name; empty where a grade is named."),
            example="47.0100",
            source="technique.code",
            written="technique_id",
        ),
        Column(
            "technique_name",
            _("Technique name"),
            Text(200),
            source="technique.name",
            shown_only=True,
        ),
        Column(
            "side",
            _("Asked of"),
            Choice(Side),
            required=True,
            aliases=("对象",),
            example="institution",
        ),
        Column(
            "kind",
            _("Kind"),
            Choice(RequirementKind),
            required=True,
            aliases=("要求类型",),
            example="beds",
        ),
        Column(
            "subject",
            _("Of what"),
            Text(60),
            aliases=("内容",),
            note=_(
                "Code of a specialty for beds, staff and departments; admissions or operations for"
                " volumes; supervised for cases; else its name."
            ),
            example="04.01",
        ),
        Column(
            "minimum",
            _("At least"),
            Whole(minimum=1, maximum=_MOST),
            required=True,
            aliases=("最低值", "数量"),
            example="20",
        ),
        Column("unit", _("Unit"), Text(20), aliases=("单位",), note=_("Empty: the usual one.")),
        Column(
            "source",
            _("Source"),
            Text(200),
            required=True,
            aliases=("来源", "依据"),
            example="医联体质控委员会 2026 年第 3 号",
        ),
        Column("is_verified", _("Verified at the source"), YesNo(), aliases=("已核实",)),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_requirements(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_requirements(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """What the edition asked for asks, else the one in force for the reader."""
        rows = Requirement.objects.visible_to(by).filter(edition=edition_asked(by, request))
        return rows.select_related("technique").order_by("grade", "technique__code", "side", "pk")

    def stored(self, ids: Sequence[int], *, by: Any) -> dict[int, Any]:
        """Those of a draft too: files come into one."""
        rows = Requirement.objects.visible_to(by).select_related("technique")
        return dict(rows.in_bulk(ids))
