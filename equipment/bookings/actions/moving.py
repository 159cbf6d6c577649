"""Exchange a booking for another time or another device, in one act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from alliance.core.transactions import one_transaction
from equipment.devices.models import Device

from .. import consequences, workflow
from ..choices import Move
from ..models import Booking
from ..promises.rules import Outcome
from . import common
from .booking import ask, grant, place_for, refusals_kept
from .deciding import give_back


def rebook(
    *,
    booking: Booking,
    by: Any,
    at: datetime,
    starts_at: datetime | None = None,
    without: Device | None = None,
    device: Device | None = None,
    version: int | None = None,
) -> Booking:
    """Have another time, or `device` in place of `without`; refused, the old booking stands.

    A new wish, so every rule is asked again, keepers approve again and the price is that of now.
    The old one is cancelled in the same transaction: its people and devices are free for the new.
    What `consequences` say of it was told before. (Who is held up by the last user wishes for
    nothing new: see `overruns.move_on`.)
    """
    with refusals_kept():
        return _rebook(booking, by, at, starts_at, without, device, version)


@one_transaction
def _rebook(
    booking: Booking,
    by: Any,
    at: datetime,
    starts_at: datetime | None,
    without: Device | None,
    device: Device | None,
    version: int | None,
) -> Booking:
    common.hold_patient(booking.patient_id)
    row = common.lock_to_change(booking, [device.pk] if device else [])
    common.allowed(row, by, Move.CANCEL, version)
    workflow.next_status(row.status, Move.CANCEL)
    devices = [line.device for line in row.lines.all()]
    kept = [one for one in devices if device is None or one != without]
    wanted = kept if device is None else [device, *kept]
    begins = starts_at or row.starts_at
    asked = ask(
        devices=wanted, institution=row.institution, operator=row.operator, mentor=row.mentor,
        technique=row.technique, starts_at=begins, ends_at=begins + (row.ends_at - row.starts_at),
        by=by, at=at, patient=row.patient, referral_number=row.referral_number, note=row.note,
        place=_place(row, wanted), series=row.series, replaces=row,
    )  # fmt: skip
    found = consequences.outcome_of_exchange(
        row, by, at, begins=begins, keeps_all=len(kept) == len(devices)
    )
    why = _("Exchanged for another booking.")
    # Who hears of the new one hears of the exchange: of this nobody is told apart.
    told = {"is_exchanged": True, "given_up": found.value}
    give_back(row, why, by=by, at=at, is_late=found == Outcome.LATE, data=told)
    return grant(asked)


def _place(row: Booking, wanted: list[Device]) -> Any:
    """Where it is used: as before, unless that was the owner of a device left behind."""
    owners = {one.owner_id: one.owner for one in wanted}
    if any(one.type.is_fixed for one in wanted):
        return place_for(wanted, row.institution)
    is_possible = row.place_id == row.institution_id or row.place_id in owners
    return row.place if is_possible else owners[wanted[0].owner_id]
