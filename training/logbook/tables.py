"""Cases as a table that comes in from Excel and goes out to it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Day, Text, Whole, YesNo
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register

from . import actions
from .choices import CaseRole, CaseStatus, ClavienDindo, Outcome
from .filters import CaseFilter
from .models import Case


class Cases(Table):
    """Logbook entries by house, hospital case number, operator, technique and day."""

    name = "cases"
    label = _("Cases of the logbook")
    note = _("Operations by their hospital case number; supervised ones wait for confirmation.")
    titled = ("external_case_number", "operator")
    keepers = {
        "institution": Permission.CASE_RECORD,
        "alliance": Permission.TRAINING_MANAGE,
    }
    readers = frozenset({Permission.CASE_VIEW})
    columns = (
        Column(
            "external_case_number",
            _("Hospital case number"),
            Code(40, exact=True),
            required=True,
            aliases=("住院号", "病案号", "手术编号"),
            example="ZY20260302",
        ),
        Column(
            "performed_on",
            _("Date of the operation"),
            Day(),
            required=True,
            aliases=("手术日期",),
            example="2026-03-02",
        ),
        Column(
            "technique",
            _("Technique (code)"),
            Text(200),
            required=True,
            aliases=("手术编码", "技术", "手术操作编码"),
            note=_("Code or full name."),
            example="47.0100",
            source="technique.code",
            written="technique_id",
        ),
        Column(
            "technique_name",
            _("Name of the technique"),
            Text(200),
            source="technique.name",
            shown_only=True,
        ),
        Column(
            "operator",
            _("Operator's licence number"),
            Code(30),
            required=True,
            aliases=("术者执业证号", "医师执业证书编号"),
            example="110330100000123",
            source="operator.licence_number",
            written="operator_id",
        ),
        Column(
            "operator_name",
            _("Name of the operator"),
            Text(50),
            source="operator.name",
            shown_only=True,
        ),
        Column(
            "role", _("Role"), Choice(CaseRole), required=True, aliases=("手术角色",),
            example="supervised",
        ),
        Column(
            "supervisor",
            _("Supervisor's licence number"),
            Code(30),
            aliases=("带教执业证号",),
            example="110330100000456",
            source=lambda row: row.supervisor.licence_number if row.supervisor else "",
            written="supervisor_id",
        ),
        Column(
            "institution",
            _("Institution's credit code"),
            Text(70),
            aliases=("机构", "机构代码"),
            note=_("Code or name; left empty it is your own institution."),
            source="institution.uscc",
            written="institution_id",
        ),
        Column("outcome", _("Outcome"), Choice(Outcome, empty=Outcome.GOOD.value), example="good"),
        Column(
            "clavien_dindo",
            _("Clavien-Dindo grade"),
            Choice(ClavienDindo),
            aliases=("并发症分级",),
        ),
        Column("converted", _("Converted to open surgery"), YesNo(), aliases=("中转开放",)),
        Column("is_emergency", _("Emergency operation"), YesNo(), aliases=("急诊",)),
        Column("mdt_recorded", _("Team discussion (MDT) recorded before"), YesNo()),
        Column("duration_minutes", _("Duration in minutes"), Whole(minimum=1, maximum=2880)),
        Column("referral_number", _("Number of the referral"), Code(30), aliases=("转诊单号",)),
        Column("notes", _("Notes"), Text(2000)),
        Column(
            "is_prior",
            _("From before this logbook"),
            YesNo(),
            aliases=("既往记录",),
            note=_("Operations of the time before; the supervisor's privilege is not asked for."),
            source=lambda row: row.source == "prior",
        ),
        Column("status", _("Status"), Choice(CaseStatus), shown_only=True),
    )  # fmt: skip

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_cases(
            rows=rows, by=by, institution_id=place.institution_id, on=place.on
        )

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_cases(
            rows=rows,
            by=by,
            institution_id=place.institution_id,
            on=place.on,
            progress=progress,
        )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Cases as filtered on their list."""
        rows = Case.objects.visible_to(by).for_list()
        return filtered(CaseFilter, rows, request).order_by("-performed_on", "-pk")

    def exported(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Those of the houses whose logbook `by` keeps: case numbers leave nobody else's hands."""
        access = access_of(by)
        houses = [
            pk
            for pk in access.institutions_with(Permission.DATA_EXPORT)
            if Permission.CASE_VIEW in access.institutions[pk]
        ]
        return self.found(by=by, request=request).filter(institution__in=houses)


register(Cases())
