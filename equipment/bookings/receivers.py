"""What this room does for the outbox, when devices fail, and when patients are merged."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from alliance.core import outbox
from alliance.patients.signals import patients_merged
from equipment.devices.signals import device_availability_changed

from . import actions, notices, reminders

outbox.handler("bookings.event")(notices.tell)
outbox.handler("bookings.reminder")(reminders.tell)


@receiver(device_availability_changed, dispatch_uid="bookings.recheck")
def recheck(sender: Any, *, device_ids: Collection[int], **kwargs: Any) -> None:
    """Same transaction: whoever relied on these devices is told."""
    actions.recheck_devices(device_ids=device_ids, at=timezone.now())


@receiver(patients_merged, dispatch_uid="bookings.follow_merge")
def follow_merge(sender: Any, *, kept_id: int, merged_id: int, **kwargs: Any) -> None:
    """Same transaction: bookings and the waiting list follow the patient who is kept."""
    actions.repoint_patient(kept_id=kept_id, merged_id=merged_id)
