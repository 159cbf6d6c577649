"""What referrals do when something happened: promise notices, follow merged patients."""

from typing import Any

from django.dispatch import receiver

from alliance.core import outbox
from alliance.patients.signals import patients_merged

from . import actions, notices
from .signals import referral_moved


@receiver(referral_moved, dispatch_uid="referrals.promise_notice")
def promise_notice(sender: Any, *, event_id: int, **kwargs: Any) -> None:
    """A row in this transaction; the relay tells people after the commit."""
    outbox.put("referral.moved", event_id=event_id)


@receiver(patients_merged, dispatch_uid="referrals.follow_merge")
def follow_merge(sender: Any, *, kept_id: int, merged_id: int, **kwargs: Any) -> None:
    """Same transaction: may refuse the merge by raising."""
    actions.repoint_patient(kept_id=kept_id, merged_id=merged_id)


outbox.handler("referral.moved")(notices.moved)
outbox.handler("referral.clock")(notices.clock)
