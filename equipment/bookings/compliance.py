"""Scheduled checks on how shared devices are used."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Severity
from alliance.core.compliance import COLUMNS, Parameter, Question, check, end_of
from alliance.core.expressions import Midnight
from alliance.core.policy import PLATFORM
from alliance.institutions.models import Membership
from alliance.institutions.querysets import joined
from equipment.devices.choices import Need
from equipment.devices.models import Device, SharedTime, TypeTechnique
from equipment.service.downs import came_back, usable_on
from equipment.service.selectors import in_service
from training.logbook.choices import CaseStatus
from training.logbook.models import Case

from .choices import Act, Status
from .models import BookedDevice, Booking, BookingEvent

_USED: Final = (Status.IN_USE, Status.COMPLETED)
_MOMENT: Final = timedelta(microseconds=1)
_NO_DAY: Final = Value(None, DateField())


@check(
    "bookings.shared_idle",
    title=_("Shared device idle"),
    says=_("%(name)s (%(number)s) has not been used for %(weeks)s weeks"),
    severity=Severity.NOTICE,
    source=PLATFORM,
    route="devices:device",
    parameters=(Parameter("weeks", "integer", 8, _("Weeks without use"), 1, 520),),
)
def shared_idle(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Shared devices of members that nobody used for so long, though they could be used."""
    weeks = question.settings["weeks"]
    members = joined(Device.objects.all(), "owner__memberships", question.on)
    rows = members.filter(alliance_id__in=question.alliance_ids)
    return (
        idle(rows, weeks=weeks, until=question.until, on=question.on)
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("owner_id"),
            due_on=_NO_DAY,
            evidence=JSONObject(name="name", number="asset_number", weeks=Value(weeks)),
        )
        .values(*COLUMNS)
    )


def idle(devices: Any, *, weeks: int, until: datetime, on: date) -> Any:
    """Those of the devices that could be used for weeks before a moment and were not.

    Idle time begins at the latest of when it came onto the register here, when it became shared,
    when it came back into service, and when its last use ended. Not those that cannot be used at
    the moment.
    """
    since = until - timedelta(weeks=weeks)
    used = BookedDevice.objects.filter(
        Q(booking__used_until=None) | Q(booking__used_until__gt=since),
        device=OuterRef("pk"),
        booking__status__in=_USED,
        booking__used_from__lt=until,
    )
    whole = SharedTime.objects.on_record(since).at(until - _MOMENT).filter(device=OuterRef("pk"))
    known = devices.filter(Exists(whole), in_use_from__lte=on - timedelta(weeks=weeks))
    usable = in_service(known, since=until - _MOMENT, until=until)
    return usable.filter(~Exists(used), ~came_back(since, until))


def missed(rows: Any, *, until: datetime) -> Any:
    """Those of the bookings that were granted, ended and not used; not what was excused by then."""
    excused = BookingEvent.objects.filter(booking=OuterRef("pk"), act=Act.EXCUSE, at__lt=until)
    return rows.filter(
        ~Exists(excused), status__in=(Status.CONFIRMED, Status.NO_SHOW), ends_at__lte=until
    )


@check(
    "bookings.no_show_rate",
    title=_("Bookings often missed"),
    says=_("%(name)s did not use %(missed)s of %(of)s bookings, %(percent)s%%"),
    severity=Severity.MINOR,
    source=PLATFORM,
    route="institutions:detail",
    parameters=(
        Parameter("days", "days", 90, _("Days looked back"), 7, 730),
        Parameter("percent", "percent", 10, _("More than per cent"), 0, 100),
        Parameter("least", "integer", 5, _("From so many bookings on"), 1, 1000),
    ),
)
def no_show_rate(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Institutions that missed too many of the bookings that came due in the days before."""
    due = Booking.objects.filter(
        alliance__in=question.alliance_ids,
        starts_at__gte=end_of(question.on) - timedelta(days=question.settings["days"]),
        ends_at__lte=question.until,
    )
    lost = missed(Booking.objects.filter(pk=OuterRef("pk")), until=question.until)
    percent = ExpressionWrapper(F("missed") * 100 / F("of"), IntegerField())
    return (
        due.filter(status__in=(Status.CONFIRMED, Status.NO_SHOW, *_USED))
        .alias(is_missed=Exists(lost))
        .order_by()
        .values("alliance_id", "institution_id")
        .annotate(missed=Count("pk", filter=Q(is_missed=True)), of=Count("pk"))
        .filter(
            of__gte=question.settings["least"],
            missed__gt=F("of") * question.settings["percent"] / 100.0,
        )
        .annotate(
            subject=Cast(Max(Cast("institution__public_id", CharField())), CharField()),
            facet=Value(""),
            house_id=F("institution_id"),
            due_on=_NO_DAY,
            evidence=JSONObject(
                name=Max("institution__name"), missed="missed", of="of", percent=percent
            ),
        )
        .values(*COLUMNS)
    )


@check(
    "bookings.booked_unused",
    title=_("Booked without use"),
    says=_("%(name)s booked from %(from_at)s and did not use it"),
    severity=Severity.NOTICE,
    source=PLATFORM,
    route="bookings:booking",
    parameters=(Parameter("days", "days", 14, _("Days looked back"), 1, 366),),
)
def booked_unused(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Bookings whose time went by in the days before without use, and which nobody excused."""
    rows = Booking.objects.filter(
        alliance__in=question.alliance_ids,
        ends_at__gt=end_of(question.on) - timedelta(days=question.settings["days"]),
    )
    return (
        missed(rows, until=question.until)
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("institution_id"),
            due_on=_NO_DAY,
            evidence=JSONObject(name="institution__short_name", from_at="starts_at"),
        )
        .values(*COLUMNS)
    )


@check(
    "bookings.used_unbooked",
    title=_("Used without booking"),
    says=_(
        "%(technique)s on %(day)s needs %(type)s, which the alliance shares: no device of the house"
        " was in service, and the operator used no booking"
    ),
    severity=Severity.MINOR,
    source=PLATFORM,
    route="logbook:case",
    parameters=(Parameter("days", "days", 30, _("Days looked back"), 1, 366),),
)
def used_unbooked(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Confirmed cases that needed a shared device, and nobody knows from where it came.

    The technique needs a type of which the alliance shared a device that day (or another of its
    family); the house had none in service; and none was used that day by a booking of the operator
    or supervisor for this technique, nor is the case linked to one.
    """
    needed: Any = Case.objects.filter(
        alliance__in=question.alliance_ids,
        status=CaseStatus.CONFIRMED,
        confirmed_at__lt=question.until,
        performed_on__gt=question.on - timedelta(days=question.settings["days"]),
        performed_on__lte=question.on,
        technique__device_needs__need=Need.REQUIRED,
        technique__device_needs__type__is_active=True,
    ).annotate(
        # Named once, so that all that follows speaks of the same need.
        kind=F("technique__device_needs__type"),
        family=F("technique__device_needs__type__family"),
    )
    return (
        needed.filter(
            ~Exists(_own()), ~Exists(_booked()), ~Exists(_named_before()), Exists(_shared())
        )
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=F("technique__device_needs__type__code"),
            house_id=F("institution_id"),
            due_on=_NO_DAY,
            evidence=JSONObject(
                technique="technique__name",
                day="performed_on",
                type="technique__device_needs__type__name",
            ),
        )
        .values(*COLUMNS)
    )


def _of_kind(path: str) -> Q:
    """Types that serve: the one needed, or another of its family."""
    same = Q(**{f"{path}type": OuterRef("kind")})
    return same | ~Q(**{f"{path}type__family": ""}) & Q(
        **{f"{path}type__family": OuterRef("family")}
    )


def _named_before() -> Any:
    """The same need by an earlier type of the family: one finding is enough."""
    return TypeTechnique.objects.exclude(type__family="").filter(
        technique=OuterRef("technique"),
        need=Need.REQUIRED,
        type__is_active=True,
        type__family=OuterRef("family"),
        type__lt=OuterRef("kind"),
    )


def _standing() -> Any:
    """Devices of the kind on the register on the day of a case."""
    return Device.objects.filter(
        _of_kind(""),
        Q(retired_on=None) | Q(retired_on__gt=OuterRef("performed_on")),
        in_use_from__lte=OuterRef("performed_on"),
    )


def _own() -> Any:
    """Those of the house of a case that could be used at some time of its day."""
    own = _standing().filter(owner=OuterRef("institution"))
    return usable_on(own, OuterRef("performed_on"))


def _shared() -> Any:
    """Those that a member of the case's alliance shared at some time of its day."""
    day = OuterRef(OuterRef("performed_on"))
    times = SharedTime.objects.filter(
        Q(since=None) | Q(since__lt=Midnight(day, days=1)),
        Q(until=None) | Q(until__gt=Midnight(day)),
        device=OuterRef("pk"),
    )
    members = Membership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=day),
        valid_from__lte=day,
        institution=OuterRef("owner"),
        alliance=OuterRef(OuterRef("alliance")),
    )
    return _standing().filter(Exists(times), Exists(members))


def _booked() -> Any:
    """Uses of the kind on the day of a case, for it as far as the booking says."""
    house, hers = OuterRef("institution"), Q()
    for person in (OuterRef("operator"), OuterRef("supervisor")):
        hers |= Q(booking__operator=person) | Q(booking__mentor=person)
    same = Q(booking__technique=None) | Q(booking__technique=OuterRef("technique"))
    there = Q(booking__institution=house) | Q(booking__place=house)
    return BookedDevice.objects.alias(day=TruncDate("booking__used_from")).filter(
        _of_kind("device__"),
        Q(hers & same & there, day=OuterRef("performed_on")) | Q(booking__case=OuterRef("pk")),
        booking__status__in=_USED,
    )


@check(
    "bookings.used_beyond",
    title=_("Used beyond the booking"),
    says=_("%(name)s, booked from %(from_at)s: used from %(used_at)s to %(until_at)s"),
    severity=Severity.NOTICE,
    source=PLATFORM,
    route="bookings:booking",
    parameters=(
        Parameter("days", "days", 14, _("Days looked back"), 1, 366),
        Parameter("minutes", "integer", 30, _("Minutes beyond from which it counts"), 0, 1440),
    ),
)
def used_beyond(question: Question) -> QuerySet[Any, dict[str, Any]]:
    """Uses of shared devices that reach beyond the booked time, or whose case was another day's.

    What is recorded (check-in and check-out, the case linked) lies outside of any booking then.
    """
    beyond = timedelta(minutes=question.settings["minutes"])
    shared = SharedTime.objects.at(OuterRef("booking__used_from")).filter(device=OuterRef("device"))
    lines = BookedDevice.objects.filter(Exists(shared), booking=OuterRef("pk"))
    outside = (
        Q(used_from__lt=F("starts_at") - beyond)
        | Q(used_until__gt=F("ends_at") + beyond)
        | Q(case__performed_on__lt=TruncDate("starts_at"))
        | Q(case__performed_on__gt=TruncDate("ends_at"))
    )
    return (
        Booking.objects.filter(
            outside,
            Exists(lines),
            alliance__in=question.alliance_ids,
            status=Status.COMPLETED,
            used_until__gt=end_of(question.on) - timedelta(days=question.settings["days"]),
            used_until__lt=question.until,
        )
        .annotate(
            subject=Cast("public_id", CharField()),
            facet=Value(""),
            house_id=F("institution_id"),
            due_on=_NO_DAY,
            evidence=JSONObject(
                name="institution__short_name",
                from_at="starts_at",
                used_at="used_from",
                until_at="used_until",
            ),
        )
        .values(*COLUMNS)
    )
