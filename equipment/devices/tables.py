"""Devices, their types and the results of stock-takes as tables for Excel."""

from collections.abc import Sequence
from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.exchange.kinds import (
    Choice,
    Code,
    Day,
    Many,
    Measure,
    Moment,
    Text,
    Whole,
    YesNo,
)
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register

from . import actions
from .choices import Condition, Need, Retirement, TypeKind
from .filters import DeviceFilter, LineFilter, TypeFilter
from .models import Device, DeviceType, StocktakeLine
from .selectors import active_types

_MINUTES = Whole(minimum=0, maximum=1440)
_BEFORE = _("Of a used device that is new here: its next one is due from that day.")


def _untold(row: Any) -> None:
    """What is told only on the way in: afterwards records say it."""


class Devices(Table):
    """Devices by institution and asset number."""

    name = "devices"
    label = _("Devices")
    note = _("The register: devices by institution and asset number.")
    key = ("institution", "asset_number")
    titled = ("name", "asset_number")
    keepers = {"institution": Permission.EQUIPMENT_KEEP}
    readers = frozenset({Permission.EQUIPMENT_KEEP, Permission.EQUIPMENT_OVERSEE})
    columns = (
        Column("asset_number", _("Asset number"), Code(40), required=True,
               aliases=("资产编号", "固定资产编号"), example="SB00012"),
        Column("name", _("Name or model"), Text(100), required=True,
               aliases=("设备名称", "名称"), example="高清腹腔镜 HD-200"),
        Column("type", _("Device type (code)"), Text(100), required=True,
               aliases=("设备类型", "类型"), note=_("Code or full name."), example="LAP-HD",
               source="type.code", written="type_id", among=active_types),
        Column("type_name", _("Name of the type"), Text(100), source="type.name", shown_only=True),
        Column("institution", _("Institution's credit code"), Text(70), aliases=("机构", "机构代码"),
               note=_("Code or name; left empty it is your own institution."),
               source="owner.uscc", written="owner_id"),
        Column("institution_name", _("Owning institution"), Text(100), source="owner.name",
               shown_only=True),
        Column("department", _("Department"), Text(50), aliases=("科室", "使用科室"),
               source="department.name", written="department_id"),
        Column("location", _("Location"), Text(120), aliases=("存放地点", "位置")),
        Column("maker", _("Manufacturer"), Text(100), aliases=("生产厂家", "厂商")),
        Column("udi", _("UDI"), Code(120, exact=True)),
        Column("serial_number", _("Serial number"), Code(60, exact=True),
               aliases=("序列号", "出厂编号")),
        Column("price", _("Price in yuan"), Measure(maximum=10**11), aliases=("价格", "原值")),
        Column("purchased_on", _("Bought on"), Day(), aliases=("购置日期",)),
        Column("in_use_from", _("In use from"), Day(), required=True,
               aliases=("启用日期",), example="2024-05-06"),
        Column("life_ends_on", _("Expected life ends on"), Day(),
               note=_("Left empty, as is usual for the type.")),
        Column("statutory_on", _("Last statutory calibration on"), Day(), aliases=("上次检定日期",),
               note=_BEFORE, source=_untold),
        Column("preventive_on", _("Last preventive maintenance on"), Day(),
               aliases=("上次保养日期",), note=_BEFORE, source=_untold),
        Column("condition", _("Condition"), Choice(Condition, empty=Condition.GOOD.value),
               aliases=("状况", "完好情况")),
        Column("condition_note", _("Remark on the condition"), Text(300)),
        Column("is_shared", _("Shared with the alliance"), YesNo(), aliases=("共享",)),
        Column("needs_approval", _("Bookings need the keeper's approval"), YesNo()),
        Column("setup_minutes", _("Minutes to set up"), _MINUTES),
        Column("cleaning_minutes", _("Minutes to clean"), _MINUTES),
        Column("note", _("Note"), Text(2000), aliases=("备注",)),
        Column("retired_on", _("Retired on"), Day(), shown_only=True),
        Column("retirement", _("Why it was retired"), Choice(Retirement), shown_only=True),
    )  # fmt: skip

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_devices(rows=rows, by=by, institution_id=place.institution_id)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_devices(
            rows=rows, by=by, institution_id=place.institution_id, progress=progress
        )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Devices as filtered on their list."""
        rows = Device.objects.visible_to(by).for_list()
        return filtered(DeviceFilter, rows, request).order_by("owner__name", "asset_number", "pk")

    def exported(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Those that one keeps or oversees: prices and numbers of others stay with them."""
        mine = Device.objects.visible_to(by).known_to(by)
        return self.found(by=by, request=request).filter(pk__in=mine.values("pk"))


def _codes(need: Need) -> Any:
    """The codes of the techniques that need a type in this way."""
    return lambda row: [one.technique.code for one in row.needed_by.all() if one.need == need]


class Types(Table):
    """Types of device by code, with the techniques that need them."""

    name = "device-types"
    label = _("Device types")
    note = _("Types of device with what is usual for them, and the techniques that need them.")
    key = ("code",)
    titled = ("code", "name")
    keepers = {"alliance": Permission.EQUIPMENT_STANDARD}
    columns = (
        Column("code", _("Code"), Code(30), required=True, example="LAP-HD"),
        Column("name", _("Name of the type"), Text(100), required=True, example="高清腹腔镜"),
        Column("kind", _("Kind"), Choice(TypeKind, empty=TypeKind.DEVICE.value)),
        Column("category_code", _("Classification code"), Code(20), aliases=("分类编码",)),
        Column("family", _("Family"), Text(30)),
        Column("is_high_end", _("High-end"), YesNo()),
        Column("is_fixed", _("Stays where it stands"), YesNo()),
        Column("life_years", _("Expected life in years"), Whole(minimum=1, maximum=60, empty=8)),
        Column("setup_minutes", _("Minutes to set up"), Whole(minimum=0, maximum=1440, empty=15)),
        Column("cleaning_minutes", _("Minutes to clean"),
               Whole(minimum=0, maximum=1440, empty=30)),
        Column("statutory_months", _("Months between statutory calibrations"),
               Whole(minimum=1, maximum=120)),
        Column("preventive_months", _("Months between preventive maintenance"),
               Whole(minimum=1, maximum=120)),
        Column("upkeep_source", _("Source of these months"), Text(200)),
        Column("required", _("Techniques that need it"), Many(Text(200)),
               note=_("Codes or full names."), source=_codes(Need.REQUIRED), written="required_ids"),
        Column("helpful", _("Techniques that it helps"), Many(Text(200)),
               note=_("Codes or full names."), source=_codes(Need.HELPFUL), written="helpful_ids"),
        Column("source", _("Source"), Text(200), aliases=("来源",)),
        Column("is_active", _("Active"), YesNo(empty=True)),
    )  # fmt: skip

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_types(rows=rows, by=by)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_types(rows=rows, by=by, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Types as filtered on their list."""
        rows = DeviceType.objects.visible_to(by).prefetch_related("needed_by__technique")
        return filtered(TypeFilter, rows, request).order_by("code")


class StocktakeLines(Table):
    """What a stock-take found, and what is missing."""

    name = "stocktake-lines"
    label = _("Results of stock-takes")
    note = _("What was found where, and what is missing; only to take out.")
    keepers = {}
    readers = frozenset({Permission.EQUIPMENT_KEEP, Permission.EQUIPMENT_OVERSEE})
    titled = ("stocktake", "asset_number")
    columns = tuple(
        Column(name, label, kind, source=source, shown_only=True)
        for name, label, kind, source in (
            ("stocktake", _("Stock-take"), Text(60), "stocktake.name"),
            ("institution", _("Institution"), Text(100), "stocktake.institution.name"),
            ("asset_number", _("Asset number"), Code(40), "device.asset_number"),
            ("name", _("Name or model"), Text(100), "device.name"),
            ("type", _("Device type"), Text(100), "device.type.name"),
            ("registered", _("Location on the register"), Text(120), "device.location"),
            ("is_expected", _("Expected"), YesNo(), ""),
            ("found", _("Found"), YesNo(), lambda line: line.found_at is not None),
            ("found_at", _("Found at"), Moment(), ""),
            ("found_by", _("Found by"), Text(50), "found_by.name"),
            ("location", _("Where it stands"), Text(120), ""),
            ("remark", _("Remark"), Text(300), ""),
        )
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """The lines of one stock-take, or of all that one sees; missing devices first."""
        rows = StocktakeLine.objects.visible_to(by).for_list()
        return filtered(LineFilter, rows, request).order_by("-stocktake", "found_at", "pk")

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Devices are found by scanning."""
        raise DomainError("no_import", _now("Devices are found by scanning, not brought in."))

    save = plan


register(Devices())
register(Types())
register(StocktakeLines())
