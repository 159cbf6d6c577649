"""Purchases as people see them, from the gap to the delivered device; the file and the API."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.errors import DomainError
from alliance.core.exchange.spec import find
from alliance.people.models import RoleGrant
from equipment.devices.models import Device
from equipment.hub import cards_for
from equipment.purchases.models import Purchase, PurchaseFile
from tests.factories.alliance import LONG_AGO
from tests.factories.configuration import asked
from tests.factories.devices import DeviceTypeFactory
from tests.factories.files import png
from tests.factories.purchases import approved, evaluated, step, submitted, written

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def sign_in(browser_of):
    def sign(user):
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        return browser_of(user)

    return sign


def here(name, *args):
    return reverse(f"purchases:{name}", args=args)


def text(answer):
    return answer.content.decode()


def moved(client, row, which, **values):
    row.refresh_from_db()
    sent = {"version": row.version, **values}
    data = {f"{which}-{field}": value for field, value in sent.items()}
    return client.post(here("move", row.public_id, which), data, follow=True)


def test_files_come_and_go_without_losing_what_was_typed(sign_in, world):
    row = written(world)
    manager, attach = sign_in(world.township_manager), here("attach", row.public_id)
    said = {"version": row.version, "quantity": 1, "unit_price": "90000", "statement": "急诊要用"}
    refused = manager.post(attach, said | {"file": ""})
    assert (refused.status_code, "急诊要用" in text(refused)) == (422, True)
    row.refresh_from_db()
    assert row.statement == "急诊要用"
    # As it stands it need not be kept again.
    said |= {"version": row.version}
    assert manager.post(attach, said | {"file": png(name="offer.png")}).status_code == 302
    row.refresh_from_db()
    assert row.version == said["version"]
    paper, bad = PurchaseFile.objects.get(), said | {"quantity": 0, "statement": "再想想"}
    for address, more in (
        (attach, {"file": png(shade=2, name="two.png")}),
        (here("file-remove", row.public_id, paper.public_id), {}),
    ):
        page = manager.post(address, bad | more)
        assert (page.status_code, "再想想" in text(page)) == (422, True)
    assert PurchaseFile.objects.filter(removed_at=None).count() == 1
    assert PurchaseFile.objects.get(pk=paper.pk).removed_at


@pytest.mark.parametrize("quantity", [1, 0])
def test_each_number_is_refused_at_its_field(sign_in, world, quantity):
    said = {"device_type": DeviceTypeFactory().code, "quantity": quantity, "unit_price": "-1"}
    manager = sign_in(world.township_manager)
    answer = manager.post(here("new"), said | {"idempotency_key": "k"})
    assert answer.status_code == 422
    refused = {"unit_price"} if quantity else {"quantity", "unit_price"}
    assert set(answer.context["form"].errors) == refused


def test_from_the_gap_to_the_delivered_device(sign_in, world):
    scope = DeviceTypeFactory()
    asked(world, ("township", scope, 1, 8))
    manager = sign_in(world.township_manager)
    gap = text(manager.get(reverse("configuration:gap", args=[world.township.public_id])))
    apply = f"{here('new')}?device_type={scope.code}"
    assert apply in gap
    assert "1 short" in text(manager.get(apply))
    sent = {"device_type": scope.code, "quantity": 1, "idempotency_key": "k"}
    for _twice in range(2):
        made = manager.post(apply, sent)
    row = Purchase.objects.get()
    assert made.url == row.get_absolute_url()
    assert "Frozen when" in text(manager.get(made.url))
    said = {"version": 1, "quantity": 1, "unit_price": "90000", "statement": "急诊"}
    save = here("save", row.public_id)
    assert manager.post(save, said | {"quantity": 0}).status_code == 422
    assert manager.post(save, said).status_code == 302
    file = {"file": png(name="offer.png")}
    assert manager.post(here("attach", row.public_id), file).status_code == 302
    assert manager.post(save, said | {"version": 2, "submit": "1"}).status_code == 302

    office = sign_in(world.office)
    assert "Waits for us" in text(office.get(here("purchases")))
    assert "offer.png" in text(office.get(made.url))
    paper = PurchaseFile.objects.get()
    download = office.get(here("file", row.public_id, paper.public_id))
    assert b"".join(download.streaming_content).startswith(b"\x89PNG")
    assert "Done" in text(moved(office, row, "pass_on", reason="符合标准"))
    said = {"recommended": "yes", "score": 88, "reason": "需求充分"}
    assert "Done" in text(moved(sign_in(world.qc), row, "evaluate", **said))
    office = sign_in(world.office)
    assert "from 50 to 70 per cent" in text(office.get(made.url))
    said = {"quantity": 1, "unit_price": "80000", "percent": 90}
    assert moved(office, row, "approve", **said).status_code == 422
    assert "60%, 48,000.00 yuan" in text(moved(office, row, "approve", **said | {"percent": 60}))

    manager = sign_in(world.township_manager)
    said = {"delivered_on": str(TODAY), "name": "便携腹腔镜", "devices": "YJ-1 S9"}
    page = text(moved(manager, row, "deliver", **said))
    assert "YJ-1" in page
    assert Device.objects.get().serial_number == "S9"
    gap = text(manager.get(reverse("configuration:gap", args=[world.township.public_id])))
    assert "This institution has all it must" in gap


def test_what_was_mended_after_a_refusal_goes_through(sign_in, world):
    row = written(world, unit_price=None, statement="")
    manager = sign_in(world.township_manager)
    sent = {"version": row.version, "quantity": 3, "submit": "1"}
    assert manager.post(here("save", row.public_id), sent).status_code == 422
    mended = sent | {"unit_price": "80000", "statement": "急诊手术"}
    assert manager.post(here("save", row.public_id), mended).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.quantity) == ("submitted", 3)


def test_who_applies_for_several_houses_applies_for_the_one_named(sign_in, world):
    where = {"institution": world.township, "valid_from": LONG_AGO}
    RoleGrant.objects.create(user=world.manager, role=Role.MANAGER, **where)
    client = sign_in(world.manager)
    for house in (world.township, world.county):
        page = client.get(here("new"), {"institution": str(house.public_id)})
        assert page.context["house"] == house


def test_the_rest_of_a_delivery_waits_and_is_written_off(sign_in, world):
    row = approved(world)
    manager = sign_in(world.township_manager)
    said = {"delivered_on": str(TODAY), "name": "便携腹腔镜", "devices": "YJ-1"}
    page = text(moved(manager, row, "deliver", **said))
    assert "1 is still to come" in page
    assert "Write the rest off" in page
    page = text(moved(manager, row, "write_off", reason="厂家停产"))
    assert "48,000.00" in page
    assert "Written off" in page


def test_who_may_not_judge_is_told_why(sign_in, world):
    row = step(submitted(world), "pass_on", world.office)
    Purchase.objects.filter(pk=row.pk).update(reviewed_by=world.qc)
    page = text(sign_in(world.qc).get(row.get_absolute_url()))
    assert "does not evaluate it" in page
    assert "Record the evaluation" not in page


def test_a_county_is_told_that_it_is_not_subsidised(sign_in, world):
    row = evaluated(world, institution=world.county, by=world.manager)
    assert "are not subsidised" in text(sign_in(world.office).get(row.get_absolute_url()))


def test_files_that_are_none_are_refused_at_their_field(sign_in, world):
    row = written(world)
    manager = sign_in(world.township_manager)
    answer = manager.post(here("attach", row.public_id), {"file": ""})
    assert answer.status_code == 422


def test_lists_are_filtered_and_go_out(sign_in, world, rf):
    approved(world, type_=DeviceTypeFactory(code="P-3", name="电钻"))
    submitted(world)
    office = sign_in(world.office)
    assert "电钻" not in text(office.get(here("purchases"), {"status": "submitted"}))
    assert "电钻" not in text(office.get(here("purchases"), {"waiting": "true"}))
    assert "腹腔镜" not in text(office.get(here("purchases"), {"waiting": "false"}))
    assert office.get(here("purchases"), {"status": "x"}).status_code == 422
    table = find("purchases")
    rows = table.found(by=world.office, request=rf.get("/", {"search": "电钻"}))
    (out,) = [{one.name: one.show(row) for one in table.columns} for row in rows]
    assert (out["subsidy"], out["subsidy_percent"]) == (96000, 60)
    with pytest.raises(DomainError, match="one by one"):
        table.plan([], by=world.office, place=None)


def test_what_waits_stands_on_the_door(world):
    submitted(world)
    (card,) = [one for one in cards_for(world.office) if str(one.title) == "Purchase of devices"]
    assert card.note == "1 waits for us"
    assert not [one for one in cards_for(world.doctor) if one.url == here("purchases")]


def test_systems_read_purchases_of_nobody_but_their_own(client, sign_in, world):
    row = approved(world)
    (found,) = sign_in(world.qc).get("/api/v1/purchases/").json()["results"]
    assert (found["id"], found["subsidy"]) == (str(row.public_id), "96000.00")
