"""The price list as people see it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from alliance.core.exchange.spec import find
from equipment.tariffs.models import Price
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.tariffs import priced
from tests.integration.core.importing import bring_in, counts, speak_english, wrong
from tests.integration.core.test_import_round_trip import exported

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
    assert (out["type"], out["type_name"], out["amount"]) == (scope.code, "腹腔镜", 200)
    assert table.found(by=world.office, request=rf.get("/", {"all": "1"})).count() == 2


HEAD = ["type", "device", "owner", "tier", "unit", "amount", "valid_from"]


def test_a_price_list_comes_in_and_goes_out_unchanged(world):
    by, later = world.office, str(TODAY + timedelta(days=9))
    speak_english(by)
    scope = DeviceTypeFactory()
    twins = [
        DeviceFactory(owner=house, asset_number="A1") for house in (world.county, world.county2)
    ]
    old = priced(world, type_=scope, amount=Decimal(200))
    rows = [[scope.code, "", "", "", "hour", "300", later],
            ["", "A1", world.county.name, "township", "use", "80.50", str(TODAY)]]  # fmt: skip
    assert counts(bring_in(by, "prices", HEAD, *rows)) == (2, 0, 0)
    assert counts(bring_in(by, "prices", HEAD, *rows)) == (0, 0, 2)
    old.refresh_from_db()
    assert str(old.valid_until) == later
    assert Price.objects.get(device=twins[0]).amount == Decimal("80.50")
    job = bring_in(
        by, "prices", HEAD,
        [scope.code, "", "", "", "hour", "301", later],
        ["", "A1", "", "", "hour", "1", str(TODAY)],
        ["", "A9", "", "", "hour", "1", str(TODAY)],
        [scope.code, "", "", "village", "hour", "1", str(TODAY)],
        [scope.code, "", "", "", "hour", "1", "2020-01-01"],
        [scope.code, "", "", "", "hour", "-1", str(TODAY)],
    )  # fmt: skip
    assert sorted(wrong(job)) == [
        (2, "valid_from"), (3, "owner"), (4, "device"), (5, "tier"), (6, "valid_from"),
        (7, "amount"),
    ]  # fmt: skip
    file = exported(by, "prices")
    assert counts(bring_in(by, "prices", make=lambda: file)) == (0, 0, 3)
