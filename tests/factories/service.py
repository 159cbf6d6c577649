"""Outages and plans, as far as tests of other rooms need them."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from equipment.service.models import MaintenancePlan, Outage
from tests.factories.devices import DeviceFactory


class OutageFactory(DjangoModelFactory):
    """A fault that is not mended yet; give `starts_at`."""

    class Meta:
        model = Outage

    device = factory.SubFactory(DeviceFactory)
    reason = "fault"


class PlanFactory(DjangoModelFactory):
    """A yearly calibration required by law, due in a far year: without it the device stands still."""

    class Meta:
        model = MaintenancePlan

    device = factory.SubFactory(DeviceFactory)
    kind = "statutory"
    name = "强制检定"
    months = 12
    first_due_on = date(2098, 1, 1)
    due_on = factory.SelfAttribute("first_due_on")
