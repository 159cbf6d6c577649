"""Devices, as far as tests of other rooms need them."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from equipment.devices.models import Device, DeviceType, TypeTechnique
from tests.factories.alliance import LONG_AGO, InstitutionFactory


class DeviceTypeFactory(DjangoModelFactory):
    """A laparoscope by default."""

    class Meta:
        model = DeviceType
        django_get_or_create = ("code",)

    code = "06-14-01"
    name = "腹腔镜"
    pinyin = "fqj"


class DeviceFactory(DjangoModelFactory):
    """A shared device that stands on the register since long ago."""

    class Meta:
        model = Device

    type = factory.SubFactory(DeviceTypeFactory)
    owner = factory.SubFactory(InstitutionFactory)
    name = "高清腹腔镜"
    asset_number = factory.Sequence(lambda number: f"SB{number:05d}")
    in_use_from = LONG_AGO
    life_ends_on = date(2099, 1, 1)
    is_shared = True


def needed(type_, technique, need="required"):
    """That a technique needs a type of device."""
    return TypeTechnique.objects.create(type=type_, technique=technique, need=need)
