"""Worlds to test in: the same cast everywhere, later states reached through actions only."""

from dataclasses import dataclass

from django.utils import timezone

from alliance.catalogue.models import CatalogueEdition, Disease, Technique
from alliance.core.choices import Role
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance, Department, Institution, Specialty
from alliance.institutions.rules import Member, default_relations
from alliance.people.models import Practitioner, User
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
    office: User
    qc: User
    system_admin: User
    security_admin: User
    auditor: User
    outsider: User
    practitioner: Practitioner


def alliance() -> World:
    """Build the cast: tertiary leads, two counties, two townships, one village clinic."""
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
        "tertiary": make.InstitutionFactory(name="云溪市第一医院", tier=Tier.TERTIARY, type_code="A100"),
        "county": make.InstitutionFactory(name="云溪县人民医院", tier=Tier.COUNTY, type_code="A100"),
        "county2": make.InstitutionFactory(name="云溪县中医院", tier=Tier.COUNTY, type_code="A210"),
        "township": township,
        "township2": make.InstitutionFactory(name="白沙镇卫生院"),
        "village": make.InstitutionFactory(
            name="青山村卫生室", tier=Tier.VILLAGE, type_code="D600", parent=township
        ),
        "outside": make.InstitutionFactory(name="外县医院", tier=Tier.COUNTY, type_code="A100"),
    }


def _catalogue(group, surgery, medicine):
    edition = make.EditionFactory(
        alliance=group,
        status="published",
        effective_from=make.LONG_AGO,
        published_at=timezone.now(),
    )
    appendectomy = make.TechniqueFactory(code="47.0100", name="腹腔镜下阑尾切除术", specialty=surgery)
    debridement = make.TechniqueFactory(code="86.2200x011", name="清创缝合术", specialty=surgery)
    gastrectomy = make.TechniqueFactory(code="43.7x03", name="腹腔镜胃大部切除术", specialty=surgery)
    for technique, grade, tiers in [
        (appendectomy, "advanced", ["county", "tertiary"]),
        (debridement, "basic", ["township", "county", "tertiary"]),
        (gastrectomy, "complex", ["tertiary"]),
    ]:
        make.EntryFactory(edition=edition, technique=technique, grade=grade, tiers=tiers)
    return {
        "edition": edition,
        "appendectomy": appendectomy,
        "debridement": debridement,
        "gastrectomy": gastrectomy,
        "appendicitis": make.DiseaseFactory(code="K35.800x001", name="急性阑尾炎", specialty=surgery),
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
        "county_doctor": make.staff(Role.DOCTOR, institution=at["county"]),
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
