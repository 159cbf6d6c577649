"""The houses of the demo alliance and who works there."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from alliance.catalogue.actions import load_starter
from alliance.core.identifiers import uscc_with_check
from alliance.core.pinyin import initials, name_initials
from alliance.institutions.choices import AllianceKind, HelpForm, MemberRole, Tier
from alliance.institutions.models import (
    Alliance,
    Department,
    Institution,
    Membership,
    Relation,
    Specialty,
)
from alliance.institutions.rules import Member, default_relations
from alliance.people.choices import TitleCode
from alliance.people.models import Practitioner, User

from .names import person_name

NAME = "云溪县紧密型医共体（演示）"
DIVISION = "330199"
# The city's own hospital stands outside the county.
CITY = "330198"
TOWNS = (
    "青山镇", "白沙镇", "石桥镇", "龙泉镇", "清水镇", "柳林镇", "太平镇", "新河镇", "东岭镇", "桃源镇",
    "马鞍镇", "双溪镇", "竹园镇", "望江镇",
)  # fmt: skip
VILLAGES = {"青山镇": ("上湾村", "松坪村"), "白沙镇": ("沙口村",)}
HOSPITAL_SPECIALTIES = (
    "03.01", "03.02", "03.03", "03.04", "03.07", "04.01", "04.03", "04.04", "05.01", "07", "11",
    "19", "20", "21", "28",
)  # fmt: skip
TOWNSHIP_SPECIALTIES = ("02", "04.01", "05.01", "21", "50")
_STAFF = {Tier.TERTIARY: 44, Tier.COUNTY: 26, Tier.TOWNSHIP: 3, Tier.VILLAGE: 1}
_TITLES = (
    TitleCode.CHIEF, TitleCode.ASSOCIATE_CHIEF, TitleCode.ATTENDING, TitleCode.ATTENDING,
    TitleCode.PHYSICIAN, TitleCode.PHYSICIAN,
)  # fmt: skip


@dataclass
class Places:
    """Everything the history needs to know of the houses."""

    alliance: Alliance
    tertiary: Institution
    counties: list[Institution] = field(default_factory=list)
    townships: list[Institution] = field(default_factory=list)
    villages: list[Institution] = field(default_factory=list)
    departments: dict[tuple[int, int], Department] = field(default_factory=dict)
    staff: dict[int, list[Practitioner]] = field(default_factory=dict)
    doctors: dict[int, User] = field(default_factory=dict)
    liaisons: dict[int, User] = field(default_factory=dict)

    def all(self) -> list[Institution]:
        """Every house, the highest tier first."""
        return [self.tertiary, *self.counties, *self.townships, *self.villages]


def build(dice: Random, today: date) -> Places:
    """Make the alliance, its houses, departments, staff, matrix and catalogue."""
    started = today - timedelta(days=3 * 365)
    alliance = Alliance.objects.create(
        name=NAME, short_name="云溪县医共体", kind=AllianceKind.COUNTY_CONSORTIUM,
        division_code=DIVISION,
    )  # fmt: skip
    places = _houses(alliance, dice)
    _join(places, started)
    load_starter(alliance=alliance, effective_from=started)
    _departments(places)
    _staff(places, dice, today)
    _matrix(places)
    return places


def _seat(name: str) -> str:
    """Where a house stands: its own county or city, or a town of the county."""
    return name[:3] if name[2] in "县市" else f"云溪县{name[:3]}"


def _houses(alliance: Alliance, dice: Random) -> Places:
    serial = iter(range(1, 100))

    def house(name: str, tier: str, type_code: str, beds: int, **more: Any) -> Institution:
        division = CITY if tier == Tier.TERTIARY else DIVISION
        return Institution.objects.create(
            name=name,
            short_name=name,
            pinyin=initials(name),
            tier=tier,
            type_code=type_code,
            uscc=uscc_with_check(f"12{division}{next(serial):08d}0"),
            division_code=division,
            beds=beds,
            phone=f"0571-0000{dice.randrange(1000, 9999)}",
            liaison_phone=f"0571-0000{dice.randrange(1000, 9999)}",
            address=f"{_seat(name)}健康路 {dice.randrange(1, 200)} 号",
            **more,
        )

    tertiary = house("云溪市第一人民医院", Tier.TERTIARY, "A100", 1200, grade=9)
    places = Places(alliance, tertiary)
    places.counties = [
        house("云溪县人民医院", Tier.COUNTY, "A100", 600, grade=6, reviews_referrals=True),
        house("云溪县中医院", Tier.COUNTY, "A210", 320, grade=5),
    ]
    for number, town in enumerate(TOWNS):
        central = number < 4
        kind = "中心卫生院" if central else "卫生院"
        code = "C210" if central else "C220"
        township = house(f"{town}{kind}", Tier.TOWNSHIP, code, dice.randrange(20, 60), grade=2)
        places.townships.append(township)
        for village in VILLAGES.get(town, ()):
            places.villages.append(
                house(f"{town}{village}卫生室", Tier.VILLAGE, "D600", 0, parent=township)
            )
    return places


def _join(places: Places, started: date) -> None:
    Membership.objects.bulk_create(
        Membership(
            alliance=places.alliance,
            institution=house,
            role=MemberRole.LEAD if house == places.counties[0] else MemberRole.MEMBER,
            help_form=_help(house, places),
            valid_from=started,
        )
        for house in places.all()
    )


def _help(house: Institution, places: Places) -> str:
    if house == places.tertiary:
        return HelpForm.TECHNICAL_GUIDANCE
    if house in places.townships[:4]:
        return HelpForm.MANAGED
    return HelpForm.PAIRED_AID if house in places.townships else HelpForm.NONE


def _departments(places: Places) -> None:
    specialties = {row.code: row for row in Specialty.objects.all()}
    rows = []
    for house in places.all():
        if house.tier == Tier.VILLAGE:
            continue
        township = house.tier == Tier.TOWNSHIP
        for code in TOWNSHIP_SPECIALTIES if township else HOSPITAL_SPECIALTIES:
            if house == places.counties[1] and code in ("04.04", "19", "28"):
                continue  # the hospital of Chinese medicine lacks these: refusals to show
            name = specialties[code].name
            rows.append(
                Department(
                    institution=house,
                    code=f"K{code.replace('.', '')}",
                    name=name,
                    pinyin=initials(name),
                    specialty=specialties[code],
                    beds=house.beds
                    // (len(TOWNSHIP_SPECIALTIES if township else HOSPITAL_SPECIALTIES)),
                )
            )
    Department.objects.bulk_create(rows)
    places.departments = {
        (row.institution_id, row.specialty_id): row for row in Department.objects.all()
    }


def _staff(places: Places, dice: Random, today: date) -> None:
    serial, rows = 0, []
    for house in places.all():
        mine = [d for d in places.departments.values() if d.institution_id == house.pk]
        for place in range(_STAFF[Tier(house.tier)]):
            serial += 1
            name = person_name(dice)
            rows.append(
                Practitioner(
                    name=name,
                    pinyin=name_initials(name),
                    sex=dice.choice(["male", "female"]),
                    licence_number=f"1103301{today.year - 2000:02d}{serial:06d}",
                    licence_valid_until=today + timedelta(days=dice.randrange(20, 1500)),
                    title_code=_title(house, place),
                    practice_started_on=today
                    - timedelta(days=365 * dice.randrange(3 if place % 3 else 6, 28)),
                    institution=house,
                    department=_post(mine, house, place) if mine else None,
                    phone=f"1380000{serial:04d}",
                )
            )
    Practitioner.objects.bulk_create(rows)
    for row in Practitioner.objects.select_related("department"):
        places.staff.setdefault(row.institution_id, []).append(row)
        if row.department_id:
            row.specialties.add(row.department.specialty_id)


def _title(house: Institution, place: int) -> str:
    """Hospitals have every title, townships none of the highest."""
    if house.tier in (Tier.TERTIARY, Tier.COUNTY):
        return _TITLES[place % len(_TITLES)]
    return TitleCode.PHYSICIAN if place % 3 == 2 else TitleCode.ATTENDING


def _post(mine: list[Department], house: Institution, place: int) -> Department:
    """Where somebody works: surgery and gynaecology have seniors to teach and juniors to learn."""
    if house.tier == Tier.TOWNSHIP:
        wanted = ("04.01", "02", "04.01")[place % 3]
    else:
        wanted = {0: "04.01", 4: "04.01", 5: "05.01", 6: "05.01"}.get(
            place % 12 if place % 12 == 6 else place % 6, ""
        )
    named = [department for department in mine if department.specialty.code == wanted]
    return named[0] if named else mine[place % len(mine)]


def _matrix(places: Places) -> None:
    members = [Member(house.pk, house.tier, house.parent_id) for house in places.all()]
    Relation.objects.bulk_create(
        Relation(alliance=places.alliance, sender_id=a, receiver_id=b, direction=direction)
        for a, b, direction in default_relations(members)
    )
