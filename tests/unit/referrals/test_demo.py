"""The demo alliance: built once, believable, and true to the machine it was simulated on."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.errors import TransitionNotAllowed
from alliance.institutions.choices import Direction
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner, RoleGrant, User
from bench import bookings, insights, nightly, privileges
from equipment.bookings.actions import recheck_devices
from equipment.bookings.models import BookedDevice, Booking, Charge, WaitingEntry
from equipment.bookings.policies import may_book
from equipment.devices.models import Device, SharedTime
from equipment.service.selectors import in_service
from referrals.choices import Move, Status
from referrals.demo import bulk
from referrals.models import Referral, ReferralEvent
from referrals.workflow import FINAL, Facts, next_status
from training.exams.models import StationResult
from training.logbook.models import CurveReview
from training.programmes.models import Enrolment
from training.standards.models import AdmissionAnswer

# What the demo does is to be reached by quicker tests too.
pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.no_cover]


def reachable(event):
    """Whether some leg's facts let the machine make this step, for people or for the platform."""
    for back in (False, True):
        for followed in (False, True):
            for review in (False, True):
                facts = Facts(is_back_leg=back, followed_up=followed, needs_review=review)
                for system in (False, True):
                    try:
                        target = next_status(event.source, Move(event.move), facts, system=system)
                    except TransitionNotAllowed:
                        continue
                    if target == event.target:
                        return True
    return False


def test_demo_is_refused_outside_demo_mode(settings, tmp_path):
    settings.DEMO_MODE = False
    with pytest.raises(CommandError):
        call_command("load_demo", accounts=tmp_path / "accounts.json")
    assert not User.objects.exists()


def test_demo_alliance_is_whole_and_grows(settings, tmp_path):
    settings.DEMO_MODE = True
    accounts, today = tmp_path / "accounts.json", timezone.localdate()
    call_command("load_demo", accounts=accounts, verbosity=0)

    tiers = dict(Institution.objects.values_list("tier").annotate(Count("pk")))
    assert tiers == {"tertiary": 1, "county": 2, "township": 14, "village": 3}
    assert Practitioner.objects.count() >= 120
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role.values)
    assert Referral.objects.count() >= 2000
    assert set(Referral.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Referral.objects.values_list("direction", flat=True)) == set(Direction.values)
    assert not User.objects.filter(is_demo=False).exists()

    known = json.loads(accounts.read_text(encoding="utf-8"))
    assert accounts.stat().st_mode & 0o777 == 0o600
    assert sorted(client["tier"] for client in known["clients"]) == [
        "county", "tertiary", "township", "township",
    ]  # fmt: skip

    _steps_are_the_machines()
    _people_act_by_day()
    _patients_fit_their_diseases()
    _training_stands_at_every_stage()
    _devices_are_as_the_county_knows_them()
    _devices_are_booked_used_and_waited_for()
    before = Referral.objects.count()
    call_command("load_demo", accounts=accounts, verbosity=0)
    assert Referral.objects.count() == before
    _copies_keep_every_invariant(before)
    _benches_write_rows_as_they_are_today(today)


def _steps_are_the_machines():
    steps = {(e.source, e.move, e.target): e for e in ReferralEvent.objects.order_by("pk")}
    assert [key for key, event in steps.items() if not reachable(event)] == []
    last = {e.referral_id: e for e in ReferralEvent.objects.order_by("referral_id", "version")}
    legs = Referral.objects.exclude(status=Status.DRAFT)
    for pk, status, version, holder in legs.values_list("pk", "status", "version", "holder_id"):
        assert (last[pk].target, last[pk].version, last[pk].holder_id) == (status, version, holder)


def _copies_keep_every_invariant(before):
    wanted = before + 3000
    assert wanted - 10 <= bulk.scale(wanted) <= wanted
    copies = Referral.objects.order_by("-pk")[: wanted - before - 10]
    assert {leg.status for leg in copies} <= FINAL
    assert all(leg.submitted_at <= leg.closed_at for leg in copies)
    assert all(leg.parent is None or leg.parent.created_at <= leg.created_at for leg in copies)


def _benches_write_rows_as_they_are_today(today):
    """They write columns by name, which nothing else would hold against a new column."""
    for code, found in nightly.compared(today - timedelta(days=1), 1, ""):
        assert (code, found.only_check, found.only_hand) == (code, 0, 0)
    with connection.cursor() as cursor:
        bookings.fill(cursor, 4, 2)
        privileges.fill(cursor, 2, 3)
    rows = Booking.objects.filter(lines__device__asset_number__startswith="BENCH")
    assert rows.count() == 8
    clerk, person = User.objects.latest("pk"), Practitioner.objects.latest("pk")
    devices = [Device.objects.get(asset_number="BENCH1").pk]
    hours = [timezone.now() + timedelta(days=400)]
    told = bookings.bare(clerk.pk, person.pk, devices, hours, 2)
    assert [came for came, _ms in told] == ["booked", "lost"]
    lines = BookedDevice.objects.count()
    insights.grow(2, 5)
    assert BookedDevice.objects.count() == lines + 5


def _training_stands_at_every_stage():
    tried = StationResult.objects.filter(station__code="fls_peg_transfer")
    assert set(tried.values_list("passed", flat=True)) == {True, False}
    assert set(CurveReview.objects.values_list("cause", flat=True)) == {"competence", "loss"}
    assert AdmissionAnswer.objects.filter(admission__status="submitted", met=True).exists()
    resident = Enrolment.objects.get(practitioner__user__username="resident")
    assert resident.status == "active"


def _devices_are_as_the_county_knows_them():
    """Two townships in five have no laparoscope, and two in five have one that is not too old.

    Three devices in ten are old, few are high-end. The city's stand outside the county, and of all
    it is on record from their first day whether they are shared.
    """
    today = timezone.localdate()
    codes = set(Institution.objects.values_list("tier", "division_code"))
    assert len(codes) == 4
    assert len({code for _tier, code in codes}) == 2
    times = SharedTime.objects.all()
    assert times.filter(noted_at__date=F("device__in_use_from")).count() == times.count() > 0
    standing = Device.objects.standing_on(today)
    laparoscopes = standing.filter(type__family="腹腔镜", owner__tier="township")
    assert 0.55 <= laparoscopes.values("owner").distinct().count() / 14 <= 0.65
    young = laparoscopes.exclude(pk__in=laparoscopes.older_than(8, today))
    assert 0.35 <= young.values("owner").distinct().count() / 14 <= 0.45
    count = standing.count()
    assert 240 <= count <= 280
    assert 0.27 <= Device.objects.older_than(8, today).count() / count <= 0.33
    assert 0.02 <= standing.filter(type__is_high_end=True).count() / count < 0.10
    assert standing.values("owner").distinct().count() == Institution.objects.count()
    assert Device.objects.exclude(retired_on=None).exists()


def _devices_are_booked_used_and_waited_for():
    rows = Booking.objects.all()
    at_home = rows.filter(lines__device__owner=F("institution")).distinct().count()
    # Some devices are as busy as devices get, in their own houses; the rest is shared.
    assert 1200 <= at_home <= 5000
    assert 600 <= rows.count() - at_home <= 2000
    assert {"completed", "cancelled", "no_show", "confirmed"} <= {row.status for row in rows}
    assert rows.filter(starts_at__gt=timezone.now()).exists()
    assert Charge.objects.filter(amount__gt=0).exists()
    # Whoever relies on a device that is out of service has been told.
    everything = Device.objects.values_list("pk", flat=True)
    assert recheck_devices(device_ids=list(everything), at=timezone.now()) == 0
    assert rows.exclude(affected_at=None).exists()
    assert not rows.exclude(mentor_word="").exclude(affected_at=None).exists()
    # Freed, it could be offered, and those who are told may answer.
    line = list(WaitingEntry.objects.on_the_list())
    assert line
    for entry in line:
        times = {"since": entry.wanted_from, "until": entry.wanted_until}
        assert in_service(Device.objects.filter(pk=entry.device_id), **times).exists()
        assert may_book(entry.created_by, entry.institution_id)


def _people_act_by_day():
    """Appointments lie in opening hours but for emergencies; desks act at night only then."""
    legs = Referral.objects.filter(reserved_at__isnull=False).exclude(urgency="emergency")
    hours = {timezone.localtime(leg.reserved_at).hour for leg in legs}
    assert hours <= set(range(8, 19))
    desk = ReferralEvent.objects.filter(move__in=["accept", "reject", "reserve", "endorse"])
    desk = desk.exclude(referral__urgency="emergency")
    assert {timezone.localtime(event.at).hour for event in desk} <= set(range(7, 19))


def _patients_fit_their_diseases():
    women = Referral.objects.filter(diagnosis__code__startswith="D25")
    assert {leg.patient.sex for leg in women.select_related("patient")} == {"female"}
