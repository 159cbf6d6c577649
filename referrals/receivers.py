"""What referrals do when something happened: promise notices, follow merged patients."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from alliance.core import outbox
from alliance.patients.signals import consent_withdrawn, patients_merged
from equipment.bookings.selectors_lost import LOSING
from equipment.bookings.signals import bookings_changed

from . import actions, notices, selectors
from .signals import referral_moved


@receiver(referral_moved, dispatch_uid="referrals.promise_notice")
def promise_notice(sender: Any, *, event_id: int, **kwargs: Any) -> None:
    """A row in this transaction; the relay tells people after the commit."""
    outbox.put("referral.moved", event_id=event_id)


@receiver(patients_merged, dispatch_uid="referrals.follow_merge")
def follow_merge(sender: Any, *, kept_id: int, merged_id: int, **kwargs: Any) -> None:
    """Same transaction: may refuse the merge by raising."""
    actions.repoint_patient(kept_id=kept_id, merged_id=merged_id)


@receiver(consent_withdrawn, dispatch_uid="referrals.tell_of_withdrawal")
def tell_of_withdrawal(sender: Any, *, consent_id: int, **kwargs: Any) -> None:
    """Both houses of every open leg that rests on this consent are told after the commit."""
    for referral_id in selectors.open_legs_resting_on(consent_id):
        outbox.put("referral.consent", referral_id=referral_id, consent_id=consent_id)


@receiver(bookings_changed, dispatch_uid="referrals.tell_of_lost_booking")
def tell_of_lost_booking(
    sender: Any,
    *,
    booking_ids: Collection[int],
    act: str,
    referral_numbers: Collection[str],
    **kwargs: Any,
) -> None:
    """Open legs whose booking of a device may be lost: their people are told after the commit."""
    if act not in LOSING or not referral_numbers:
        return
    for booking_id, referral_id in selectors.open_legs_served_by(booking_ids):
        outbox.put("referral.booking", referral_id=referral_id, booking_id=booking_id, act=act)


outbox.handler("referral.booking")(notices.booking_lost)
outbox.handler("referral.consent")(notices.consent_withdrawn)
outbox.handler("referral.moved")(notices.moved)
outbox.handler("referral.clock")(notices.clock)
