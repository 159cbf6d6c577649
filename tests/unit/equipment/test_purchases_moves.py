"""Purchases: what the tables refuse, and the way of an application through three steps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import AuditEntry, OutboxMessage, PolicySetting
from alliance.notices.models import Notice
from alliance.people.models import RoleGrant
from equipment.configuration.selectors import gaps
from equipment.devices.models import Device
from equipment.purchases import actions, evidence, notices, policies
from equipment.purchases.evidence import Evidence
from equipment.purchases.models import Purchase, PurchasedDevice, PurchaseEvent, PurchaseFile
from tests.factories import alliance as make
from tests.factories.alliance import LONG_AGO
from tests.factories.configuration import asked
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.files import png
from tests.factories.purchases import approved, delivered, evaluated, step, submitted, written

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def refused(name, write):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def test_the_tables_keep_purchases_in_order(world):
    row = written(world)
    rows = Purchase.objects.filter(pk=row.pk)
    judge, now = world.office, timezone.now()
    for name, values in [
        ("purchases_purchase_status", {"status": "lost", "submitted_at": now}),
        ("purchases_purchase_numbers", {"quantity": 0}),
        ("purchases_purchase_numbers", {"unit_price": 0}),
        ("purchases_purchase_numbers", {"score": 101}),
        ("purchases_purchase_submitted", {"status": "submitted"}),
        ("purchases_purchase_four_eyes", {"reviewed_by": row.created_by}),
        ("purchases_purchase_four_eyes", {"reviewed_by": judge, "evaluated_by": judge}),
        ("purchases_purchase_four_eyes", {"evaluated_by": row.created_by}),
        (
            "purchases_purchase_four_eyes",
            {"evaluated_by": judge, "decided_by": judge, "decided_at": now},
        ),
        ("purchases_purchase_decided_pair", {"decided_at": now}),
        ("purchases_purchase_granted", {"status": "approved", "submitted_at": now}),
        ("purchases_purchase_delivered", {"delivered_on": TODAY}),
        ("purchases_purchase_delivered", {"delivered_quantity": 1}),
    ]:
        refused(name, lambda values=values: rows.update(**values))
    twin = {"alliance": row.alliance, "institution": row.institution, "type": row.type}
    refused(
        "purchases_purchase_one_open",
        lambda: Purchase.objects.create(**twin, created_by=world.township_manager),
    )
    event = {"purchase": row, "source": "draft", "target": "draft", "by": judge}
    refused("purchases_event_move", lambda: PurchaseEvent.objects.create(**event, move="fly"))
    file = {"purchase": row, "name": "a", "size": 1, "sha256": "0" * 64, "file": "a.pdf"}
    file |= {"content_type": "application/pdf", "uploaded_by": judge}
    PurchaseFile.objects.create(**file)
    refused("purchases_file_once", lambda: PurchaseFile.objects.create(**file))
    link = {"purchase": row, "device": DeviceFactory(owner=world.township)}
    PurchasedDevice.objects.create(**link)
    refused("purchases_device_once", lambda: PurchasedDevice.objects.create(**link))


def test_what_was_handed_in_and_what_happened_stay(world):
    row = submitted(world)
    rows = Purchase.objects.filter(pk=row.pk)
    refused("frozen", lambda: rows.update(quantity=3))
    refused("frozen", lambda: rows.update(evidence=[{}]))
    refused("append-only", lambda: row.events.update(reason="x"))
    step(row, "take_back", world.township_manager)
    refused("never changed", lambda: rows.update(version=9))


def test_an_application_is_written_by_its_institution(world):
    row = written(world)
    with pytest.raises(PermissionDenied):
        written(world, by=world.manager)
    with pytest.raises(ValidationError, match="under way"):
        written(world)
    change = {"purchase": row, "quantity": 1, "unit_price": None, "statement": " a "}
    saved = actions.correct(**change, by=world.township_manager, version=1)
    assert (saved.quantity, saved.statement, saved.version) == (1, "a", 2)
    with pytest.raises(StaleVersion):
        actions.correct(**change, by=world.township_manager, version=1)
    with pytest.raises(PermissionDenied):
        actions.correct(**change, by=world.office, version=2)
    with pytest.raises(ValidationError, match="what one costs"):
        step(row, "submit", world.township_manager)
    alone = make.InstitutionFactory()
    manager = make.staff(Role.MANAGER, institution=alone)
    with pytest.raises(DomainError, match="no alliance"):
        written(world, institution=alone, by=manager)


def test_files_belong_to_an_application_that_is_written(world):
    row = written(world)
    by = world.township_manager
    file = actions.attach(purchase=row, file=png(), name="a.png", by=by)
    with pytest.raises(ValidationError, match="attached already"):
        actions.attach(purchase=row, file=png(), name="b.png", by=by)
    with pytest.raises(ValidationError, match="Only PDF"):
        actions.attach(purchase=row, file=ContentFile(b"text", name="c.txt"), name="c.txt", by=by)
    PolicySetting.objects.create(
        key="purchases.max_files", value=1, effective_from=TODAY, source="x"
    )
    with pytest.raises(ValidationError, match="at most 1"):
        actions.attach(purchase=row, file=png(9), name="d.png", by=by)
    actions.remove_file(file=file, by=by)
    assert not PurchaseFile.objects.visible_to(by).exists()
    step(row, "submit", by)
    with pytest.raises(DomainError, match="handed in"):
        actions.attach(purchase=row, file=png(9), name="d.png", by=by)


def test_a_purchase_goes_through_three_steps_and_closes_the_gap(world):
    scope = DeviceTypeFactory()
    asked(world, ("township", scope, 2, 8))
    short = {"alliance_id": world.alliance.pk, "institution_id": world.township.pk}
    row = delivered(world, type_=scope)
    assert row.evidence == [
        {
            "code": "gap",
            "numbers": {"need": 2, "have": 0, "too_old": 0, "short": 2, "out": 0},
        }
    ]
    assert row.subsidy == Decimal("96000.00")
    assert (row.reviewed_by, row.evaluated_by, row.decided_by) == (
        world.office,
        world.qc,
        world.office,
    )
    moves = list(row.events.order_by("pk").values_list("move", flat=True))
    assert moves == ["submit", "pass_on", "evaluate", "approve", "deliver"]
    devices = Device.objects.filter(purchased__purchase=row).order_by("asset_number")
    assert [device.serial_number for device in devices] == ["S1", ""]
    assert {device.price for device in devices} == {Decimal(80_000)}
    (gap,) = gaps(**short, at=timezone.now())
    assert (gap.have, gap.short) == (2, 0)
    assert AuditEntry.objects.filter(action="purchase.deliver").get().data["devices"] == 2
    assert OutboxMessage.objects.filter(topic="purchases.moved").count() == 5
    again = written(world, type_=scope)
    assert again.status == "draft"


def also(user, role, **where):
    """Give somebody a second role."""
    RoleGrant.objects.create(user=user, role=role, valid_from=LONG_AGO, **where)
    user.refresh_from_db()


def test_who_applies_never_judges(world):
    both = make.staff(Role.ALLIANCE_OFFICE, alliance=world.alliance)
    also(both, Role.MANAGER, institution=world.township)
    row = submitted(world)
    for name in ("pass_on", "return", "refuse"):
        with pytest.raises(DomainError, match="judges none"):
            step(row, name, both, reason="x")
    with pytest.raises(PermissionDenied):
        step(row, "pass_on", world.qc)


def test_who_reviewed_does_not_evaluate_and_who_evaluated_does_not_decide(world):
    both = make.staff(Role.ALLIANCE_OFFICE, alliance=world.alliance)
    also(both, Role.QC_MEMBER, alliance=world.alliance)
    row = step(submitted(world), "pass_on", both)
    said = {"reason": "x", "recommended": True, "score": 1}
    with pytest.raises(DomainError, match="reviewed"):
        step(row, "evaluate", both, **said)
    assert policies.moves_open(both, row) == []
    other = step(
        submitted(world, institution=world.county, by=world.manager), "pass_on", world.office
    )
    judged = step(other, "evaluate", both, **said)
    with pytest.raises(DomainError, match="evaluated"):
        step(judged, "refuse", both, reason="x")
    assert "refuse" in policies.moves_open(world.office, judged)


@pytest.mark.parametrize(
    ("name", "by", "data", "match"),
    [
        ("evaluate", "qc", {"reason": "x"}, "recommended"),
        ("evaluate", "qc", {"recommended": True, "score": 1}, "Say why"),
    ],
)
def test_an_evaluation_is_whole(world, name, by, data, match):
    row = step(submitted(world), "pass_on", world.office)
    with pytest.raises(ValidationError, match=match):
        step(row, name, getattr(world, by), **data)


def test_subsidies_keep_within_policy(world):
    row = evaluated(world)
    said = {"quantity": 1, "unit_price": Decimal(1000)}
    with pytest.raises(ValidationError, match="outside of the bounds"):
        step(row, "approve", world.office, **said, percent=80)
    county = evaluated(world, institution=world.county, by=world.manager)
    with pytest.raises(ValidationError, match="not subsidised"):
        step(county, "approve", world.office, **said, percent=50)
    assert step(county, "approve", world.office, **said, percent=0).subsidy == 0
    assert step(row, "approve", world.office, **said, percent=70).subsidy == 700


def test_applications_are_returned_refused_and_given_up(world):
    row = step(submitted(world), "return", world.office, reason="补充报价")
    assert step(row, "submit", world.township_manager).reviewed_by is None
    refused_ = step(row, "refuse", world.office, reason="无需求")
    assert (refused_.status, refused_.reviewed_by) == ("refused", world.office)
    late = step(evaluated(world), "refuse", world.office, reason="预算不足")
    assert late.decided_by == world.office
    gone = step(approved(world), "give_up", world.township_manager, reason="改为租用")
    assert gone.status == "withdrawn"


def test_a_delivery_names_every_device(world):
    row = approved(world)
    with pytest.raises(ValidationError, match="at most 2"):
        step(row, "deliver", world.township_manager, delivered_on=TODAY, name="T", devices="")
    early = TODAY - timedelta(days=1)
    with pytest.raises(ValidationError, match="after the decision"):
        step(row, "deliver", world.township_manager, delivered_on=early, name="T", devices="A\nB")
    assert not Device.objects.exists()


def came(row, by, devices, on=TODAY):
    return step(row, "deliver", by, delivered_on=on, name="T", devices=devices)


def test_what_was_approved_may_come_in_parts(world):
    by, scope = world.township_manager, DeviceTypeFactory()
    asked(world, ("township", scope, 3, 8))
    with pytest.raises(DomainError, match="Record the delivery"):
        came(submitted(world, type_=DeviceTypeFactory(code="P-9")), by, "A9")
    row = came(approved(world, type_=scope, quantity=3), by, "A1 S1")
    assert (row.status, row.delivered_quantity, row.still_to_come) == ("partly", 1, 2)
    where = {"alliance_id": world.alliance.pk, "institution_id": world.township.pk}
    (gap,) = gaps(**where, at=timezone.now())
    assert gap.short == 2
    assert Purchase.objects.filter(pk=row.pk).waiting_for(by).exists()
    with pytest.raises(ValidationError, match="at most 2"):
        came(row, by, "A2\nA3\nA4")
    with pytest.raises(ValidationError, match="parts before it"):
        came(row, by, "A2", on=TODAY - timedelta(days=1))
    refused("delivered", lambda: Purchase.objects.filter(pk=row.pk).update(delivered_quantity=3))
    row = came(row, by, "A2\nA3")
    assert (row.status, row.delivered_quantity, row.still_to_come) == ("delivered", 3, 0)
    (gap,) = gaps(**where, at=timezone.now())
    assert gap.short == 0
    events = list(row.events.order_by("-pk").values_list("move", flat=True)[:2])
    assert events == ["deliver", "deliver_part"]


def test_the_rest_is_written_off_with_a_reason_and_its_subsidy(world):
    by = world.township_manager
    row = came(approved(world), by, "A1")
    with pytest.raises(ValidationError, match="Say why"):
        step(row, "write_off", by)
    with pytest.raises(DomainError, match="not possible"):
        step(row, "give_up", by, reason="停产")
    row = step(row, "write_off", by, reason="厂家停产")
    assert (row.status, row.still_to_come, row.subsidy) == ("delivered", 1, Decimal("48000.00"))
    assert row.events.get(move="write_off").data == {"written_off": 1, "subsidy": "48000.00"}
    assert written(world, type_=row.type).status == "draft"


def test_who_sees_purchases_and_for_whom_they_wait(world):
    row = written(world)
    seen = Purchase.objects.for_list()
    assert not seen.visible_to(world.office).exists()
    assert seen.visible_to(world.township_manager).waiting_for(world.township_manager).exists()
    # What was taken back before it was handed in concerns nobody else.
    other = written(world, type_=DeviceTypeFactory(code="DROPPED"))
    dropped = step(other, "take_back", world.township_manager)
    assert not seen.visible_to(world.office).exists()
    notices.tell(event_id=dropped.events.get().pk)
    assert not Notice.objects.filter(user=world.office).exists()
    step(row, "submit", world.township_manager)
    assert seen.waiting_for(world.office).exists()
    assert not seen.waiting_for(world.qc).exists()
    assert not seen.visible_to(world.manager).exists()
    assert PurchaseEvent.objects.visible_to(world.qc).exists()
    assert not PurchasedDevice.objects.visible_to(world.doctor).exists()


def test_news_reach_those_who_act_next(world):
    row = step(submitted(world), "pass_on", world.office)
    event = row.events.get(move="pass_on")
    notices.tell(event_id=event.pk)
    notices.tell(event_id=event.pk)
    told = set(Notice.objects.values_list("user", flat=True))
    assert told == {world.qc.pk, world.township_manager.pk}
    Notice.objects.all().delete()
    notices.tell(event_id=row.events.get(move="submit").pk)
    assert set(Notice.objects.values_list("user", flat=True)) == {world.office.pk}


def test_evidence_comes_from_registered_sources(world, monkeypatch):
    monkeypatch.setattr(evidence, "_sources", dict(evidence._sources))

    @evidence.source("use", title="Use", says="%(booked)s booked")
    def use(institution_id, type_id, on):
        return Evidence({"booked": 12})

    with pytest.raises(ValueError, match="two sources"):
        evidence.source("use", title="", says="")(use)
    scope = DeviceTypeFactory()
    found = evidence.gathered(institution_id=world.township.pk, type_id=scope.pk, on=TODAY)
    assert evidence.worded([*found, {"code": "gone", "numbers": {"a": 1}}]) == [
        {"title": "Use", "text": "12 booked"},
        {"title": "gone", "text": "a: 1"},
    ]
    alone = make.InstitutionFactory()
    assert evidence.gap(alone.pk, scope.pk, TODAY) is None


def test_who_judges_somewhere(world):
    people = (world.office, world.qc, world.manager, world.doctor)
    assert [policies.judges(one) for one in people] == [True, True, False, False]
