"""Plans and what was done come in from Excel and go out; all else of this room only goes out."""

from collections.abc import Sequence
from typing import Any, Final, NoReturn

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

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
from .choices import Harm, OutageReason, PlanKind, RecallLevel, RecallOutcome, Result, Status
from .filters import OrderFilter, OutageFilter, PlanFilter, RecordFilter
from .models import (
    AdverseEvent,
    MaintenancePlan,
    Outage,
    Recall,
    RecalledDevice,
    ServiceRecord,
    WorkOrder,
)

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
_SHOWN_DEVICE = (
    _shown("asset_number", gettext_lazy("Asset number"), Code(40), "device.asset_number"),
    _shown("device", gettext_lazy("Device"), source="device.name"),
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


class _OutOnly(Table):
    """What these tables share: they hold what happened one by one on pages."""

    keepers = {}
    readers = _READERS

    def plan(self, *args: Any, **options: Any) -> NoReturn:
        """Nothing comes in."""
        raise DomainError("no_import", _("This is entered one by one, not brought in."))

    save = plan


class Orders(_OutOnly):
    """Work orders as filtered on their list; a fault is reported on the device's page."""

    name = "work-orders"
    label = gettext_lazy("Work orders")
    note = gettext_lazy("Faults and repairs, only to take out.")
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
        _shown("assigned_to", gettext_lazy("Technician of the house"), source="assigned_to.name"),
        _shown("vendor", gettext_lazy("Repair company")),
        _shown("work_done", gettext_lazy("What was done"), Text(500)),
        _shown("parts_cost", gettext_lazy("Parts in yuan"), Money()),
        _shown("labour_cost", gettext_lazy("Labour in yuan"), Money()),
        _shown("cost", gettext_lazy("Cost in yuan"), Money()),
        _shown("closed_at", gettext_lazy("Closed at"), Moment()),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Orders as filtered on their list."""
        rows = WorkOrder.objects.visible_to(by).for_list()
        return filtered(OrderFilter, rows, request).order_by("-created_at", "-pk")


class Outages(_OutOnly):
    """Times in which devices were down, are, or will be, as filtered on their list."""

    name = "outages"
    label = gettext_lazy("Outages")
    note = gettext_lazy("When devices were down, are, or will be; only to take out.")
    titled = ("asset_number", "starts_at")
    columns = (
        *_SHOWN_DEVICE,
        _shown("institution", gettext_lazy("Institution"), source="device.owner.name"),
        _shown("reason", gettext_lazy("Reason"), Choice(OutageReason)),
        _shown("starts_at", gettext_lazy("Begins at"), Moment()),
        _shown("ends_at", gettext_lazy("Ends at"), Moment()),
        _shown("note", gettext_lazy("Note"), Text(300)),
        _shown("order", gettext_lazy("Work order"), Code(20), "order.number"),
        _shown("recall", gettext_lazy("Recall"), source="recall.title"),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Outages as filtered on their list."""
        rows = Outage.objects.visible_to(by).for_list()
        return filtered(OutageFilter, rows, request).order_by("-starts_at", "-pk")


# Of a device under a recall: the column, its kind, and where the row has it.
_OF_RECALLED: Final = (
    ("institution", gettext_lazy("Institution"), Text(200), "device__owner__name"),
    ("asset_number", gettext_lazy("Asset number"), Code(40), "device__asset_number"),
    ("device", gettext_lazy("Device"), Text(200), "device__name"),
    ("maker", gettext_lazy("Manufacturer"), Text(200), "device__maker"),
    ("serial_number", gettext_lazy("Serial number"), Code(60), "device__serial_number"),
    ("outcome", gettext_lazy("What became of it"), Choice(RecallOutcome, empty=""), "outcome"),
    ("note", gettext_lazy("What was done"), Text(300), "note"),
    ("handled_at", gettext_lazy("Dealt with at"), Moment(), "handled_at"),
    ("handled_by", gettext_lazy("Dealt with by"), Text(200), "handled_by__name"),
)


class Recalled(_OutOnly):
    """Recalls and the devices under them: the notice, the device, and what became of it."""

    name = "recalled-devices"
    label = gettext_lazy("Recalled devices")
    note = gettext_lazy(
        "Each device under a recall and what became of it; a recall without a device has a row too."
        " Only to take out."
    )
    titled = ("title", "asset_number")
    columns = (
        _shown("title", gettext_lazy("Recall")),
        _shown("level", pgettext_lazy("recall", "Class"), Choice(RecallLevel)),
        _shown("reference", gettext_lazy("Number or source of the notice")),
        _shown("published_on", gettext_lazy("Published on"), Day()),
        *(_shown(name, label, kind, f"of_{name}") for name, label, kind, _path in _OF_RECALLED),
        _shown("closed_at", gettext_lazy("Recall closed at"), Moment()),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Recalls that one may see with the devices one may see, the newest first."""
        recalled = RecalledDevice.objects.visible_to(by)
        of_device = {f"of_{name}": F(f"found__{path}") for name, *_kind, path in _OF_RECALLED}
        return Recall.objects.visible_to(by).by_device(recalled).annotate(**of_device)


class Events(_OutOnly):
    """Adverse events with devices; no patient is named in them."""

    name = "device-events"
    label = gettext_lazy("Adverse events with devices")
    note = gettext_lazy("Adverse events, their clock, report and inquiry; only to take out.")
    titled = ("asset_number", "happened_at")
    columns = (
        _shown("institution", gettext_lazy("Institution"), source="institution.name"),
        *_SHOWN_DEVICE,
        _shown("harm", pgettext_lazy("adverse event", "Harm"), Choice(Harm)),
        _shown("happened_at", gettext_lazy("Happened"), Moment()),
        _shown("known_at", gettext_lazy("Learned of"), Moment()),
        _shown("description", gettext_lazy("What happened"), Text(1000)),
        _shown("measures", gettext_lazy("What was done"), Text(500)),
        _shown("report_due_at", gettext_lazy("Report by"), Moment()),
        _shown("reported_at", pgettext_lazy("adverse event", "Reported at"), Moment()),
        _shown("report_number", gettext_lazy("Report number"), Text(60)),
        _shown("conclusion", gettext_lazy("Conclusion of the inquiry"), Text(1000)),
        _shown("closed_at", gettext_lazy("Closed at"), Moment()),
        _shown("entered_by", gettext_lazy("Entered by"), source="entered_by.name"),
    )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Adverse events that one may see, the newest first."""
        rows = AdverseEvent.objects.visible_to(by).for_list().select_related("entered_by")
        return rows.order_by("-created_at", "-pk")


for table in (Plans(), Records(), Orders(), Outages(), Recalled(), Events()):
    register(table)
