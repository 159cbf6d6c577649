"""Plans and what was done come in from Excel and go out; work orders only go out."""

from collections.abc import Sequence
from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.core.errors import DomainError
from alliance.core.exchange.kinds import (
    Choice,
    Code,
    Day,
    Moment,
    Money,
    Text,
    Whole,
    YesNo,
)
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register

from . import actions
from .choices import PlanKind, Result, Status
from .filters import OrderFilter, PlanFilter, RecordFilter
from .models import MaintenancePlan, ServiceRecord, WorkOrder

_READERS = frozenset({Permission.EQUIPMENT_KEEP, Permission.EQUIPMENT_OVERSEE})


def _shown(name: str, label: Any, kind: Any = None, source: Any = "") -> Column:
    return Column(name, label, kind or Text(200), source=source, shown_only=True)


_DEVICE = (
    Column(
        "asset_number",
        gettext_lazy("Asset number"),
        Code(40),
        required=True,
        aliases=("设备编号", "资产编号"),
        example="SB00012",
        source="device.asset_number",
        written="device_id",
    ),
    _shown("device_name", gettext_lazy("Device"), source="device.name"),
    _shown("institution", gettext_lazy("Institution"), source="device.owner.name"),
)
_AGENCY = Column(
    "agency", gettext_lazy("Carried out by"), Text(100), aliases=("检定机构", "执行单位")
)
_NOTE = Column("note", gettext_lazy("Note"), Text(300), aliases=("备注",))


class _ByAction(Table):
    """What these tables share: keepers bring them in for their house, row by row."""

    keepers = {"institution": Permission.EQUIPMENT_KEEP}
    readers = _READERS
    by_action = True


class Plans(_ByAction):
    """Plans of calibration and maintenance; those that a device has already are left alone."""

    name = "maintenance-plans"
    label = gettext_lazy("Maintenance plans")
    note = gettext_lazy("New plans come in; plans that a device has already are left alone.")
    titled = ("asset_number", "name")
    key = ("asset_number", "kind", "name")
    columns = (
        *_DEVICE,
        Column("kind", gettext_lazy("Kind"), Choice(PlanKind), required=True, example="statutory"),
        Column(
            "name",
            gettext_lazy("What is done"),
            Text(100),
            required=True,
            aliases=("检定内容", "计划名称"),
            example="气腹机压力检定",
        ),
        Column(
            "months",
            gettext_lazy("Every so many months"),
            Whole(minimum=1, maximum=120),
            required=True,
            aliases=("周期",),
            example="12",
        ),
        Column(
            "first_due_on",
            gettext_lazy("First due on"),
            Day(),
            required=True,
            example="2026-12-31",
        ),
        Column("stops_use", gettext_lazy("Out of use when overdue"), YesNo(empty=True)),
        _AGENCY,
        _NOTE,
        _shown("due_on", gettext_lazy("Due on"), Day()),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these plans in would do."""
        return actions.plan_plans(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all plans in."""
        return actions.import_plans(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Plans as filtered on their list."""
        rows = MaintenancePlan.objects.visible_to(by).current().for_list()
        return filtered(PlanFilter, rows, request).order_by("due_on", "pk")


class Records(_ByAction):
    """Calibration and maintenance that was done, each under its plan."""

    name = "service-records"
    label = gettext_lazy("Service records")
    note = gettext_lazy("What was done comes in under the device's plan of that name.")
    titled = ("asset_number", "plan")
    key = ("asset_number", "plan", "done_on")
    columns = (
        *_DEVICE,
        Column(
            "plan",
            gettext_lazy("Plan"),
            Text(100),
            required=True,
            aliases=("计划名称",),
            example="气腹机压力检定",
            source="plan.name",
        ),
        Column("done_on", gettext_lazy("Done on"), Day(), required=True, example="2026-06-01"),
        Column("result", gettext_lazy("Result"), Choice(Result), required=True, example="passed"),
        Column("certificate_number", gettext_lazy("Certificate number"), Text(60)),
        Column("valid_until", gettext_lazy("Certificate valid until"), Day()),
        _AGENCY,
        Column("cost", gettext_lazy("Cost in yuan"), Money()),
        _NOTE,
        _shown("due_on", gettext_lazy("Was due on"), Day()),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these records in would do."""
        return actions.plan_records(rows=rows, by=by, place=place)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all records in."""
        return actions.import_records(rows=rows, by=by, place=place, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Records that stand, the latest first."""
        rows = ServiceRecord.objects.visible_to(by).standing().for_list()
        return filtered(RecordFilter, rows, request).order_by("-done_on", "-pk")


class Orders(Table):
    """Work orders as filtered on their list; a fault is reported on the device's page."""

    name = "work-orders"
    label = gettext_lazy("Work orders")
    note = gettext_lazy("Faults and repairs, only to take out.")
    keepers = {}
    readers = _READERS
    titled = ("number", "device")
    columns = (
        _shown("number", gettext_lazy("Number"), Code(20)),
        _shown("institution", gettext_lazy("Institution"), source="institution.name"),
        _shown("asset_number", gettext_lazy("Asset number"), Code(40), "device.asset_number"),
        _shown("device", gettext_lazy("Device"), source="device.name"),
        _shown("status", gettext_lazy("Status"), Choice(Status)),
        _shown("description", gettext_lazy("What is wrong with it"), Text(500)),
        _shown("created_at", gettext_lazy("Reported at"), Moment()),
        _shown("reported_by", gettext_lazy("Reported by"), source="reported_by.name"),
        _shown("assigned_to", gettext_lazy("Colleague"), source="assigned_to.name"),
        _shown("vendor", gettext_lazy("Repair company")),
        _shown("work_done", gettext_lazy("What was done"), Text(500)),
        _shown("cost", gettext_lazy("Cost in yuan"), Money()),
        _shown("closed_at", gettext_lazy("Closed at"), Moment()),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Orders as filtered on their list."""
        rows = WorkOrder.objects.visible_to(by).for_list()
        return filtered(OrderFilter, rows, request).order_by("-created_at", "-pk")

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Faults are reported one by one."""
        raise DomainError("no_import", _("Faults are reported one by one, not brought in."))

    save = plan


for table in (Plans(), Records(), Orders()):
    register(table)
