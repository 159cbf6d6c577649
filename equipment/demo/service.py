"""A year of keeping devices fit for use: plans, checks, faults, a recall and an adverse event."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from equipment.bookings.actions import recheck_devices
from equipment.bookings.models import BookedDevice, WaitingEntry
from equipment.devices.choices import TypeKind
from equipment.devices.models import Device
from equipment.service import actions, rules
from equipment.service.choices import Harm, Move, OutageReason, PlanKind, RecallLevel, Status
from equipment.service.models import (
    MaintenancePlan,
    Outage,
    ServiceRecord,
    WorkOrder,
    WorkOrderEvent,
)
from training.demo import Scene

_YEAR = 365
_FAULTS = (
    ("开机自检报错，屏幕提示 E12", "重装系统并更换主板电池", 850),
    ("电源线破损", "更换电源线", 150),
    ("按键无反应", "更换面板", 1600),
)
_BLURRED = ("图像模糊、有雾", "清洁光学窗口，更换密封圈", 1200)
_NO_PRINT = ("打印不出报告", "更换打印头", 360)
_PEDAL = ("脚踏开关失灵", "更换脚踏开关", 420)
# What breaks in devices of a type only.
_OWN_FAULTS = {
    **dict.fromkeys(("LAP-3D", "LAP-HD", "LAP-P", "THOR", "ARTH", "GASTRO", "COLON"), _BLURRED),
    **dict.fromkeys(("ECG", "US", "US-P"), _NO_PRINT),
    **dict.fromkeys(("US-SCALPEL", "ENERGY", "HO-LASER"), _PEDAL),
    "IRRIG": ("冲洗压力不稳", "更换减压阀并校准", 980),
}
_VENDORS = ("明川医疗维修中心", "省医疗设备维修站", "")


class _Check(NamedTuple):
    kind: PlanKind
    name: str
    months: int
    agency: str
    cost: int


_CHECKS = (
    _Check(PlanKind.STATUTORY, "强制检定", 12, "市计量测试院", 600),
    _Check(PlanKind.PREVENTIVE, "预防性维护", 6, "设备科", 200),
)


def load_service(scene: Scene) -> None:
    """Everything of a year, told as if it had been entered from day to day."""
    houses = [scene.tertiary, *scene.counties, *scene.townships]
    rows = Device.objects.filter(owner__in=houses, type__kind=TypeKind.DEVICE, retired_on=None)
    devices = list(rows.select_related("owner", "type").order_by("owner", "asset_number"))
    if not devices:
        return
    _plans(scene, devices)
    _repaired(scene, devices)
    _broken_today(scene, devices)
    _recall(scene, devices)
    _event(scene, devices)
    # Checks were written as rows, so nobody has told yet whose bookings a forgotten one fails.
    recheck_devices(device_ids=[one.pk for one in devices], at=timezone.now())


def _plans(scene: Scene, devices: list[Device]) -> None:
    """A calibration and a maintenance for each; now and then one was forgotten.

    Not of what people wait for, which could not be offered to them, nor of what is booked with a
    mentor: those bookings are there to be answered.
    """
    waits = WaitingEntry.objects.on_the_list().values_list("device", flat=True)
    taught = BookedDevice.objects.exclude(booking__mentor_word="").values_list("device", flat=True)
    needed = {*waits, *taught}
    plans: list[MaintenancePlan] = []
    records: list[ServiceRecord] = []
    for number, device in enumerate(devices):
        for check in _CHECKS:
            late = number % 17 == 3 and device.pk not in needed
            plan, done = _planned(scene, device, check, late=late)
            plans.append(plan)
            records += done
    MaintenancePlan.objects.bulk_create(plans, batch_size=1000)
    ServiceRecord.objects.bulk_create(records, batch_size=1000)


def _planned(
    scene: Scene, device: Device, check: _Check, *, late: bool
) -> tuple[MaintenancePlan, list[ServiceRecord]]:
    """One plan and what was done under it in the last year."""
    by = scene.manager(device.owner)
    back = 30 * check.months - scene.dice.randrange(5, 30 * check.months - 5)
    last = scene.day(back + (30 * check.months if late else 0))
    last = max(last, device.in_use_from)
    plan = MaintenancePlan(
        device=device,
        kind=check.kind,
        name=check.name,
        months=check.months,
        first_due_on=last + timedelta(days=scene.dice.randrange(0, 20)),
        stops_use=check.kind == PlanKind.STATUTORY,
        agency=check.agency,
        created_by=by,
        # Nightly checks ask about days that are over: a plan of today was not yet there on them.
        created_at=scene.moment((scene.today - last).days + 1, 9),
    )
    dues, plan.due_on = rules.schedule(plan.first_due_on, plan.months, [rules.Done(last)])
    record = ServiceRecord(
        device=device,
        plan=plan,
        kind=check.kind,
        done_on=last,
        due_on=dues[0],
        agency=check.agency,
        cost=Decimal(check.cost),
        certificate_number=f"JD{last:%Y%m}{scene.dice.randrange(1000, 9999)}"
        if check.kind == PlanKind.STATUTORY
        else "",
        recorded_by=by,
        created_at=scene.moment((scene.today - last).days, 15),
    )
    return plan, [record]


def _repaired(scene: Scene, devices: list[Device]) -> None:
    """Faults of the year that have been mended; each kept its device out for some days."""
    chosen = scene.dice.sample(devices, k=max(1, len(devices) // 3))
    for number, device in enumerate(chosen):
        back = scene.dice.randrange(15, _YEAR)
        lasted = scene.dice.choice((1, 1, 2, 3, 5, 8))
        if scene.day(back) < device.in_use_from:
            continue
        _mended(scene, device, back, lasted, _fault(device, number), number)


def _fault(device: Device, number: int) -> tuple[str, str, int]:
    """What may break in such a device: one after the other."""
    own = _OWN_FAULTS.get(device.type.code)
    fitting = [*([own] if own else []), *_FAULTS]
    return fitting[number % len(fitting)]


def _mended(
    scene: Scene, device: Device, back: int, lasted: int, fault: tuple[str, str, int], number: int
) -> None:
    words, mended, cost = fault
    by = scene.manager(device.owner)
    begun, ended = scene.moment(back, 9), scene.moment(back - lasted, 16)
    order = WorkOrder.objects.create(
        number=f"BX{scene.day(back):%Y}-9{number:05d}",
        device=device,
        institution=device.owner,
        status=Status.RETURNED,
        description=words,
        reported_by=by,
        vendor=_VENDORS[number % len(_VENDORS)],
        work_done=mended,
        cost=Decimal(cost),
        closed_at=ended,
        version=5,
    )
    WorkOrder.objects.filter(pk=order.pk).update(created_at=begun)
    Outage.objects.create(
        device=device,
        order=order,
        reason=OutageReason.FAULT,
        starts_at=begun,
        ends_at=ended,
        note=words,
        opened_by=by,
        closed_by=by,
    )
    _told(order, begun, ended)


def _told(order: WorkOrder, begun: datetime, ended: datetime) -> None:
    """What happened from the report to the device's return."""
    steps: list[tuple[str, str, str, datetime]] = [
        ("report", "", Status.REPORTED, begun),
        (Move.START, Status.REPORTED, Status.IN_REPAIR, begun + timedelta(hours=2)),
        (Move.TEST, Status.IN_REPAIR, Status.TESTED, ended - timedelta(hours=1)),
        (Move.RETURN, Status.TESTED, Status.RETURNED, ended),
    ]
    WorkOrderEvent.objects.bulk_create(
        WorkOrderEvent(
            order=order,
            move=move,
            source=source,
            target=target,
            reason=order.description if move == "report" else "",
            data={"work_done": order.work_done} if move == Move.TEST else {},
            by=order.reported_by,
            at=at,
        )
        for move, source, target, at in steps
    )


def _broken_today(scene: Scene, devices: list[Device]) -> None:
    """What waits today: a new report, a repair under way, and one that is tested."""
    townships = {house.pk for house in scene.townships}
    county = [one for one in devices if one.owner_id == scene.counties[0].pk]
    chosen = [*county[:3], *[one for one in devices if one.owner_id in townships][:2]]
    for number, device in enumerate(chosen):
        keeper = scene.manager(device.owner)
        words = _fault(device, number)[0]
        order = actions.report_fault(
            device=device, description=words, is_usable=number == 1, by=keeper
        )
        expected = scene.today + timedelta(days=2)
        if number in (1, 2):
            data = {"vendor": "明川医疗维修中心", "expected_on": expected}
            order = actions.move(order=order, move=Move.ASSIGN, by=keeper, data=data)
        if number == 2:
            actions.move(order=order, move=Move.START, by=keeper)


def _recall(scene: Scene, devices: list[Device]) -> None:
    """A maker recalls one type; the first house has dealt with it already."""
    makers: dict[tuple[str, int], list[Device]] = {}
    for device in devices:
        if device.maker:
            makers.setdefault((device.maker, device.type_id), []).append(device)
    fitting = sorted(makers.values(), key=lambda found: (abs(len(found) - 4), found[0].pk))
    if not fitting:
        return
    one = fitting[0][0]
    recall = actions.issue_recall(
        alliance=scene.alliance,
        values={
            "title": f"{one.maker}{one.type.name}软件升级召回",
            "level": RecallLevel.SECOND,
            "reference": f"演示召回 {scene.today:%Y}-07 号",
            "published_on": scene.day(6),
            "type": one.type,
            "maker": one.maker,
            "instruction": "停用并联系厂家升级软件，升级后经检测方可使用。",
            "stops_use": True,
        },
        by=scene.office,
    )
    first = recall.devices.select_related("device__owner").order_by("pk").first()
    if first is not None:
        actions.handle_recalled(
            recalled=first,
            outcome="mended",
            note="厂家已上门升级软件并检测合格。",
            by=scene.manager(first.device.owner),
        )


def _event(scene: Scene, devices: list[Device]) -> None:
    """A burn by an instrument at the county, known since two days, not reported yet."""
    county = scene.counties[0]
    mine = [one for one in devices if one.owner_id == county.pk]
    if not mine:
        return
    actions.enter_event(
        device=mine[-1],
        institution=county,
        harm=Harm.SERIOUS,
        happened_at=scene.moment(3, 15),
        known_at=scene.moment(2, 9),
        description="使用中器械绝缘层破损，患者皮肤灼伤约 1 厘米，处理后好转。",
        measures="停用该器械，保留现场与附件。",
        by=scene.manager(county),
    )
