"""Outages, plans, orders, recalls and events, as far as tests of other rooms need them."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from equipment.service import actions
from equipment.service.choices import Move
from equipment.service.models import MaintenancePlan, Outage
from tests.factories.alliance import LONG_AGO
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


def ordered(device, by, **more):
    """A work order on a device that is broken."""
    values = {"description": "镜头起雾，画面模糊", **more}
    return actions.report_fault(device=device, by=by, **values)


def step(order, name, by, reason="", **data):
    """One move; returns the order as it then is."""
    return actions.move(order=order, move=Move(name), by=by, reason=reason, data=data)


def recalled(world, by=None, **more):
    """A recall of what one maker has made, for the whole alliance."""
    values = {
        "title": "高频电刀主机召回",
        "level": "2",
        "reference": "国械召 2026-11",
        "published_on": LONG_AGO,
        "maker": "明川医疗",
        **more,
    }
    return actions.issue_recall(alliance=world.alliance, values=values, by=by or world.office)


def harmed(device, institution, by, **more):
    """An adverse event with a device, known an hour ago."""
    known = timezone.now() - timedelta(hours=1)
    values = {"harm": "serious", "happened_at": known, "known_at": known, "description": "灼伤"}
    return actions.enter_event(device=device, institution=institution, by=by, **(values | more))
