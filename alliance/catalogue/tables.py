"""Diseases and techniques as tables that come in from Excel and go out to it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Text, Whole, YesNo
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register
from alliance.institutions.choices import Tier
from alliance.institutions.models import Specialty

from . import actions
from .choices import Category
from .filters import DiseaseFilter, TechniqueFilter
from .models import Disease, Technique
from .tables_grades import Grades
from .tables_requirements import Requirements

_HIGHEST_LEVEL = 4
_BEGINNING = (
    Column(
        "specialty",
        _("Specialty code"),
        Text(50),
        among=Specialty.objects.all,
        aliases=("诊疗科目", "诊疗科目代码", "专业"),
        note=_("Code or name of the national list of specialties."),
        example="04.01",
        source="specialty.code",
        written="specialty_id",
    ),
    Column(
        "specialty_name", _("Specialty name"), Text(50), source="specialty.name", shown_only=True
    ),
)
_END = (
    Column("is_common", _("Common"), YesNo(), note=_("Offered first in searches."), example="yes"),
    Column("source", _("Source"), Text(200), aliases=("来源",)),
    Column("is_active", _("Active"), YesNo(empty=True), example="yes"),
)


class _Codes(Table):
    """What both code tables share."""

    key = ("code",)
    titled = ("code", "name")
    keepers = {"alliance": Permission.CATALOGUE_MANAGE, "system": Permission.DATA_IMPORT}


class Diseases(_Codes):
    """Diseases by their ICD-10 code."""

    name = "diseases"
    label = _("Diseases")
    note = _("ICD-10 codes with names, and where each is best treated.")
    columns = (
        Column(
            "code",
            _("Code"),
            Code(30, exact=True),
            required=True,
            example="K35.800x001",
            aliases=(
                "icd_code",
                "编码",
                "代码",
                "ICD编码",
                "ICD-10编码",
                "疾病编码",
                "诊断编码",
                "诊断代码",
            ),
        ),
        Column(
            "name",
            _("Disease name"),
            Text(200),
            required=True,
            example="急性阑尾炎",
            aliases=("icd_name", "名称", "疾病名称", "诊断名称"),
        ),
        *_BEGINNING,
        Column("group", _("Group"), Text(30), aliases=("分组",), example="消化"),
        Column("best_tier", _("Best treated at"), Choice(Tier), example=Tier.COUNTY.value),
        Column("is_first_visit", _("First visit at the grassroots"), YesNo(), example="no"),
        *_END,
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_diseases(rows=rows, by=by)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_diseases(rows=rows, by=by, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Diseases as filtered on their list."""
        rows = Disease.objects.visible_to(by).select_related("specialty")
        return filtered(DiseaseFilter, rows, request).order_by("code")


class Techniques(_Codes):
    """Techniques by their ICD-9-CM-3 code."""

    name = "techniques"
    label = _("Techniques")
    note = _("ICD-9-CM-3 codes with names; grades belong to the catalogue's editions.")
    columns = (
        Column(
            "code",
            _("Code"),
            Code(30, exact=True),
            required=True,
            example="47.0100",
            aliases=(
                "icd_code",
                "编码",
                "代码",
                "ICD编码",
                "ICD-9-CM-3编码",
                "手术编码",
                "操作编码",
                "手术操作编码",
            ),
        ),
        Column(
            "name",
            _("Technique name"),
            Text(200),
            required=True,
            example="腹腔镜下阑尾切除术",
            aliases=("icd_name", "名称", "手术名称", "操作名称", "手术操作名称"),
        ),
        *_BEGINNING,
        Column(
            "category",
            _("Category"),
            Choice(Category, empty=Category.SURGERY.value),
            aliases=("类别", "手术类别"),
            example=Category.SURGERY.value,
        ),
        Column(
            "national_level",
            _("National level"),
            Whole(minimum=1, maximum=_HIGHEST_LEVEL),
            aliases=("手术级别", "手术等级"),
            example="3",
        ),
        Column("is_minimally_invasive", _("Minimally invasive"), YesNo(), example="yes"),
        Column("is_restricted", _("Restricted"), YesNo(), example="no"),
        *_END,
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_techniques(rows=rows, by=by)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_techniques(rows=rows, by=by, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Techniques as filtered on their list."""
        rows = Technique.objects.visible_to(by).select_related("specialty")
        return filtered(TechniqueFilter, rows, request).order_by("code")


register(Diseases())
register(Techniques())
register(Grades())
register(Requirements())
