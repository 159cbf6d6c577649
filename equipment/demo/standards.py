"""What the demo alliance must have, what sharing costs, and purchases in every state."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from alliance.institutions.models import Institution
from equipment.configuration import actions as configuration
from equipment.devices.models import DeviceType
from equipment.purchases import actions as purchases
from equipment.purchases.choices import CAME, Move, Status
from equipment.purchases.models import Purchase
from equipment.tariffs import actions as tariffs
from training.demo import Scene

# Tier, type, how many, at most years in use, what for.
_ASKED = (
    ("township", "LAP-P", 1, 8, "急腹症探查与简单腔镜手术"),
    ("township", "DR", 1, 10, "基层检查、上级诊断"),
    ("township", "US-P", 1, 8, "床旁与入户检查"),
    ("township", "ECG", 1, 10, "胸痛首诊"),
    ("township", "MONITOR", 2, 10, "急诊与留观"),
    ("county", "LAP-HD", 2, 8, "进阶级腔镜手术"),
    ("county", "ENERGY", 1, 8, "进阶级腔镜手术"),
    ("county", "IRRIG", 1, 10, "进阶级腔镜手术"),
    ("county", "CT", 1, 10, "区域影像中心"),
    ("tertiary", "LAP-3D", 1, 8, "复杂级腔镜手术"),
    ("tertiary", "US-SCALPEL", 2, 8, "复杂级腔镜手术"),
    ("tertiary", "LAP-HD", 2, 8, "腔镜手术与带教"),
)
# Type, tier of the user, paid, yuan.
_PRICES = (
    ("LAP-3D", "", "hour", 600),
    ("LAP-HD", "", "hour", 300),
    ("LAP-HD", "township", "hour", 150),
    ("US-SCALPEL", "", "use", 500),
    ("ENERGY", "", "use", 200),
    ("CT", "", "use", 260),
    ("MRI", "", "use", 450),
    ("US-P", "", "hour", 60),
    ("OR", "", "hour", 400),
    ("OR", "township", "hour", 200),
    ("VEHICLE", "", "hour", 150),
)
_IN_FORCE, _PRICED = 400, 300
_SCOPE, _CARDIOGRAPH, _MONITOR = "LAP-P", "ECG", "MONITOR"
_OFFERED = {_SCOPE: 180_000, _CARDIOGRAPH: 26_000, _MONITOR: 28_000}
_WHY = {
    _SCOPE: "辖区常住人口约 3.2 万，急腹症年转出近百例，已有两名医师完成县级进修，由外科专人保管。",
    _CARDIOGRAPH: "胸痛患者首诊须 10 分钟内完成心电图，现有设备下乡时门诊无机可用，由内科专人保管。",
    _MONITOR: "急诊留观床位由 4 张增至 6 张，现有监护仪不敷使用，由护理部专人保管。",
}


@dataclass(frozen=True)
class _Step:
    """One move of an application, who makes it, and what it says."""

    move: Move
    by: str
    reason: str = ""
    data: tuple[tuple[str, Any], ...] = ()


_SUBMIT = _Step(Move.SUBMIT, "manager")
_PASS_ON = _Step(Move.PASS_ON, "office", "配置与使用情况已核对，转第三方评估。")
_EVALUATE = _Step(
    Move.EVALUATE,
    "qc",
    "需求与使用人员均已落实，报价合理，建议购置。",
    (("recommended", True), ("score", 86)),
)
_APPROVE = _Step(
    Move.APPROVE,
    "office",
    "按政策补助。",
    (("quantity", 1), ("unit_price", Decimal(168_000)), ("percent", 60)),
)
_CHEAP = _Step(
    Move.APPROVE,
    "office",
    "按政策补助。",
    (("quantity", 1), ("unit_price", Decimal(26_000)), ("percent", 50)),
)
_TWO = _Step(
    Move.APPROVE,
    "office",
    "按政策补助。",
    (("quantity", 2), ("unit_price", Decimal(26_000)), ("percent", 50)),
)
# What has been done with an application that stands so. The first two are by townships that have a
# laparoscope, the next by those whose laparoscope is too old.
_WAYS: tuple[tuple[Status, str, tuple[_Step, ...]], ...] = (
    (Status.PARTLY, _MONITOR, (_SUBMIT, _PASS_ON, _EVALUATE, _TWO)),
    (Status.DELIVERED, _CARDIOGRAPH, (_SUBMIT, _PASS_ON, _EVALUATE, _CHEAP)),
    (Status.DRAFT, _SCOPE, ()),
    (Status.SUBMITTED, _SCOPE, (_SUBMIT,)),
    (
        Status.RETURNED,
        _SCOPE,
        (_SUBMIT, _Step(Move.RETURN, "office", "请补充两家以上供应商报价。")),
    ),
    (Status.EVALUATION, _SCOPE, (_SUBMIT, _PASS_ON)),
    (Status.EVALUATED, _SCOPE, (_SUBMIT, _PASS_ON, _EVALUATE)),
    (Status.APPROVED, _SCOPE, (_SUBMIT, _PASS_ON, _EVALUATE, _APPROVE)),
    (
        Status.REFUSED,
        _SCOPE,
        (_SUBMIT, _Step(Move.REFUSE, "office", "邻近中心卫生院设备可共享，建议预约使用。")),
    ),
    (Status.WITHDRAWN, _SCOPE, (_SUBMIT, _Step(Move.TAKE_BACK, "manager"))),
)


def load_standards(scene: Scene) -> None:
    """An edition in force and a draft, and purchases in every state."""
    types = {row.code: row for row in DeviceType.objects.all()}
    _editions(scene, types)
    # Who signs in for the first township has something to do; the next have what is applied for.
    houses = [scene.townships[0], *scene.townships[1 - len(_WAYS) :]]
    for house, (status, code, way) in zip(houses, _WAYS, strict=False):
        _purchase(scene, house, types[code], status, way)


def _editions(scene: Scene, types: dict[str, DeviceType]) -> None:
    by, since = scene.office, scene.day(_IN_FORCE)
    edition = configuration.draft(
        alliance=scene.alliance,
        name=f"{since.year} 年版基本配置标准",
        note="乡镇便携腹腔镜，县级高清腹腔镜、能量平台和冲洗设备，三级医院 3D 腹腔镜和超声刀。",
        by=by,
    )
    for tier, code, minimum, years, purpose in _ASKED:
        configuration.set_item(
            standard=edition,
            tier=tier,
            device_type=types[code],
            minimum=minimum,
            max_age_years=years,
            purpose=purpose,
            by=by,
        )
    configuration.publish(standard=edition, effective_from=since, on=scene.today, by=by)
    configuration.draft(
        alliance=scene.alliance, name="下一版（征求意见）", note="拟增加中心卫生院能量平台。", by=by
    )


def load_prices(scene: Scene) -> None:
    """The price list, before anything is booked by it."""
    types = {row.code: row for row in DeviceType.objects.all()}
    since = scene.day(_PRICED)
    for code, tier, unit, amount in _PRICES:
        tariffs.set_price(
            alliance=scene.alliance,
            device_type=types[code],
            tier=tier,
            unit=unit,
            amount=Decimal(amount),
            valid_from=since,
            on=since,
            by=scene.office,
        )


def _purchase(
    scene: Scene, house: Institution, type_: DeviceType, status: Status, way: tuple[_Step, ...]
) -> None:
    people = {"manager": scene.manager(house), "office": scene.office, "qc": scene.qc}
    row = purchases.start(
        institution=house,
        device_type=type_,
        by=people["manager"],
        quantity=2 if status == Status.PARTLY else 1,
        unit_price=Decimal(_OFFERED[type_.code]),
        statement=_WHY[type_.code],
    )
    for step in way:
        row = _moved(row, step, people)
    if status in CAME:
        number = f"{scene.today:%Y}-P{house.pk}"
        said = (("delivered_on", scene.today), ("name", type_.name), ("devices", number))
        _moved(row, _Step(Move.DELIVER, "manager", data=said), people)


def _moved(row: Purchase, step: _Step, people: dict[str, Any]) -> Purchase:
    return purchases.move(
        purchase=row,
        move=step.move,
        by=people[step.by],
        reason=step.reason,
        data=dict(step.data),
    )
