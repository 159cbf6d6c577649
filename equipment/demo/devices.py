"""Some 250 devices over all houses, as domain.md §3 knows the state of the grassroots.

Two townships in five have no laparoscope, and of those that are there a third is too old, so that
two in five have one that counts; three devices in ten are older than eight years, fewer than one in
ten are high-end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, count

from django.db.models import Count, DateTimeField, OuterRef, Subquery
from django.db.models.functions import Cast

from alliance.institutions.choices import Tier
from alliance.institutions.models import Department, Institution
from equipment.devices.actions import begin, close, load_starter_types, scan
from equipment.devices.choices import Condition, Retirement
from equipment.devices.models import Device, DeviceType, SharedTime
from equipment.devices.rules import after_years
from training.demo import Scene

_MAKERS = ("示例医疗（演示）", "样例光电（演示）", "范例影像（演示）", "演示器械")
_OLD_IN_TEN = 3
_OLD_YEARS = 8
# Of fourteen townships, the central ones first; the oldest stand at the last of them.
_LAPAROSCOPES_AT_TOWNSHIPS, _OLD_AMONG_THEM = 8, 3
_NOTES = {
    Condition.LIMITED: ("启动较慢，需预热十分钟", "按键偶有失灵", "电源线短，需自备插排", "显示屏有暗斑"),
    Condition.POOR: ("多项指标偏差，待更换", "按键失灵，仅供急用"),
}  # fmt: skip


@dataclass(frozen=True)
class Stock:
    """How many devices of a type a house of each tier has, where, and for how much (in 10,000)."""

    code: str
    model: str
    department: str
    price: int
    tertiary: int = 0
    county: int = 0
    township: int = 0
    village: int = 0
    is_shared: bool = False

    def at(self, tier: str) -> int:
        """How many a house of this tier has."""
        return int(getattr(self, tier))


STOCK = (
    Stock("LAP-3D", "3D 腹腔镜 V-300", "K0401", 280, tertiary=2, is_shared=True),
    Stock("LAP-HD", "高清腹腔镜 H-200", "K0401", 120, tertiary=3, county=3, is_shared=True),
    Stock("LAP-P", "便携式腹腔镜 P-20", "K0401", 18),
    Stock("THOR", "胸腔镜 T-100", "K0401", 110, tertiary=2),
    Stock("US-SCALPEL", "超声刀 S-11", "K0401", 45, tertiary=3, county=1, is_shared=True),
    Stock("ENERGY", "能量平台 E-400", "K0401", 30, tertiary=3, county=3, is_shared=True),
    Stock("IRRIG", "冲洗吸引泵 X-1", "K0401", 4, tertiary=2, county=2),
    Stock("HYST", "宫腔镜 G-30", "K0501", 60, tertiary=2, county=1, is_shared=True),
    Stock("CYST", "膀胱镜 B-12", "K0404", 35, tertiary=1, county=1),
    Stock("URET", "输尿管镜 U-8", "K0404", 42, tertiary=1, county=1, is_shared=True),
    Stock("NEPH", "经皮肾镜 N-16", "K0404", 55, tertiary=1),
    Stock("HO-LASER", "钬激光 L-60", "K0404", 90, tertiary=1, county=1, is_shared=True),
    Stock("ARTH", "关节镜 A-40", "K0403", 88, tertiary=1, county=1, is_shared=True),
    Stock("GASTRO", "电子胃镜 W-290", "K0302", 65, tertiary=3, county=2),
    Stock("COLON", "电子结肠镜 C-290", "K0302", 68, tertiary=2, county=2),
    Stock("BRONCH", "电子支气管镜 Q-19", "K0301", 58, tertiary=1, county=1),
    Stock("DR", "DR 系统 D-500", "", 95, tertiary=2, county=2, township=1),
    Stock("C-ARM", "移动 C 臂 R-9", "K0403", 75, tertiary=1, county=1),
    Stock("CT", "64 排 CT", "", 420, tertiary=2, county=1, is_shared=True),
    Stock("MRI", "1.5T 磁共振", "", 780, tertiary=1, county=1, is_shared=True),
    Stock("DSA", "血管造影机", "", 690, tertiary=1),
    Stock("US", "彩超 M-9", "", 85, tertiary=4, county=3, township=1),
    Stock("US-P", "便携超声 M-2", "K02", 16, county=2, township=1, is_shared=True),
    Stock("ECG", "十二导心电图机", "K02", 3, tertiary=3, county=3, township=2, village=1),
    Stock("MONITOR", "多参数监护仪", "", 3, tertiary=4, county=4, township=3),
    Stock("ANAES", "麻醉机 AN-7", "", 32, tertiary=3, county=2),
    Stock("OR", "手术间", "K0401", 0, tertiary=3, county=2, township=0, is_shared=True),
    Stock("SIM", "模拟培训室", "", 0, county=1, is_shared=True),
)  # fmt: skip


def load_devices(scene: Scene) -> None:
    """Types, devices and two stock-takes."""
    load_starter_types()
    types = {row.code: row for row in DeviceType.objects.all()}
    rooms = _rooms(scene)
    wanted = list(_wanted(scene))
    aged = zip(wanted, _ages(scene, len(wanted)), strict=True)
    serial = count(1)
    rows = [
        _device(scene, house, stock, types[stock.code], rooms, age, next(serial))
        for (house, stock), age in chain(aged, _portables(scene))
    ]
    Device.objects.bulk_create(rows)
    # The houses of the demo had their registers here from the beginning.
    known = Device.objects.filter(pk=OuterRef("device")).values("in_use_from")
    SharedTime.objects.update(noted_at=Cast(Subquery(known), DateTimeField()))
    _worn(scene)
    _stocktakes(scene)


def _villages(scene: Scene) -> list[Institution]:
    rows = Institution.objects.filter(parent__in=scene.townships, is_active=True)
    return list(rows.order_by("pk"))


def _houses(scene: Scene) -> list[Institution]:
    return [*scene.hospitals, *scene.townships, *_villages(scene)]


def _wanted(scene: Scene) -> Iterator[tuple[Institution, Stock]]:
    """Every device to be, by house; portable laparoscopes apart."""
    for house in _houses(scene):
        for stock in STOCK:
            yield from ((house, stock) for _one in range(stock.at(house.tier)))
    vehicle = Stock("VEHICLE", "移动诊疗车 01", "", 160, is_shared=True)
    yield scene.counties[0], vehicle


def _portables(scene: Scene) -> Iterator[tuple[tuple[Institution, Stock], int]]:
    """The laparoscopes of townships, of which some are older than the standard lets them be."""
    portable = next(stock for stock in STOCK if stock.code == "LAP-P")
    young = _LAPAROSCOPES_AT_TOWNSHIPS - _OLD_AMONG_THEM
    for place, house in enumerate(scene.townships[:_LAPAROSCOPES_AT_TOWNSHIPS]):
        yield (house, portable), _age(scene, is_old=place >= young)


def _ages(scene: Scene, number: int) -> list[int]:
    """Days since the purchase: three in ten older than eight years, spread over all houses."""
    ages = [_age(scene, is_old=place % 10 < _OLD_IN_TEN) for place in range(number)]
    scene.dice.shuffle(ages)
    return ages


def _age(scene: Scene, *, is_old: bool) -> int:
    limit = 366 * _OLD_YEARS
    since, until = (limit + 30, limit + 2200) if is_old else (60, limit - 200)
    return scene.dice.randrange(since, until)


def _rooms(scene: Scene) -> dict[tuple[int, str], Department]:
    rows = Department.objects.filter(institution__in=_houses(scene))
    return {(row.institution_id, row.code): row for row in rows}


def _device(
    scene: Scene,
    house: Institution,
    stock: Stock,
    type_: DeviceType,
    rooms: dict[tuple[int, str], Department],
    age: int,
    serial: int,
) -> Device:
    bought = scene.day(age)
    condition = _condition(scene, age)
    notes = _NOTES.get(condition, ("",))
    return Device(
        type=type_,
        owner=house,
        department=rooms.get((house.pk, stock.department)),
        name=stock.model,
        maker=scene.dice.choice(_MAKERS) if stock.price else "",
        # Of the range for use within a house, which no maker was given.
        udi=f"(01)0200000{serial:07d}" if stock.price and age < 366 * 5 else "",
        serial_number=f"DEMO{serial:05d}" if stock.price else "",
        asset_number=f"{bought:%Y}-{serial:04d}",
        location=_place(scene, house),
        price=stock.price * 10_000 or None,
        purchased_on=bought,
        in_use_from=min(bought + timedelta(days=scene.dice.randrange(5, 50)), scene.today),
        life_ends_on=after_years(bought, type_.life_years),
        condition=condition,
        condition_note=scene.dice.choice(notes),
        is_shared=stock.is_shared,
        needs_approval=stock.is_shared and type_.is_high_end,
    )


def _condition(scene: Scene, age: int) -> Condition:
    """The older, the worse."""
    old = age > 366 * _OLD_YEARS
    weights = (5, 4, 1) if old else (30, 2, 0)
    return scene.dice.choices(tuple(Condition), weights)[0]


def _place(scene: Scene, house: Institution) -> str:
    """Building, floor and room; a village clinic has one room."""
    if house.tier == Tier.VILLAGE:
        return "诊室"
    floor = scene.dice.randrange(1, 3 if house.tier == Tier.TOWNSHIP else 9)
    building = "综合楼" if house.tier == Tier.TOWNSHIP else scene.dice.choice("ABC") + " 座"
    return f"{building} {floor} 楼 {floor}{scene.dice.randrange(1, 20):02d} 室"


def _worn(scene: Scene) -> None:
    """Some old devices left the register in the last year."""
    # No house is left without any.
    several = Device.objects.values("owner").annotate(number=Count("pk")).filter(number__gt=2)
    old = Device.objects.older_than(_OLD_YEARS, scene.today).filter(
        owner__in=several.values("owner")
    )
    for place, row in enumerate(old.filter(type__code__in=("ECG", "MONITOR", "US")).order_by("pk")):
        if place % 5 == 0:
            row.retired_on = scene.day(scene.dice.randrange(5, 300))
            row.retirement = Retirement.WORN if place % 2 else Retirement.BROKEN
            row.retirement_note = "已按固定资产报废流程处置"
            row.version = 2
            row.save()


def _stocktakes(scene: Scene) -> None:
    """Last quarter's, closed with two missing; another house is just counting."""
    county, other = scene.counties
    keeper = scene.manager(county)
    closed = begin(institution=county, name="三季度盘点", on=scene.day(60), by=keeper)
    expected = list(closed.lines.select_related("device").order_by("pk"))
    for line in expected[2:]:
        scan(stocktake=closed, number=str(line.device.public_id), at=scene.moment(59), by=keeper)
    close(stocktake=closed, at=scene.moment(58), by=keeper)
    by = scene.manager(other)
    opened = begin(institution=other, name="年终盘点", on=scene.day(1), by=by)
    for line in opened.lines.select_related("device").order_by("pk")[:9]:
        scan(stocktake=opened, number=str(line.device.public_id), at=scene.moment(1, 15), by=by)
