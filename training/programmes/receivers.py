"""What this room does for the outbox, and when those below have seen somebody learn."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from alliance.core import outbox
from training.courses.signals import hours_counted
from training.exams.signals import results_entered
from training.logbook.signals import cases_changed

from . import actions, notices


@outbox.handler("programmes.told")
def tell_path(**told: Any) -> None:
    """Tell the doctor and the mentor what happened on the path."""
    notices.tell_path(**told)


@outbox.handler("programmes.prior_decided")
def tell_prior(**told: Any) -> None:
    """Tell the doctor what became of a record of the past."""
    notices.tell_prior(**told)


@outbox.handler("programmes.look")
def look(*, practitioner_id: int) -> None:
    """See which stages a doctor has passed by now."""
    actions.look_at(practitioner_id=practitioner_id)


@receiver(cases_changed, dispatch_uid="programmes.look_after_cases")
def look_after_cases(sender: Any, *, operator_ids: Collection[int], **kwargs: Any) -> None:
    """Cases count: whoever operated may have passed a stage."""
    actions.look_soon(practitioner_ids=operator_ids)


@receiver(results_entered, dispatch_uid="programmes.look_after_results")
def look_after_results(sender: Any, *, practitioner_ids: Collection[int], **kwargs: Any) -> None:
    """Results of exams and stations count."""
    actions.look_soon(practitioner_ids=practitioner_ids)


@receiver(hours_counted, dispatch_uid="programmes.look_after_hours")
def look_after_hours(sender: Any, *, practitioner_ids: Collection[int], **kwargs: Any) -> None:
    """Hours count, and courses completed with them."""
    actions.look_soon(practitioner_ids=practitioner_ids)
