"""What uses cost, settled after them; calendars at secret addresses."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from icalendar import Calendar

from alliance.core.errors import DomainError, StaleVersion
from alliance.people.models import User
from equipment.bookings import actions, agenda
from equipment.bookings.charges import actions as charges
from equipment.bookings.charges import statements
from equipment.bookings.feeds import actions as feeds
from equipment.bookings.feeds import addresses, ical
from equipment.bookings.feeds.selectors import feed_of
from equipment.bookings.models import AgreedPrice, Charge, Settlement
from equipment.tariffs.models import Price
from tests.factories import bookings as make
from tests.factories import bookings_waiting as queue
from tests.factories.alliance import LONG_AGO
from tests.factories.bookings import soon
from tests.factories.devices import DeviceFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def used(world, *, minutes=50, **more):
    """A use that was booked for two hours."""
    began = soon(-2)
    return make.bare(
        world,
        starts_at=began,
        status="completed",
        used_from=began,
        used_until=began + timedelta(minutes=minutes),
        **more,
    )


def priced(world, device, amount="60"):
    """A price by the hour, from where the last one ends."""
    last = Price.objects.filter(device=device).order_by("valid_from").last()
    return Price.objects.create(
        alliance=world.alliance,
        device=device,
        unit="hour",
        amount=amount,
        valid_from=last.valid_until if last else LONG_AGO,
        created_by=world.office,
    )


def test_a_use_is_settled_by_its_real_length_and_once(world):
    device = make.lent(world)
    priced(world, device)
    row = used(world, device=device)
    other = used(world, operator=make.another(world))
    both = [row.pk, other.pk]
    assert charges.settle_uses(booking_ids=both, at=timezone.now()) == 2
    assert charges.settle_uses(booking_ids=both, at=timezone.now()) == 0
    charge = Charge.objects.get(booking=row)
    assert (charge.payer, charge.payee) == (world.township, world.county)
    assert (charge.minutes, charge.booked_amount) == (50, Decimal(120))
    assert Decimal(45) <= charge.amount <= Decimal(60)
    assert "60" in charge.sentence


def test_a_year_is_settled_with_as_many_queries_as_one_use(world, django_assert_num_queries):
    device, free = make.lent(world), DeviceFactory(owner=world.township)
    priced(world, device)
    make.setting(world, "timed_by", "real")
    rows = [
        make.bare(
            world, device=free if days == 5 else device, starts_at=soon(-days), status="completed",
            used_from=soon(-days), used_until=soon(-days, 11),
        )
        for days in (1, 2, 5, 40, 300)
    ]  # fmt: skip
    charges.agree_prices(booking_ids=[rows[1].pk], at=soon(-3))
    for some, made in ((rows[:1], 1), (rows[1:], 3)):
        # What is to be settled; policy, tiers, policy of tariffs, grades, prices; the charges in
        # their transaction.
        with django_assert_num_queries(9):
            ids = [row.pk for row in some]
            assert charges.settle_uses(booking_ids=ids, at=timezone.now()) == made
    assert {one.amount for one in Charge.objects.all()} == {Decimal(60)}
    assert charges.settle_uses(booking_ids=[], at=timezone.now()) == 0


@pytest.mark.parametrize(
    ("policies", "amount", "words"),
    [
        ({}, 60, "price as shown when it was booked"),
        ({"timed_by": "booked"}, 120, "The time booked"),
        ({"timed_by": "longer"}, 120, "The time booked"),
        ({"priced_by": "listed"}, 90, "Of the list on the day of use"),
    ],
)
def test_what_was_shown_when_it_was_booked_is_paid(world, policies, amount, words):
    """60 yuan an hour were shown for two hours; then the price rose to 90; one hour was used."""
    device = make.lent(world)
    listed = priced(world, device)
    row = used(world, device=device, minutes=60)
    at = row.starts_at - timedelta(days=1)
    assert charges.agree_prices(booking_ids=[row.pk], at=at) == 1
    assert charges.agree_prices(booking_ids=[row.pk], at=at) == 0
    (agreed,) = AgreedPrice.objects.visible_to(world.doctor)
    assert (agreed.amount, agreed.listed, agreed.quote.minutes) == (120, listed, 120)
    Price.objects.update(valid_until=timezone.localdate(row.starts_at))
    later = priced(world, device, "90")
    assert later.valid_from == timezone.localdate(row.starts_at)
    for key, value in policies.items():
        make.setting(world, key, value)
    charges.settle_uses(booking_ids=[row.pk], at=timezone.now())
    charge = Charge.objects.select_related("agreed").get()
    assert charge.amount == amount
    with translation.override("en"):
        assert words in charge.sentence


def test_what_was_free_when_it_was_booked_stays_free(world):
    device = make.lent(world)
    row = used(world, device=device)
    charges.agree_prices(booking_ids=[row.pk], at=row.starts_at)
    priced(world, device)
    charges.settle_uses(booking_ids=[row.pk], at=timezone.now())
    charge = Charge.objects.get()
    assert (charge.amount, charge.booked_amount, charge.free_reason) == (0, 0, "unpriced")
    assert charge.agreed.quote.amount == 0


def test_own_devices_and_open_bookings_cost_nothing(world):
    own = used(world, device=DeviceFactory(owner=world.township))
    coming = make.bare(world)
    ids = [own.pk, coming.pk]
    assert charges.settle_uses(booking_ids=ids, at=timezone.now()) == 0


def test_giving_a_device_back_settles_it(world):
    make.may_operate(world)
    at = soon(1, 10)
    row = make.booked(world, starts_at=at, at=at - timedelta(hours=20))
    assert AgreedPrice.objects.get().line == row.lines.get()
    actions.check_in(booking=row, by=world.doctor, at=at)
    left = {line.device_id: ("good", "") for line in row.lines.all()}
    actions.check_out(booking=row, conditions=left, by=world.doctor, at=at + timedelta(hours=1))
    assert Charge.objects.get().free_reason


def test_a_charge_is_corrected_by_whom_it_is_owed_to(world):
    charge = queue.charge(used(world))
    values = {"charge": charge, "amount": Decimal(30), "reason": "故障半小时"}
    with pytest.raises(PermissionDenied):
        charges.correct_charge(**values, version=1, by=world.doctor)
    with pytest.raises(StaleVersion):
        charges.correct_charge(**values, version=7, by=world.manager)
    for wrong in ({"reason": " "}, {"amount": Decimal(60)}, {"amount": Decimal(-1)}):
        with pytest.raises(ValidationError):
            charges.correct_charge(**values | wrong, version=1, by=world.manager)
    found = charges.correct_charge(**values, version=1, by=world.manager)
    assert (found.amount, found.corrected_by, found.version) == (30, world.manager, 2)


@pytest.mark.parametrize(
    ("text", "first", "following"),
    [
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        # A month to come has no statement yet.
        ("2026-12", date(2026, 11, 1), date(2026, 12, 1)),
        ("2026-01", date(2026, 1, 1), date(2026, 2, 1)),
        ("soon", date(2026, 11, 1), date(2026, 12, 1)),
        ("0202-01", date(2026, 11, 1), date(2026, 12, 1)),
    ],
)
def test_months(text, first, following):
    month = statements.month_of(text, today=date(2026, 11, 22))
    assert (month.first, month.next) == (first, following)
    assert statements.Month(following).previous == first


def test_a_statement_adds_up_what_one_owes_and_is_owed(world):
    queue.charge(used(world))
    month = statements.month_of("", today=timezone.localdate())
    ours = statements.statement(
        world.doctor, institution_id=world.township.pk, month=month, today=TODAY
    )
    theirs = statements.statement(
        world.manager, institution_id=world.county.pk, month=month, today=TODAY
    )
    assert (ours.owed, ours.due, ours.uses) == (60, 0, 1)
    assert (theirs.owed, theirs.due) == (0, 60)
    every = statements.statement(world.office, institution_id=None, month=month, today=TODAY)
    assert [(one.payer, one.total) for one in every.pairs] == [("青山镇卫生院", 60)]
    beside = statements.statement(
        world.township2_doctor, institution_id=world.township2.pk, month=month, today=TODAY
    )
    assert not beside.pairs
    other = statements.statement(
        world.office, institution_id=world.township2.pk, month=month, today=TODAY
    )
    assert not other.pairs


def test_both_sides_confirm_a_month_and_who_is_paid_says_so(world):
    charge = queue.charge(used(world), used_on=date(2026, 1, 20))
    at = timezone.now()
    month = {
        "alliance": world.alliance, "payer": world.township, "payee": world.county,
        "month": date(2026, 1, 1), "total": Decimal(60), "at": at,
    }  # fmt: skip

    def standing(user=world.manager, on=date(2026, 2, 1)):
        found = statements.statement(
            user,
            institution_id=None,
            month=statements.month_of("2026-01", today=on),
            today=on,
            partner=world.township.public_id,
        )
        (pair,) = found.pairs
        assert pair.tone
        return pair.standing, pair.may_confirm, pair.may_pay

    assert standing(on=date(2026, 1, 31)) == ("running", False, False)
    assert standing() == ("open", True, False)
    with pytest.raises(PermissionDenied):
        charges.confirm_month(**month, by=world.doctor)
    with pytest.raises(DomainError, match="still running"):
        early = datetime(2026, 1, 31, 12, tzinfo=UTC)
        charges.confirm_month(**month | {"at": early}, by=world.manager)
    with pytest.raises(DomainError, match="has changed"):
        charges.confirm_month(**month | {"total": Decimal(59)}, by=world.manager)
    charges.confirm_month(**month, by=world.manager)
    assert standing() == ("payee", False, False)
    with pytest.raises(DomainError, match="Both sides"):
        charges.mark_paid(**month, by=world.manager)
    charges.confirm_month(**month, by=world.township_manager)
    assert standing() == ("agreed", False, True)
    assert standing(world.township_manager) == ("agreed", False, False)
    with pytest.raises(PermissionDenied):
        charges.mark_paid(**month, by=world.township_manager)
    row = charges.mark_paid(**month, by=world.manager)
    assert standing() == ("paid", False, False)
    # A second tap changes nothing of who said so, and when.
    later = month | {"at": at + timedelta(hours=1), "by": world.manager}
    for again in (charges.mark_paid, charges.confirm_month):
        assert again(**later).version == row.version
    # What is corrected later is confirmed anew; what was paid stays known.
    Charge.objects.filter(pk=charge.pk).update(amount=80)
    assert standing() == ("open", True, False)
    row = charges.confirm_month(**month | {"total": Decimal(80)}, by=world.township_manager)
    assert standing() == ("payer", True, False)
    assert (row.payee_confirmed_at, row.paid_total) == (None, 60)
    other = statements.statement(
        world.manager,
        institution_id=None,
        month=statements.Month(date(2026, 1, 1)),
        today=TODAY,
        partner=world.tertiary.public_id,
    )
    assert other.pairs == []


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"payee": "payer"}, "bookings_settlement_two_houses"),
        ({"month": date(2026, 1, 2)}, "bookings_settlement_month"),
        ({"payer_confirmed_at": "now"}, "bookings_settlement_payer_confirmed"),
        ({"payee_confirmed_at": "now"}, "bookings_settlement_payee_confirmed"),
        ({"paid_at": "now"}, "bookings_settlement_paid"),
    ],
)
def test_a_settlement_keeps_its_order(world, values, name):
    key = {
        "alliance": world.alliance, "payer": world.township, "payee": world.county,
        "month": date(2026, 1, 1), "total": 0, "uses": 0,
    }  # fmt: skip
    Settlement.objects.create(**key)
    meant = {"payer": world.township, "now": timezone.now()}
    told = {field: meant.get(value, value) for field, value in values.items()}
    with transaction.atomic(), pytest.raises(IntegrityError, match=name):
        Settlement.objects.update(**told)


def test_a_month_between_two_houses_is_settled_once(world):
    key = {
        "alliance": world.alliance, "payer": world.township, "payee": world.county,
        "month": date(2026, 1, 1), "total": 0, "uses": 0,
    }  # fmt: skip
    Settlement.objects.create(**key)
    with transaction.atomic(), pytest.raises(IntegrityError, match="bookings_settlement_once"):
        Settlement.objects.create(**key)


def test_a_feed_is_found_by_its_address_until_it_is_revoked(world):
    feed = feeds.open_feed(by=world.doctor)
    assert feeds.open_feed(by=world.doctor) == feed
    digest = addresses.digest(addresses.make(feed))
    assert feed_of(digest) == feed
    now = timezone.now()
    for at, noted in ((now, now), (now + timedelta(minutes=5), now)):
        feeds.note_read(feed=feed, at=at)
        feed.refresh_from_db()
        assert feed.read_at == noted
    with pytest.raises(PermissionDenied):
        feeds.revoke_feed(feed=feed, by=world.manager)
    feeds.revoke_feed(feed=feed, by=world.doctor)
    feeds.revoke_feed(feed=feed, by=world.doctor)
    assert feed_of(digest) is None
    assert feeds.open_feed(by=world.doctor) != feed
    with pytest.raises(PermissionDenied):
        feeds.open_feed(by=world.auditor)


def test_a_devices_feed_ends_with_what_its_owner_may_see(world):
    device = make.lent(world)
    feed = feeds.open_feed(by=world.doctor, device=device)
    assert feed_of(feed.digest) == feed
    device.is_shared = False
    device.save()
    assert feed_of(feed.digest) is None
    own = feeds.open_feed(by=world.doctor)
    User.objects.filter(pk=world.doctor.pk).update(
        is_active=False, disabled_at=timezone.now(), disabled_by=world.manager
    )
    assert feed_of(own.digest) is None


def test_calendars_name_devices_and_people_but_no_patient(world):
    row = make.bare(world, referral_number="ZZ20261122", note="王小兰", status="requested")
    window = (timezone.now(), timezone.now() + timedelta(days=9))
    (event,) = Calendar.from_ical(
        ical.own(agenda.own_between(world.doctor, *window), name="我的预约")
    ).walk("VEVENT")
    assert str(event["SUMMARY"]) == "高清腹腔镜 · 清创缝合术"
    assert event["DTSTART"].dt == row.starts_at
    assert str(event["STATUS"]) == "TENTATIVE"

    device = row.lines.get().device
    lines = agenda.lines_between([device.pk], *window)
    known = agenda.known_among(world.doctor, lines)
    whole = ical.of_device(lines, name="腹腔镜", known=known).decode()
    assert "李文" in whole
    assert "ZZ20261122" not in whole
    assert "王小兰" not in whole
    assert agenda.known_among(world.outsider, lines) == set()
    (taken,) = Calendar.from_ical(ical.of_device(lines, name="腹腔镜", known=set())).walk("VEVENT")
    assert "LOCATION" not in taken
    assert row.institution.name not in str(taken["SUMMARY"])


def test_who_is_nobody_has_what_they_made(world):
    row = make.bare(world, created_by=world.trainer)
    assert list(agenda.own(world.trainer)) == [row]
    assert list(agenda.own(world.doctor)) == [row]
    assert list(agenda.own(world.township_liaison)) == []
