"""Reference data and first states of the ground floor. Everything is invented."""

import itertools
from datetime import date

import factory
from factory.django import DjangoModelFactory

from alliance.catalogue.models import (
    CatalogueEdition,
    CatalogueEntry,
    Disease,
    Requirement,
    Technique,
)
from alliance.core.choices import Role
from alliance.core.identifiers import uscc_with_check
from alliance.core.pinyin import initials, name_initials
from alliance.institutions.choices import AllianceKind, Tier
from alliance.institutions.models import (
    Alliance,
    Department,
    Institution,
    Membership,
    Relation,
    Specialty,
)
from alliance.people.choices import TitleCode
from alliance.people.models import Practitioner, RoleGrant, User

LONG_AGO = date(2020, 1, 1)
_serial = itertools.count(1)


class AllianceFactory(DjangoModelFactory):
    class Meta:
        model = Alliance

    name = factory.Sequence(lambda n: f"云溪县医共体{n}")
    short_name = "云溪医共体"
    kind = AllianceKind.COUNTY_CONSORTIUM
    division_code = "330100"


class InstitutionFactory(DjangoModelFactory):
    class Meta:
        model = Institution

    name = factory.Sequence(lambda n: f"测试卫生院{n}")
    short_name = factory.SelfAttribute("name")
    pinyin = factory.LazyAttribute(lambda o: initials(o.short_name))
    tier = Tier.TOWNSHIP
    type_code = "C220"
    uscc = factory.LazyFunction(lambda: uscc_with_check(f"12330100{next(_serial):08d}0"))
    division_code = "330100"
    beds = 20


class SpecialtyFactory(DjangoModelFactory):
    class Meta:
        model = Specialty
        django_get_or_create = ("code",)

    code = "04.01"
    name = "普通外科专业"


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    institution = factory.SubFactory(InstitutionFactory)
    code = factory.Sequence(lambda n: f"D{n}")
    name = "普外科"
    pinyin = factory.LazyAttribute(lambda o: initials(o.name))
    specialty = factory.SubFactory(SpecialtyFactory)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    alliance = factory.SubFactory(AllianceFactory)
    institution = factory.SubFactory(InstitutionFactory)
    role = "member"
    valid_from = LONG_AGO


class RelationFactory(DjangoModelFactory):
    class Meta:
        model = Relation


class PractitionerFactory(DjangoModelFactory):
    class Meta:
        model = Practitioner

    name = factory.Sequence(lambda n: f"李医生{n}")
    pinyin = factory.LazyAttribute(lambda o: name_initials(o.name))
    licence_number = factory.Sequence(lambda n: f"1203301000{n:05d}")
    title_code = TitleCode.ATTENDING
    practice_started_on = date(2012, 7, 1)
    institution = factory.SubFactory(InstitutionFactory)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"用户{n}")
    email = factory.Sequence(lambda n: f"user{n}@example.test")


def staff(role, *, institution=None, alliance=None, **more):
    """A user holding one role there since long ago."""
    user = UserFactory(**more)
    RoleGrant.objects.create(
        user=user,
        role=Role(role),
        institution=institution,
        alliance=alliance,
        valid_from=LONG_AGO,
    )
    return user


class DiseaseFactory(DjangoModelFactory):
    class Meta:
        model = Disease
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"K{n % 90 + 10}.{n:03d}")
    name = factory.Sequence(lambda n: f"疾病{n}")
    pinyin = factory.LazyAttribute(lambda o: initials(o.name))
    specialty = factory.SubFactory(SpecialtyFactory)
    is_common = True


class TechniqueFactory(DjangoModelFactory):
    class Meta:
        model = Technique
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"47.{n:04d}")
    name = factory.Sequence(lambda n: f"技术{n}")
    pinyin = factory.LazyAttribute(lambda o: initials(o.name))
    specialty = factory.SubFactory(SpecialtyFactory)


class EditionFactory(DjangoModelFactory):
    class Meta:
        model = CatalogueEdition

    alliance = factory.SubFactory(AllianceFactory)
    name = factory.Sequence(lambda n: f"第 {n} 版")


class EntryFactory(DjangoModelFactory):
    class Meta:
        model = CatalogueEntry


class RequirementFactory(DjangoModelFactory):
    """What a draft edition asks of operators of a basic technique: five years of practice."""

    class Meta:
        model = Requirement

    grade = "basic"
    side = "operator"
    kind = "years"
    minimum = 5
    unit = "年"
    source = "联盟规定"
