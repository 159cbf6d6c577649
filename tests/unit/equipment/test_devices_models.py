"""What must never be false of devices is refused by the database itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from equipment.devices.models import (
    Device,
    DeviceRetirement,
    SharedTime,
    Stocktake,
    StocktakeLine,
    TypeTechnique,
)
from tests.factories.alliance import LONG_AGO
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed

pytestmark = pytest.mark.django_db


def refused(name, write):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county, udi="01069", serial_number="A1")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"condition": "new"}, "devices_device_condition"),
        ({"price": -1}, "devices_device_price"),
        ({"life_ends_on": LONG_AGO}, "devices_device_life"),
        ({"purchased_on": LONG_AGO + timedelta(days=1)}, "devices_device_life"),
        ({"retired_on": LONG_AGO}, "devices_device_retired"),
        ({"retirement": "worn"}, "devices_device_retired"),
        (
            {"retired_on": LONG_AGO - timedelta(days=1), "retirement": "worn"},
            "devices_device_retired",
        ),
    ],
)
def test_a_device_keeps_its_order(device, values, name):
    refused(name, lambda: Device.objects.filter(pk=device.pk).update(**values))


def test_numbers_of_a_device_are_used_once(world, device):
    refused(
        "devices_device_asset_once",
        lambda: DeviceFactory(owner=world.county, asset_number=device.asset_number),
    )
    refused(
        "devices_device_udi_once",
        lambda: DeviceFactory(owner=world.township, udi="01069", serial_number="A1"),
    )
    Device.objects.filter(pk=device.pk).update(retired_on=LONG_AGO, retirement="given")
    DeviceFactory(owner=world.township, udi="01069", serial_number="A1")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"kind": "ship"}, "devices_type_kind"),
        ({"life_years": 0}, "devices_type_numbers"),
        ({"statutory_months": 0}, "devices_type_upkeep"),
        ({"preventive_months": 121}, "devices_type_upkeep"),
    ],
)
def test_types_are_of_a_kind(values, name):
    refused(name, lambda: DeviceTypeFactory(code="1", **values))


def test_a_technique_needs_a_type_once_and_by_a_word(world, device):
    link = needed(device.type, world.appendectomy)
    refused("devices_technique_once", lambda: needed(device.type, world.appendectomy))
    rows = TypeTechnique.objects.filter(pk=link.pk)
    refused("devices_technique_need", lambda: rows.update(need="maybe"))


def test_a_device_has_left_once_and_comes_back_for_a_reason(world, device):
    left = {"device": device, "retired_on": LONG_AGO, "retirement": "worn", "by": world.manager}
    row = DeviceRetirement.objects.create(**left)
    refused("devices_retirement_once", lambda: DeviceRetirement.objects.create(**left))
    rows = DeviceRetirement.objects.filter(pk=row.pk)
    refused("devices_retirement_undone", lambda: rows.update(undone_at=timezone.now()))


@pytest.fixture
def stocktake(world):
    return Stocktake.objects.create(
        institution=world.county, name="2026", begun_on=LONG_AGO, begun_by=world.manager
    )


def test_one_stocktake_is_open(world, stocktake):
    twin = {"institution": world.county, "name": "2", "begun_on": LONG_AGO}
    refused(
        "devices_stocktake_one_open",
        lambda: Stocktake.objects.create(**twin, begun_by=world.manager),
    )
    rows = Stocktake.objects.filter(pk=stocktake.pk)
    refused("devices_stocktake_closed_pair", lambda: rows.update(closed_at=timezone.now()))


def test_a_line_is_found_by_somebody(world, stocktake, device):
    line = StocktakeLine.objects.create(stocktake=stocktake, device=device)
    refused(
        "devices_line_once",
        lambda: StocktakeLine.objects.create(stocktake=stocktake, device=device),
    )
    rows = StocktakeLine.objects.filter(pk=line.pk)
    refused("devices_line_found_pair", lambda: rows.update(found_at=timezone.now()))
    refused("devices_line_found_pair", lambda: rows.update(is_expected=False))


def test_a_file_is_attached_once(world, device):
    values = {"device": device, "name": "a.pdf", "size": 1, "sha256": "0" * 64}
    values |= {"content_type": "application/pdf", "uploaded_by": world.manager, "file": "a.pdf"}
    device.files.model.objects.create(**values)
    refused("devices_file_once", lambda: device.files.model.objects.create(**values))


def times(device):
    rows = SharedTime.objects.filter(device=device).order_by("pk")
    return [(row.since, row.until) for row in rows]


def share(device, is_shared):
    Device.objects.filter(pk=device.pk).update(is_shared=is_shared)


def test_when_a_device_was_shared_is_known_whoever_writes_it(world):
    """One transaction is one moment: what is shared and taken back in it was never shared."""
    device = DeviceFactory(owner=world.county)
    assert times(device) == [(None, None)]
    share(device, False)
    ((since, until),) = times(device)
    assert since is None
    assert until is not None
    share(device, True)
    assert times(device) == [(None, None)]
    SharedTime.objects.update(until=until - timedelta(days=1))
    share(device, False)
    share(device, True)
    assert times(device) == [(None, until - timedelta(days=1)), (until, None)]
    share(device, False)
    assert times(device) == [(None, until - timedelta(days=1))]
    assert times(DeviceFactory(owner=world.county, is_shared=False)) == []


def test_a_device_is_shared_once_at_a_time(device):
    now = timezone.now()
    refused("devices_sharedtime_no_overlap", lambda: SharedTime.objects.create(device=device))
    refused("devices_sharedtime_period", lambda: SharedTime.objects.update(since=now, until=now))
