"""What this room does for the outbox, and when a device goes to another institution."""

from typing import Any

from django.dispatch import receiver

from alliance.core import outbox
from equipment.devices.models import Device
from equipment.devices.signals import device_given, devices_registered

from . import actions, notices


@receiver(device_given, dispatch_uid="service.hand_over")
def go_along(sender: Any, *, device: Device, there: Device, by: Any, **kwargs: Any) -> None:
    """Same transaction: checks go on being due where the device stands now."""
    actions.hand_over(device=device, there=there, by=by)


@receiver(devices_registered, dispatch_uid="service.plan_regular")
def plan_regular(
    sender: Any, *, device_ids: list[int], by: Any, last_done: Any, **kwargs: Any
) -> None:
    """Same transaction: a new device is planned what its type asks for."""
    actions.plan_regular(device_ids=device_ids, by=by, last_done=last_done)


@outbox.handler("service.order_moved")
def tell_order(*, event_id: int) -> None:
    """Tell those concerned about a work order."""
    notices.tell_order(event_id=event_id)


@outbox.handler("service.checks")
def tell_checks(*, institution_id: int, plan_ids: list[int], news: str, on: str) -> None:
    """Tell keepers about checks that fall due or have passed."""
    notices.tell_checks(institution_id=institution_id, plan_ids=plan_ids, news=news, on=on)


@outbox.handler("service.recalled")
def tell_recalled(*, recall_id: int, institution_id: int) -> None:
    """Tell a house that devices of its are recalled."""
    notices.tell_recalled(recall_id=recall_id, institution_id=institution_id)


@outbox.handler("service.event")
def tell_event(*, event_id: int, news: str) -> None:
    """Tell those concerned about an adverse event and its clock."""
    notices.tell_event(event_id=event_id, news=news)
