"""What the booking form offers: devices that go together, places, operators, mentors, the amount."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core.days import is_plausible
from alliance.institutions.models import Alliance, Institution
from alliance.patients.models import Patient
from alliance.people.models import Practitioner
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of
from equipment.service import selectors as service
from equipment.tariffs.selectors import Quote, quotes, terms
from training.privileges.choices import Level
from training.selectors import may_perform, who_may

from . import judging, mentors, searching
from .models import BookedDevice, Booking
from .rules import Period, period
from .selectors import bookable

_PEOPLE_MOST, _COMPANIONS_MOST = 200, 12
_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address or a half-filled form says, as far as it can be read."""

    technique: Technique | None
    devices: Sequence[Any]
    starts_at: datetime | None
    minutes: int
    place_id: str
    operator_id: str
    patient: Patient | None
    referral_number: str = ""


def read_wish(user: Any, data: Any) -> Wish:
    """The wish in a query string or a posted form; what cannot be read is left open."""
    asked = [_uuid(one) for name in ("devices", "device") for one in data.getlist(name)]
    ids = list(dict.fromkeys(one for one in asked if one))
    found = {row.public_id: row for row in _devices(user).filter(public_id__in=ids)}
    technique = Technique.objects.visible_to(user).filter(code=data.get("technique", ""))
    patient_id = _uuid(data.get("patient", ""))
    patients = Patient.objects.visible_to(user).filter(public_id=patient_id)
    return Wish(
        technique=technique.first(),
        devices=[found[pk] for pk in ids if pk in found],
        starts_at=_moment(data.get("start") or data.get("starts_at") or ""),
        minutes=_whole(data.get("minutes", ""), default=_LENGTH),
        place_id=data.get("place", ""),
        operator_id=data.get("operator", ""),
        patient=patients.first() if patient_id else None,
        referral_number=data.get("referral_number", "")[:30],
    )


@dataclass(slots=True)
class Options:
    """What may be chosen, and what is chosen to begin with."""

    alliance: Alliance | None
    devices: list[tuple[Any, str]]
    places: list[Institution]
    place: Institution
    operators: list[tuple[Practitioner, str]] = field(default_factory=list)
    mentors: list[tuple[Practitioner, str]] = field(default_factory=list)
    operator: Practitioner | None = None
    is_supervised: bool = False


def options(user: Any, house: Institution, wish: Wish, *, at: datetime) -> Options:
    """What the form offers for a wish that names at least one device."""
    on = timezone.localdate(wish.starts_at or at)
    alliance = alliance_of(house.pk, timezone.localdate(at))
    fixed = {one.owner_id: one.owner for one in wish.devices if one.type.is_fixed}
    both = {one.pk: one for one in (wish.devices[0].owner, house)}
    places = list((fixed or both).values())
    mine: Any = getattr(user, "practitioner_id", None)
    me = Practitioner.objects.filter(pk=mine).first()
    place = _place(places, wish, me, on)
    made = Options(alliance, _offered(user, house, wish, alliance, at), places, place)
    made.operators = _operators(house, wish.technique, place, alliance, me, on)
    made.operator = _chosen(made.operators, wish.operator_id)
    if made.operator and wish.technique and alliance:
        standing = mentors.standing(made.operator, wish.technique, place, on)
        made.is_supervised = standing.needs_mentor
        found = mentors.who_may_mentor(wish.technique, alliance, place, made.operator, on)
        made.mentors = [(one, f"{one.name} · {one.institution}") for one in found]
    return made


def settled(data: QueryDict, options: Options) -> QueryDict:
    """What was sent, with the place and operator that are chosen where its own no longer fit.

    Another device may leave a single place: what is said of the form then is said of that one.
    """
    found = data.copy()
    for name, offered, chosen in (
        ("place", options.places, options.place),
        ("operator", [one for one, _words in options.operators], options.operator),
    ):
        if found.get(name) not in {str(one.public_id) for one in offered}:
            found[name] = str(chosen.public_id) if chosen else ""
    return found


def amounts(
    devices: Sequence[Any],
    house: Institution,
    technique: Technique | None,
    alliance: Alliance | None,
    period: tuple[datetime, datetime],
) -> Mapping[int, Quote]:
    """What a time costs with each device, as it is shown before it is booked."""
    if alliance is None or not devices:
        return {}
    since, until = period
    return quotes(
        devices=devices,
        institution_id=house.pk,
        technique_id=technique.pk if technique else None,
        alliance_id=alliance.pk,
        starts_at=since,
        ends_at=until,
        on=timezone.localdate(since),
    )


def note_of(user: Any, house: Institution, public_id: str) -> str:
    """What the house noted on a booking of its own that it asks for again."""
    rows: Any = Booking.objects.visible_to(user).filter(institution=house)
    found = rows.filter(public_id=_uuid(public_id)).values_list("note", flat=True)
    return found.first() or ""


def _devices(user: Any) -> Any:
    return Device.objects.visible_to(user).for_list()


def _offered(
    user: Any, house: Institution, wish: Wish, alliance: Alliance | None, at: datetime
) -> list[tuple[Any, str]]:
    """The devices named, and others that the technique needs where the first of them stands."""
    devices = list(wish.devices)
    if wish.technique is not None:
        owner = devices[0].owner_id
        chosen = {device.type_id for device in devices}
        types = searching.companions(wish.technique.pk, chosen)
        near: Any = bookable(user, institution=house, alliance=alliance, at=at)
        others = near.filter(type__in=types, owner=owner).exclude(
            pk__in=[device.pk for device in devices]
        )
        devices += list(others.for_list().order_by("type__name", "pk")[:_COMPANIONS_MOST])
    rates: Mapping[int, Any] = {}
    if alliance is not None:
        rates = terms(
            devices=devices,
            institution_id=house.pk,
            technique_id=wish.technique.pk if wish.technique else None,
            alliance_id=alliance.pk,
            on=timezone.localdate(wish.starts_at or at),
        )
    stands = _standing(devices, wish)
    return [
        (one, searching.words_of(one, rates[one.pk].rate if rates else "", stands.get(one.pk, "")))
        for one in devices
    ]


def _standing(devices: Sequence[Any], wish: Wish) -> dict[int, str]:
    """Whether each is free in the time that is wished for; nothing where none is. Two queries."""
    if wish.starts_at is None:
        return {}
    asked = period(wish.starts_at, wish.starts_at + timedelta(minutes=wish.minutes))
    blocks = {device.pk: judging.block_of(device, asked) for device in devices}
    since = min(one.since for one in blocks.values())
    until = max(one.until for one in blocks.values())
    lines: Any = BookedDevice.objects.filter(device__in=blocks)
    rows = lines.blocking(since, until).values_list("device", "block_from", "block_until")
    taken = {pk for pk, *time in rows if blocks[pk].meets(Period(*time))}
    own = Device.objects.filter(pk__in=blocks)
    ready = set(service.in_service(own, since=since, until=until).values_list("pk", flat=True))
    return {
        pk: _("taken then") if pk in taken else _("free then") if pk in ready else _("out then")
        for pk in blocks
    }


def _place(
    places: Sequence[Institution], wish: Wish, me: Practitioner | None, on: date
) -> Institution:
    """The place asked for, else where one may do it, else where the device stands."""
    for place in places:
        if str(place.public_id) == wish.place_id:
            return place
    if me is not None and wish.technique is not None:
        for place in places:
            answer = may_perform(
                practitioner_id=me.pk,
                technique_id=wish.technique.pk,
                institution_id=place.pk,
                on=on,
            )
            if answer.may:
                return place
    return places[0]


def _operators(
    house: Institution,
    technique: Technique | None,
    place: Institution,
    alliance: Alliance | None,
    me: Practitioner | None,
    on: date,
) -> list[tuple[Practitioner, str]]:
    """Colleagues who may do it there; oneself first, who may or not: a refusal then says why."""
    found: dict[int, tuple[Practitioner, str]] = {}
    if me is not None:
        found[me.pk] = (me, me.name)
    if technique is None or alliance is None:
        staff = Practitioner.objects.filter(institution=house, is_active=True).order_by("name")
        rows = [(person, person.name) for person in staff[:_PEOPLE_MOST]]
    else:
        held = who_may(
            technique_id=technique.pk, institution_id=place.pk, alliance_id=alliance.pk, on=on
        )
        if place != house:
            held = held.filter(practitioner__institution=house)
        held = held.select_related("practitioner").order_by("practitioner__name")
        rows = [(one.practitioner, _operator_words(one)) for one in held[:_PEOPLE_MOST]]
    found |= {person.pk: (person, words) for person, words in rows}
    return list(found.values())


def _operator_words(privilege: Any) -> str:
    if privilege.level == Level.SUPERVISED:
        return _("%(name)s (with a mentor)") % {"name": privilege.practitioner.name}
    return str(privilege.practitioner.name)


def _chosen(rows: Sequence[tuple[Practitioner, str]], asked: str) -> Practitioner | None:
    people = {str(person.public_id): person for person, _words in rows}
    return people.get(asked) or next(iter(people.values()), None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """A moment as a browser's picker writes it."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or not is_plausible(found):
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _whole(text: str, *, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else default
