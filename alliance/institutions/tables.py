"""Institutions and departments as tables that come in from Excel and go out to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.core import identifiers
from alliance.core.choices import Permission
from alliance.core.exchange.kinds import Choice, Code, Email, Text, Whole, YesNo
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Level, Place, Progress, Table, filtered, register

from . import actions
from .choices import Grade, Tier
from .filters import DepartmentFilter, InstitutionFilter
from .models import Department, Institution, Specialty

_MOST_BEDS = 100_000
_SYSTEM: Mapping[Level, Permission] = {
    "alliance": Permission.ALLIANCE_MANAGE,
    "system": Permission.DATA_IMPORT,
}


class Institutions(Table):
    """Institutions by their unified social credit code."""

    name = "institutions"
    label = _("Institutions")
    note = _("Hospitals, township hospitals and village clinics.")
    key = ("uscc",)
    titled = ("uscc", "name")
    keepers = _SYSTEM
    columns = (
        Column(
            "uscc",
            _("Unified social credit code"),
            Code(18, normalise=identifiers.normalise_uscc),
            required=True,
            aliases=("信用代码", "社会信用代码"),
            example="123301000000000013",
        ),
        Column(
            "name",
            _("Institution name"),
            Text(70),
            required=True,
            aliases=("名称", "机构名称", "医院名称"),
            example="青山镇卫生院",
        ),
        Column(
            "short_name", _("Short name"), Text(30), aliases=("机构简称",), example="青山卫生院"
        ),
        Column(
            "tier",
            _("Tier"),
            Choice(Tier),
            required=True,
            aliases=("机构层级",),
            example="township",
        ),
        Column(
            "type_code",
            _("Type code (WS 218)"),
            Code(4, normalise=identifiers.squeeze),
            required=True,
            aliases=("机构类别", "机构类别代码"),
            example="C220",
        ),
        Column(
            "grade", _("Hospital grade"), Choice(Grade, empty=None), aliases=("医院等级", "等级")
        ),
        Column(
            "division_code",
            _("Division code"),
            Code(12, normalise=identifiers.squeeze),
            required=True,
            aliases=("行政区划", "行政区划代码"),
            example="330122",
        ),
        Column(
            "parent",
            _("Parent's credit code"),
            Text(70),
            aliases=("上级机构", "隶属机构"),
            note=_("Only for village clinics: code or name of their township hospital."),
            source="parent.uscc",
            written="parent_id",
        ),
        Column("parent_name", _("Parent's name"), Text(70), source="parent.name", shown_only=True),
        Column("address", _("Address"), Text(200), aliases=("地址",)),
        Column("phone", _("Telephone"), Text(30), aliases=("联系电话",), example="0571-63310000"),
        Column("liaison_phone", _("Liaison desk telephone"), Text(30)),
        Column("email", _("E-mail"), Email(254), aliases=("邮箱", "电子邮箱")),
        Column(
            "beds",
            _("Beds"),
            Whole(minimum=0, maximum=_MOST_BEDS, empty=0),
            aliases=("床位", "床位数", "编制床位"),
            example="30",
        ),
        Column("reviews_referrals", _("Reviews referrals before they leave"), YesNo()),
        Column("is_external", _("Outside the platform"), YesNo()),
        Column("is_active", _("Active"), YesNo(empty=True)),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_institutions(rows=rows, by=by)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_institutions(rows=rows, by=by, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Institutions as filtered in the directory, parents before the clinics under them."""
        rows = Institution.objects.visible_to(by).select_related("parent")
        return filtered(InstitutionFilter, rows, request).order_by(
            F("parent_id").asc(nulls_first=True), "pk"
        )


class Departments(Table):
    """Departments by institution and code."""

    name = "departments"
    label = _("Departments")
    note = _("Clinical departments with their specialty.")
    key = ("institution", "code")
    titled = ("institution", "code", "name")
    keepers = {"institution": Permission.STAFF_MANAGE, **_SYSTEM}
    columns = (
        Column(
            "institution",
            _("Institution's credit code"),
            Text(70),
            aliases=("机构", "机构代码", "所属机构"),
            note=_("Code or name; left empty it is your own institution."),
            source="institution.uscc",
            written="institution_id",
        ),
        Column(
            "institution_name",
            _("Institution's name"),
            Text(70),
            source="institution.name",
            shown_only=True,
        ),
        Column(
            "code",
            _("Code"),
            Code(20),
            required=True,
            aliases=("编码", "代码", "科室编码", "科室代码"),
            example="0301",
        ),
        Column(
            "name",
            _("Department name"),
            Text(50),
            required=True,
            aliases=("名称", "科室名称"),
            example="普外科",
        ),
        Column(
            "specialty",
            _("Specialty code"),
            Text(50),
            required=True,
            among=Specialty.objects.all,
            aliases=("诊疗科目", "诊疗科目代码", "专业"),
            note=_("Code or name of the national list of specialties."),
            example="04.01",
            source="specialty.code",
            written="specialty_id",
        ),
        Column(
            "specialty_name",
            _("Specialty name"),
            Text(50),
            source="specialty.name",
            shown_only=True,
        ),
        Column("phone", _("Telephone"), Text(30), aliases=("联系电话",)),
        Column(
            "beds",
            _("Beds"),
            Whole(minimum=0, maximum=_MOST_BEDS, empty=0),
            aliases=("床位", "床位数"),
            example="20",
        ),
        Column("is_active", _("Active"), YesNo(empty=True)),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_departments(rows=rows, by=by, institution_id=place.institution_id)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_departments(
            rows=rows, by=by, institution_id=place.institution_id, progress=progress
        )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Departments as filtered on their list."""
        rows = Department.objects.visible_to(by).select_related("institution", "specialty")
        return filtered(DepartmentFilter, rows, request).order_by("institution_id", "code")


register(Institutions())
register(Departments())
