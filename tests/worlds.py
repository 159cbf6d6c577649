"""Worlds to test in: the same cast everywhere, later states reached through actions only."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from alliance.catalogue.models import CatalogueEdition, Disease, Technique
from alliance.core.choices import Role
from alliance.core.identifiers import resident_id_with_check
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance, Department, Institution, Specialty
from alliance.institutions.rules import Member, default_relations
from alliance.patients import actions as patients
from alliance.people.models import Practitioner, User
from referrals import actions
from referrals.choices import Move
from referrals.models import Referral
from tests import replay
from tests.factories import alliance as make


@dataclass
class World:
    """One alliance of five houses, an outsider, and the people of each."""

    alliance: Alliance
    tertiary: Institution
    county: Institution
    county2: Institution
    township: Institution
    township2: Institution
    village: Institution
    outside: Institution
    surgery: Specialty
    medicine: Specialty
    county_surgery: Department
    edition: CatalogueEdition
    appendicitis: Disease
    gastritis: Disease
    appendectomy: Technique
    debridement: Technique
    gastrectomy: Technique
    doctor: User
    township_liaison: User
    township_manager: User
    township2_doctor: User
    liaison: User
    county_doctor: User
    manager: User
    county2_liaison: User
    tertiary_liaison: User
    trainer: User
    office: User
    qc: User
    system_admin: User
    security_admin: User
    auditor: User
    outsider: User
    practitioner: Practitioner


def alliance() -> World:
    """The cast: tertiary leads, two counties, two townships, one village clinic."""
    return replay.again(_alliance, is_clear=lambda: not Specialty.objects.exists())


def _alliance() -> World:
    place = _institutions()
    group = make.AllianceFactory()
    for name, house in place.items():
        if name != "outside":
            role = "lead" if name == "tertiary" else "member"
            make.MembershipFactory(alliance=group, institution=house, role=role)
    members = [Member(i.pk, i.tier, i.parent_id) for n, i in place.items() if n != "outside"]
    for sender, receiver, direction in default_relations(members):
        make.RelationFactory(
            alliance=group, sender_id=sender, receiver_id=receiver, direction=direction
        )
    surgery = make.SpecialtyFactory(code="04.01", name="普通外科专业")
    medicine = make.SpecialtyFactory(code="03.03", name="消化内科专业")
    departments = {
        (name, specialty.code): make.DepartmentFactory(
            institution=place[name], specialty=specialty, name=specialty.name[:4]
        )
        for name in place
        if name != "village"
        for specialty in (surgery, medicine)
        if not (name == "township2" and specialty is medicine)
    }
    practitioner = make.PractitionerFactory(name="李文", institution=place["township"])
    return World(
        alliance=group,
        **place,
        surgery=surgery,
        medicine=medicine,
        county_surgery=departments["county", "04.01"],
        practitioner=practitioner,
        **_catalogue(group, surgery, medicine),
        **_people(group, place, practitioner),
    )


def _institutions():
    township = make.InstitutionFactory(name="青山镇卫生院", short_name="青山镇卫生院")
    return {
        "tertiary": make.InstitutionFactory(
            name="云溪市第一医院", tier=Tier.TERTIARY, type_code="A100"
        ),
        "county": make.InstitutionFactory(
            name="云溪县人民医院", tier=Tier.COUNTY, type_code="A100"
        ),
        "county2": make.InstitutionFactory(name="云溪县中医院", tier=Tier.COUNTY, type_code="A210"),
        "township": township,
        "township2": make.InstitutionFactory(name="白沙镇卫生院"),
        "village": make.InstitutionFactory(
            name="青山村卫生室", tier=Tier.VILLAGE, type_code="D600", parent=township
        ),
        "outside": make.InstitutionFactory(name="外县医院", tier=Tier.COUNTY, type_code="A100"),
    }


def _catalogue(group, surgery, medicine):
    edition = make.EditionFactory(alliance=group)
    appendectomy = make.TechniqueFactory(
        code="47.0100", name="腹腔镜下阑尾切除术", specialty=surgery
    )
    debridement = make.TechniqueFactory(code="86.2200x011", name="清创缝合术", specialty=surgery)
    gastrectomy = make.TechniqueFactory(
        code="43.7x03", name="腹腔镜胃大部切除术", specialty=surgery
    )
    for technique, grade, tiers in [
        (appendectomy, "advanced", ["county", "tertiary"]),
        (debridement, "basic", ["township", "county", "tertiary"]),
        (gastrectomy, "complex", ["tertiary"]),
    ]:
        make.EntryFactory(edition=edition, technique=technique, grade=grade, tiers=tiers)
    make.RequirementFactory(edition=edition)
    make.RequirementFactory(
        edition=edition, grade="advanced", side="institution", kind="beds", minimum=20, unit="张"
    )
    edition.status, edition.effective_from = "published", make.LONG_AGO
    edition.published_at = timezone.now()
    edition.save()
    return {
        "edition": edition,
        "appendectomy": appendectomy,
        "debridement": debridement,
        "gastrectomy": gastrectomy,
        "appendicitis": make.DiseaseFactory(
            code="K35.800x001", name="急性阑尾炎", specialty=surgery
        ),
        "gastritis": make.DiseaseFactory(code="K29.500", name="慢性胃炎", specialty=medicine),
    }


def _people(group, place, practitioner):
    at = place
    return {
        "doctor": make.staff(
            Role.DOCTOR, institution=at["township"], name="李文", practitioner=practitioner
        ),
        "township_liaison": make.staff(Role.LIAISON, institution=at["township"]),
        "township_manager": make.staff(Role.MANAGER, institution=at["township"]),
        "township2_doctor": make.staff(Role.DOCTOR, institution=at["township2"]),
        "liaison": make.staff(Role.LIAISON, institution=at["county"], name="陈联络"),
        "county_doctor": make.staff(
            Role.DOCTOR,
            institution=at["county"],
            name="王建国",
            practitioner=make.PractitionerFactory(
                name="王建国", institution=at["county"], title_code="231"
            ),
        ),
        "trainer": make.staff(Role.TRAINER, institution=at["township"]),
        "manager": make.staff(Role.MANAGER, institution=at["county"]),
        "county2_liaison": make.staff(Role.LIAISON, institution=at["county2"]),
        "tertiary_liaison": make.staff(Role.LIAISON, institution=at["tertiary"]),
        "office": make.staff(Role.ALLIANCE_OFFICE, alliance=group),
        "qc": make.staff(Role.QC_MEMBER, alliance=group),
        "system_admin": make.staff(Role.SYSTEM_ADMIN),
        "security_admin": make.staff(Role.SECURITY_ADMIN),
        "auditor": make.staff(Role.AUDITOR),
        "outsider": make.staff(Role.MANAGER, institution=at["outside"]),
    }


# --- Referrals: every later state is reached by actions ----------------------------------------


def id_number(serial: int = 1, born: str = "19800101", area: str = "330100") -> str:
    """An invented resident ID number with a right check digit."""
    return resident_id_with_check(f"{area}{born}{serial:03d}")


def patient(world: World, serial: int = 1, name: str = "王小兰", at: Institution | None = None):
    """A patient registered at the township (or `at`)."""
    house = at or world.township
    found, _new = patients.register(
        by=world.doctor if house == world.township else world.liaison,
        institution=house,
        name=name,
        sex="female" if serial % 2 == 0 else "male",
        birth_date=date(1980, 1, 1),
        id_type="01",
        id_number=id_number(serial),
        phone="13800000000",
    )
    return found


def filing(world: World, **more):
    """The data of a complete urgent up-referral from the township to the county."""
    data = {
        "direction": "up",
        "urgency": "urgent",
        "receiver": world.county,
        "diagnoses": [world.appendicitis],
        "purpose": "treatment",
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "转移性右下腹痛 12 小时",
        "indication": "需手术治疗",
        "consent": {"given": True, "method": "written", "given_by": "patient"},
    }
    data |= more
    if "patient" not in data:
        data["patient"] = patient(world)
    return data


def pending_referral(world: World, **more) -> Referral:
    """An urgent up-referral that waits for the county's decision."""
    return actions.create_referral(
        by=world.doctor, institution=world.township, data=filing(world, **more)
    )


def step(referral: Referral, name: str, by: User, **data) -> Referral:
    """One move; returns the leg as it then is."""
    return actions.move(referral=referral, move=Move(name), by=by, data=data)


def accepted_referral(world: World, **more) -> Referral:
    """A leg that the county has accepted."""
    return step(pending_referral(world, **more), "accept", world.liaison)


def in_care_referral(world: World, **more) -> Referral:
    """A patient in the county's care."""
    leg = step(accepted_referral(world, **more), "arrive", world.liaison)
    return step(leg, "start_care", world.county_doctor)


def care_done_referral(world: World, **more) -> Referral:
    """Care finished at the county; the way back is owed."""
    leg = in_care_referral(world, **more)
    return step(
        leg, "finish_care", world.county_doctor, outcome="recovered", summary="术后恢复良好"
    )


def back_leg(world: World, **more) -> Referral:
    """The leg on which the patient comes back to the township."""
    leg = step(
        care_done_referral(world, **more),
        "refer_back",
        world.county_doctor,
        receiver=world.township,
        stability="切口干燥",
        plan="第 7 天拆线",
    )
    return leg.children.get(is_back_leg=True)
