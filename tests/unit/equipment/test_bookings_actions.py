"""Booking and what follows: granted, refused with what would work, approved, given back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import AuditEntry, OutboxMessage
from equipment.bookings import actions, policies, selectors
from equipment.bookings.choices import Move
from equipment.bookings.errors import BookingRefused
from equipment.bookings.models import Booking, BookingRefusal
from equipment.service.models import Outage
from tests.factories import bookings as make
from tests.factories.alliance import LONG_AGO, PractitionerFactory, staff
from tests.factories.bookings import HOUR, another, booked, heard, lent, refused, setting, soon
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed
from tests.factories.privileges import bare as privilege

pytestmark = pytest.mark.django_db
NOW = soon(0, 9)


@pytest.fixture(autouse=True)
def practising(world):
    """The township's doctor may operate, as far as a test does not say otherwise."""
    return make.may_operate(world)


def test_a_refusal_is_not_kept_where_nothing_can_be_stored(world):
    with refused("period") as caught:
        booked(world, hours=-1)
    with pytest.raises(BookingRefused), transaction.atomic(), actions.refusals_kept():
        transaction.set_rollback(True)
        raise caught.value
    assert BookingRefusal.objects.count() == 1


def test_what_cannot_be_moved_is_used_where_it_stands(world):
    device = make.lent(world, type=DeviceTypeFactory(is_fixed=True))
    with pytest.raises(ValidationError) as caught:
        make.booked(world, device=device, place=world.township)
    assert list(caught.value.message_dict) == ["place"]
    row = make.booked(world, device=device, technique=None)
    assert row.place == world.county
    moved = actions.rebook(booking=row, by=world.doctor, at=NOW, starts_at=soon(3))
    assert moved.place == world.county


def test_a_booking_holds_device_and_operator(world):
    with heard() as news:
        row = booked(world, referral_number=" ZZ1 ", note=" 备注 ")
    line, person = row.lines.get(), row.people.get()
    assert (row.status, row.alliance, row.place) == ("confirmed", world.alliance, world.township)
    assert (row.referral_number, row.note, row.is_supervised) == ("ZZ1", "备注", False)
    assert line.block_from == row.starts_at - timedelta(minutes=15)
    assert line.block_until == row.ends_at + timedelta(minutes=30)
    assert (person.practitioner, person.role) == (world.practitioner, "operator")
    assert row.events.get().act == "book"
    assert news == [([row.pk], "book", ["ZZ1"])]
    assert AuditEntry.objects.filter(action="booking.book").exists()
    assert OutboxMessage.objects.filter(topic="bookings.event").exists()


def test_who_does_not_book_for_a_house_may_not(world):
    with pytest.raises(PermissionDenied):
        booked(world, by=world.county_doctor)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda w: {"devices": []}, "devices"),
        (lambda w: {"place": w.tertiary}, "place"),
        (lambda w: {"mentor": w.practitioner}, "mentor"),
        (lambda w: {"mentor": PractitionerFactory(is_active=False)}, "mentor"),
        (lambda w: {"operator": w.county_doctor.practitioner}, "operator"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(world, change, field):
    with pytest.raises(ValidationError) as caught:
        booked(world, **change(world))
    assert list(caught.value.message_dict) == [field]


def test_a_guest_may_operate_where_they_are_registered(world):
    guest = PractitionerFactory(institution=world.county)
    guest.sites.create(institution=world.township, valid_from=LONG_AGO)
    make.may_operate(world, practitioner=guest)
    assert booked(world, operator=guest).status == "confirmed"


def test_the_loser_gets_the_next_free_time(world):
    row = booked(world)
    device = row.lines.get().device
    twin = lent(world)
    with refused("taken") as caught:
        booked(world, device=device, operator=another(world), starts_at=row.starts_at + HOUR)
    first = caught.value.details["alternatives"][0]
    assert first["devices"] == [str(device.public_id)]
    # After the other's use come cleaning and one's own set-up.
    again = row.ends_at + timedelta(minutes=45)
    assert caught.value.instead.times[0].starts_at == again
    assert caught.value.instead.devices == [twin]
    assert booked(world, device=device, operator=another(world), starts_at=again)
    kept = BookingRefusal.objects.get()
    assert (kept.codes, kept.device, kept.institution) == (["taken"], device, world.township)
    assert Booking.objects.count() == 2


def test_every_reason_is_told_at_once(world):
    mine = booked(world)
    device = DeviceFactory(owner=world.county, is_shared=False)
    Outage.objects.create(device=device, reason="fault", starts_at=NOW, note="漏气")
    with refused("too_long", "closed", "not_shared", "out", "operator_busy") as caught:
        booked(world, device=device, starts_at=mine.starts_at, hours=14)
    assert "漏气" in caught.value.message
    assert all(reason["next_step"] for reason in caught.value.details["reasons"])
    assert caught.value.details["reasons"][3]["device"] == str(device.public_id)


def test_a_refusal_within_anothers_transaction_is_kept_by_the_door(world):
    booked(world)
    device = lent(world)
    with refused("operator_busy"), actions.refusals_kept(), transaction.atomic():
        booked(world, device=device)
    assert BookingRefusal.objects.get().codes == ["operator_busy"]


@pytest.mark.parametrize(
    ("level", "mentor", "codes"),
    [
        (None, None, ["not_privileged"]),
        ("supervised", None, ["needs_mentor"]),
        ("supervised", "none", ["mentor_unfit"]),
        ("supervised", "home", []),
        ("supervised", "there", []),
        ("independent", "none", []),
    ],
)
def test_who_may_operate_how(world, practising, level, mentor, codes):
    person = world.county_doctor.practitioner if mentor else None
    if mentor in ("home", "there"):
        house = world.county if mentor == "home" else world.township
        if mentor == "there":
            person.sites.create(institution=world.township, valid_from=LONG_AGO)
        privilege(world, technique=world.debridement, institution=house)
    if level:
        type(practising).objects.filter(pk=practising.pk).update(level=level)
    else:
        practising.delete()
    if codes:
        with refused(*codes):
            booked(world, mentor=person)
        return
    row = booked(world, mentor=person)
    assert row.is_supervised is (level == "supervised")
    assert row.people.count() == 2


def test_a_mentor_is_in_one_place(world):
    person = world.county_doctor.practitioner
    booked(world, mentor=person)
    with refused("mentor_busy"):
        booked(world, mentor=person, operator=another(world))


def test_a_type_is_for_its_techniques(world):
    kind = DeviceTypeFactory(code="other", name="超声刀")
    needed(kind, world.appendectomy)
    device = lent(world, type=kind)
    # Nothing is on record for the debridement, so that it takes any.
    assert booked(world, device=device, starts_at=soon(3)).status == "confirmed"
    needed(DeviceTypeFactory(code="knife"), world.debridement)
    with refused("unfit"):
        booked(world, device=device)
    with refused("no_technique"):
        booked(world, device=device, technique=None)
    needed(kind, world.debridement)
    assert booked(world, device=device).technique == world.debridement
    assert booked(world, technique=None, starts_at=soon(5)).status == "confirmed"


def test_a_house_outside_shares_nothing(world):
    theirs = DeviceFactory(owner=world.outside)
    with refused("not_shared"):
        booked(world, device=theirs)
    with pytest.raises(ValidationError, match="no alliance"):
        booked(
            world, device=theirs, institution=world.outside, by=world.outsider, technique=None,
            operator=PractitionerFactory(institution=world.outside),
        )  # fmt: skip


def test_quotas_count_what_is_borrowed_this_week(world):
    setting(world, "quota_township", 1)
    start = timezone.localtime(soon(7))
    monday = start - timedelta(days=start.weekday())
    own = DeviceFactory(owner=world.township)
    booked(world, device=own, starts_at=monday)
    booked(world, starts_at=monday + 4 * HOUR)
    with refused("quota") as caught:
        booked(world, starts_at=monday + timedelta(days=1))
    assert caught.value.instead.times
    assert booked(world, device=own, starts_at=monday + timedelta(days=1))
    assert booked(world, starts_at=monday + timedelta(days=7))


def test_reserved_hours_are_the_townships(world):
    start = soon(8)
    setting(world, "reserved_weekday", str(start.weekday()))
    person = PractitionerFactory(institution=world.county2)
    values = {
        "device": lent(world), "starts_at": start, "institution": world.county2,
        "operator": person, "by": world.county2_liaison, "technique": None,
    }  # fmt: skip
    with refused("reserved"):
        booked(world, **values)
    assert booked(world, **values, at=start - 47 * HOUR)
    assert booked(world, starts_at=start)


def test_who_misses_too_many_is_blocked_and_may_be_excused(world):
    setting(world, "strikes_most", 2)
    keeper = staff("equipment_keeper", institution=world.county)
    rows = [make.bare(world, starts_at=soon(-day)) for day in (5, 6)]
    assert actions.mark_missed(at=timezone.now()) == 2
    assert actions.mark_missed(at=timezone.now()) == 0
    assert selectors.blocked_until(
        world.practitioner.pk, alliance_id=world.alliance.pk, at=timezone.now()
    ) == rows[0].starts_at + timedelta(days=14)
    with refused("blocked"):
        booked(world)
    with pytest.raises(PermissionDenied):
        actions.excuse(booking=rows[0], reason="停电", by=world.doctor, at=NOW)
    with pytest.raises(ValidationError):
        actions.excuse(booking=rows[0], reason=" ", by=keeper, at=NOW)
    row = actions.excuse(booking=rows[0], reason="停电", by=keeper, at=NOW, version=2)
    assert (row.is_excused, row.events.last().reason) == (True, "停电")
    with pytest.raises(DomainError, match="Nothing counts"):
        actions.excuse(booking=rows[0], reason="停电", by=world.office, at=NOW)
    assert booked(world).status == "confirmed"
    assert (
        selectors.blocked_until(
            world.practitioner.pk, alliance_id=world.alliance.pk, at=timezone.now()
        )
        is None
    )


def test_every_keeper_approves_their_own(world):
    theirs = DeviceFactory(owner=world.county2, needs_approval=True)
    ours = lent(world, needs_approval=True)
    row = booked(world, devices=[ours, theirs])
    assert row.status == "requested"
    with pytest.raises(PermissionDenied):
        actions.approve(booking=row, by=world.doctor, at=NOW)
    row = actions.approve(booking=row, by=world.manager, at=NOW, version=1)
    assert row.status == "requested"
    assert policies.rights(world.manager, row) == [Move.REFUSE, Move.CANCEL]
    with pytest.raises(DomainError, match="another keeper"):
        actions.approve(booking=row, by=world.manager, at=NOW)
    with pytest.raises(StaleVersion):
        actions.approve(booking=row, by=world.manager, at=NOW, version=1)
    keeper = staff("equipment_keeper", institution=world.county2)
    row = actions.approve(booking=row, by=keeper, at=NOW)
    assert row.status == "confirmed"
    # That a booking was missed is said by the clock alone, so it is offered to nobody.
    assert policies.rights(keeper, row) == [Move.CANCEL, Move.CHECK_IN]
    with pytest.raises(TransitionNotAllowed):
        actions.approve(booking=row, by=keeper, at=NOW)


def test_who_hears_too_late_that_they_may_is_not_blamed(world):
    device = lent(world, needs_approval=True)
    row, over = (booked(world, device=device, starts_at=soon(day)) for day in (2, 3))
    with pytest.raises(DomainError) as caught:
        actions.approve(booking=over, by=world.manager, at=over.ends_at)
    assert caught.value.code == "too_late"
    row = actions.approve(booking=row, by=world.manager, at=row.starts_at + HOUR)
    assert actions.mark_missed(at=row.ends_at) == 1
    row.refresh_from_db()
    assert (row.status, row.is_excused) == ("no_show", True)


@pytest.mark.parametrize(
    ("rule", "needs", "keeps", "status"),
    [
        ("device", True, False, "requested"),
        ("device", False, False, "confirmed"),
        ("always", False, False, "requested"),
        ("never", True, False, "confirmed"),
        ("always", True, True, "confirmed"),
    ],
)
def test_when_a_keeper_is_asked(world, rule, needs, keeps, status):
    setting(world, "approval", rule)
    device = DeviceFactory(owner=world.township if keeps else world.county, needs_approval=needs)
    by = world.township_manager if keeps else world.doctor
    assert booked(world, device=device, by=by).status == status


def test_a_refused_request_frees_its_time(world):
    device = lent(world, needs_approval=True)
    row = booked(world, device=device)
    with pytest.raises(ValidationError):
        actions.refuse(booking=row, reason="", by=world.manager, at=NOW)
    row = actions.refuse(booking=row, reason="抢救占用", by=world.manager, at=NOW)
    assert (row.status, row.lines.get().is_live) == ("refused", False)
    assert booked(world, device=device).status == "requested"
