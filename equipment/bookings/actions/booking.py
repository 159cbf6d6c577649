"""Booking: granted where nothing speaks against it, else refused with what would work."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution
from alliance.patients.models import Patient
from alliance.people.models import PracticeSite, Practitioner
from equipment.devices.models import Device

from .. import approvals, judging, mentors, policies, rules
from ..choices import Act, Code, MentorWord, PersonRole, Status
from ..errors import Asked, BookingRefused, Ground
from ..instead import instead
from ..judging import Judgement
from ..models import BookedDevice, BookedPerson, Booking, BookingRefusal, BookingSeries
from ..rules import Refusal
from . import common


def book(
    *,
    devices: Collection[Device],
    institution: Institution,
    operator: Practitioner,
    technique: Technique | None,
    starts_at: datetime,
    ends_at: datetime,
    by: Any,
    at: datetime,
    mentor: Practitioner | None = None,
    patient: Patient | None = None,
    referral_number: str = "",
    note: str = "",
    place: Institution | None = None,
) -> Booking:
    """Book devices for one use; `BookingRefused` says every reason why not, and what would work."""
    asked = ask(
        devices=devices, institution=institution, operator=operator, technique=technique,
        starts_at=starts_at, ends_at=ends_at, by=by, at=at, mentor=mentor, patient=patient,
        referral_number=referral_number, note=note, place=place,
    )  # fmt: skip
    with refusals_kept():
        return grant(asked)


def ask(
    *,
    devices: Collection[Device],
    institution: Institution,
    starts_at: datetime,
    ends_at: datetime,
    referral_number: str = "",
    note: str = "",
    place: Institution | None = None,
    series: BookingSeries | None = None,
    **more: Any,
) -> Asked:
    """What is asked for, put in order: each device once, by number."""
    return Asked(
        devices=sorted(set(devices), key=lambda device: device.pk),
        institution=institution,
        place=place or place_for(devices, institution),
        period=rules.period(starts_at, ends_at),
        referral_number=referral_number.strip(),
        note=note.strip(),
        series=series,
        **more,
    )


def place_for(devices: Collection[Device], institution: Institution) -> Institution:
    """Where devices are used unless somebody says otherwise: what cannot be moved is visited."""
    fixed = next((device for device in devices if device.type.is_fixed), None)
    return fixed.owner if fixed else institution


_kept: ContextVar[bool] = ContextVar("somebody keeps refusals already", default=False)


@contextmanager
def refusals_kept() -> Iterator[None]:
    """Keep a refusal for the statistics, and add what would work instead.

    Nothing of a refused booking is stored, so both happen once its transaction is undone. A door
    that books within a transaction of its own puts this around that: the outermost does it.
    """
    if _kept.get():
        yield
        return
    token = _kept.set(True)
    try:
        yield
    except BookingRefused as refused:
        if not connection.needs_rollback:
            ground = keep(refused)
            refused.offer(instead(refused.asked, refused.codes, ground))
        raise
    finally:
        _kept.reset(token)


@one_transaction
def keep(refused: BookingRefused) -> Ground:
    """Store a refusal with its reasons; on what ground it was, for who looks for something else."""
    asked = refused.asked
    refused.ground = ground = refused.ground or judging.ground_of(asked)
    named = [one.device_id for one in refused.refusals if one.device_id]
    first = next((one for one in asked.devices if one.pk in named), asked.devices[0])
    BookingRefusal.objects.create(
        alliance=ground.alliance, institution=asked.institution, type_id=first.type_id,
        device=first, technique=asked.technique, series=asked.series, codes=refused.codes,
        starts_at=asked.period.since, ends_at=asked.period.until, by=asked.by, at=asked.at,
    )  # fmt: skip
    return ground


def grant(asked: Asked) -> Booking:
    """Grant what is asked, or raise. Who finds the time taken is told before anybody is locked."""
    policies.insist(policies.may_book(asked.by, asked.institution.pk))
    _insist_on_sense(asked)
    gone = judging.at_a_glance(asked)
    if gone is not None and gone.refusals:
        raise gone.refused(asked)
    return _grant(asked, judging.ground_of(asked))


@one_transaction
def _grant(asked: Asked, ground: Ground) -> Booking:
    """Lock, ask every rule, write."""
    if asked.patient is not None:
        asked = replace(asked, patient=common.hold_patient(asked.patient.pk))
    common.lock_times([device.pk for device in asked.devices], asked.people)
    if judging.counts_quota(asked, ground.settings):
        common.lock_house(asked.institution.pk)
    found = judging.judge(asked, ground)
    if found.refusals:
        raise found.refused(asked)
    if ground.alliance is None:
        raise ValidationError({"institution": _("This institution is in no alliance.")})
    return _write(asked, found, ground, ground.alliance)


def _insist_on_sense(asked: Asked) -> None:
    """Refuse, at its field, what no policy could mend."""
    if not asked.devices:
        raise ValidationError({"devices": _("Choose a device.")})
    insist_on_place(asked.place, asked.devices, asked.institution)
    if not works_at(asked.operator, asked.institution, at=asked.at):
        raise ValidationError({"operator": _("Choose somebody who works at your institution.")})
    insist_on_mentor(asked.mentor, asked.operator)


def insist_on_mentor(mentor: Practitioner | None, operator: Practitioner) -> None:
    """Refuse a mentor who is the operator, or has left."""
    if mentor is not None and mentor.pk == operator.pk:
        message = _("Somebody else than the operator is the mentor.")
        raise ValidationError({"mentor": message})
    if mentor is not None and not mentor.is_active:
        raise ValidationError({"mentor": _("This person has left.")})


def insist_on_place(place: Institution, devices: Collection[Device], house: Institution) -> None:
    """Refuse a place where these devices are not, nor come to."""
    if place.pk not in {house.pk, *(device.owner_id for device in devices)}:
        message = _("It is used at your institution or where a device stands.")
        raise ValidationError({"place": message})
    for device in devices:
        if device.type.is_fixed and place.pk != device.owner_id:
            told = {"device": device.name, "owner": device.owner}
            message = _("%(device)s stays where it stands: it is used at %(owner)s.") % told
            raise ValidationError({"place": message})


def works_at(who: Practitioner, house: Institution, *, at: datetime) -> bool:
    """Whether somebody works at an institution, at home or at a site of practice."""
    if not who.is_active or who.institution_id == house.pk:
        return who.is_active
    on = timezone.localdate(at, judging.zone())
    sites = PracticeSite.objects.in_force(on).filter(practitioner=who, institution=house)
    return sites.exists()


def _write(asked: Asked, found: Judgement, ground: Ground, alliance: Alliance) -> Booking:
    """The rows of a granted booking; whoever came past the locks is refused by the constraints."""
    lines = [_line(asked, device, ground) for device in asked.devices]
    waits = any(line.needs_approval for line in lines)
    row = Booking(
        alliance=alliance, institution=asked.institution, place=asked.place,
        technique=asked.technique, operator=asked.operator, mentor=asked.mentor,
        is_supervised=found.is_supervised, patient=asked.patient,
        referral_number=asked.referral_number, note=asked.note, series=asked.series,
        starts_at=asked.period.since, ends_at=asked.period.until, created_by=asked.by,
        replaces=asked.replaces, mentor_word=mentors.first_word(asked, ground.settings),
        status=Status.REQUESTED if waits else Status.CONFIRMED,
    )  # fmt: skip
    row.save(force_insert=True)
    try:
        BookedDevice.objects.bulk_create([_of(row, line) for line in lines])
        BookedPerson.objects.bulk_create(_people(row))
    except IntegrityError as error:
        raise _lost(asked, found, error) from error
    common.record(row, Act.BOOK, "", by=asked.by, at=asked.at)
    return row


def _line(asked: Asked, device: Device, ground: Ground) -> BookedDevice:
    block = judging.block_of(device, asked.period)
    return BookedDevice(
        device=device,
        block_from=block.since,
        block_until=block.until,
        needs_approval=approvals.needs_word(device, ground.settings, asked.by),
    )


def _of(row: Booking, line: BookedDevice) -> BookedDevice:
    line.booking = row
    return line


# Who declined keeps their time for themselves, also where a device is exchanged for another.
_UNBOUND = (PersonRole.MENTOR, MentorWord.DECLINED)


def _people(row: Booking) -> list[BookedPerson]:
    roles = {PersonRole.OPERATOR: row.operator, PersonRole.MENTOR: row.mentor}
    return [
        BookedPerson(
            booking=row, practitioner=person, role=role, starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for role, person in roles.items()
        if person is not None and (role, row.mentor_word) != _UNBOUND
    ]  # fmt: skip


def _lost(asked: Asked, found: Judgement, error: IntegrityError) -> BookingRefused:
    """What an exclusion constraint says, in words; any other fault is one of ours."""
    if "bookings_bookeddevice_no_overlap" in str(error):
        taken = [Refusal(Code.TAKEN, device.pk) for device in asked.devices]
    elif "bookings_bookedperson_no_overlap" in str(error):
        taken = [Refusal(Code.OPERATOR_BUSY)]
    else:
        raise error
    return replace(found, refusals=taken).refused(asked)
