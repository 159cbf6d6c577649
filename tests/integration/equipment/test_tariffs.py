"""The price list as people see it."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.core.exchange.spec import find
from equipment.tariffs.models import Price
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.tariffs import priced

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def office(browser_of, world):
    Authenticator.objects.create(user=world.office, type="totp", data={})
    return browser_of(world.office)


def here(name, *args):
    return reverse(f"tariffs:{name}", args=args)


def text(answer):
    return answer.content.decode()


def test_the_office_sets_and_ends_prices(office, world):
    device = DeviceFactory(owner=world.county)
    sent = {"device_type": device.type.code, "tier": "township", "unit": "hour", "amount": "120"}
    sent |= {"valid_from": str(TODAY), "idempotency_key": "k"}
    both = sent | {"device": str(device.public_id)}
    assert "not both" in text(office.post(here("new"), both))
    assert office.post(here("new"), sent).status_code == 302
    row = Price.objects.get()
    assert "120.00" in text(office.get(here("prices")))
    end = here("end", row.public_id)
    prefix = str(row.public_id)
    late = {f"{prefix}-valid_until": "2001-01-01", f"{prefix}-version": 1}
    assert "today or later" in text(office.post(end, late))
    assert office.post(end, late | {f"{prefix}-valid_until": str(TODAY)}).status_code == 302
    assert "No price is set" in text(office.get(here("prices")))
    assert "120.00" in text(office.get(here("prices"), {"all": "1"}))


def test_prices_go_out(rf, world):
    scope = DeviceTypeFactory()
    priced(world, type_=scope, valid_until=TODAY)
    priced(world, type_=scope, tier="county")
    table = find("prices")
    (row,) = table.found(by=world.office)
    out = {column.name: column.show(row) for column in table.columns}
    assert (out["type"], out["amount"]) == ("腹腔镜", 200)
    assert table.found(by=world.office, request=rf.get("/", {"all": "1"})).count() == 2
    with pytest.raises(DomainError, match="one by one"):
        table.plan([], by=world.office, place=None)
