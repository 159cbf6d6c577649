"""Who hears of faults, checks, recalls and adverse events."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.selectors import office_of, staff_with_roles

from .choices import Move
from .models import AdverseEvent, MaintenancePlan, Recall, WorkOrderEvent

_REPORTED = "report"
# What the law gives a time for, or what must not be used on; the rest is news.
_TODO = frozenset(
    {
        "service.recalled",
        "service.event_entered",
        "service.event_due",
        "service.event_overdue",
    }
)
_WORDS = pgettext_lazy("notice", "%(by)s: %(reason)s")
_BY_MOVE = {
    _REPORTED: _("Fault reported: %(device)s"),
    Move.ASSIGN: _("Repair assigned: %(device)s"),
    Move.START: _("Repair begun: %(device)s"),
    Move.TEST: _("Repaired and tested: %(device)s"),
    Move.FAIL: _("Not in order yet: %(device)s"),
    Move.RETURN: _("Back in use: %(device)s"),
    Move.STOP: _("Taken out of use: %(device)s"),
    Move.NOTE: _("Note on the repair of %(device)s"),
    Move.RETIRE: _("Retired as beyond repair: %(device)s"),
    Move.CANCEL: _("Report cancelled: %(device)s"),
    Move.REOPEN: _("In repair again: %(device)s"),
}
texts.define({f"service.{move}": (title, _WORDS) for move, title in _BY_MOVE.items()})
texts.define(
    {
        "service.checks_due": (
            _("%(count)s checks of devices fall due soon"),
            _("First: %(device)s, %(name)s, by %(due_on)s"),
        ),
        "service.checks_overdue": (
            _("%(count)s checks of devices are overdue"),
            _("First: %(device)s, %(name)s, was due by %(due_on)s"),
        ),
        "service.recalled": (
            _("Recall: %(title)s"),
            _("%(count)s devices of yours are concerned: deal with each."),
        ),
        "service.event_entered": (
            _("Adverse event with %(device)s"),
            _("Report it to the national system by %(due_at)s."),
        ),
        "service.event_due": (
            _("The report on %(device)s is due soon"),
            _("By %(due_at)s it must be in the national system."),
        ),
        "service.event_overdue": (
            _("The report on %(device)s is overdue"),
            _("It had to be in the national system by %(due_at)s."),
        ),
    }
)


def keepers_of(institution_id: int) -> set[int]:
    """Ids of those who keep the devices of an institution, today."""
    roles = [Role.EQUIPMENT_KEEPER, Role.MANAGER]
    today = timezone.localdate()
    return {*staff_with_roles(institution_ids=[institution_id], roles=roles, on=today)}


def tell_order(*, event_id: int) -> None:
    """Keepers hear of reports, who reported or repairs hears of everything; never who did it."""
    events = WorkOrderEvent.objects.select_related("order__device", "by")
    event = events.get(pk=event_id)
    order = event.order
    people = {order.reported_by_id, order.assigned_to_id} - {None}
    if event.move in (_REPORTED, Move.STOP, Move.RETURN, Move.RETIRE, Move.CANCEL):
        people |= keepers_of(order.institution_id)
    _send(
        people - {event.by_id},
        f"service.{event.move}",
        {
            "device": order.device.name,
            "by": event.by.name,
            "reason": event.reason or event.data.get("work_done", "") or order.description,
        },
        url=order.get_absolute_url(),
        dedupe=f"service.order:{event.pk}",
    )


def tell_checks(*, institution_id: int, plan_ids: list[int], news: str, on: str) -> None:
    """One word to the keepers of a house about all of these."""
    plans = MaintenancePlan.objects.filter(pk__in=plan_ids, ended_at=None)
    first = plans.select_related("device").order_by("due_on", "pk").first()
    if first is None:
        return
    _send(
        keepers_of(institution_id),
        f"service.checks_{news}",
        {
            "count": plans.count(),
            "device": first.device.name,
            "name": first.name,
            "due_on": first.due_on.isoformat(),
        },
        url=f"{reverse('service:plans')}?standing={'soon' if news == 'due' else 'overdue'}",
        dedupe=f"service.checks:{institution_id}:{news}:{on}",
    )


def tell_recalled(*, recall_id: int, institution_id: int) -> None:
    """The keepers of a house, about its devices under a recall."""
    recall = Recall.objects.get(pk=recall_id)
    mine = recall.devices.waiting().filter(device__owner=institution_id)
    if count := mine.count():
        newest = mine.order_by("-pk").values_list("pk", flat=True)[0]
        _send(
            keepers_of(institution_id),
            "service.recalled",
            {"title": recall.title, "count": count},
            url=recall.get_absolute_url(),
            dedupe=f"service.recalled:{recall.pk}:{institution_id}:{newest}",
        )


def tell_event(*, event_id: int, news: str) -> None:
    """The keepers; the office as well once it is entered or overdue."""
    event = AdverseEvent.objects.select_related("device").get(pk=event_id)
    if news != "entered" and event.reported_at is not None:
        return
    people = keepers_of(event.institution_id)
    people |= keepers_of(event.device.owner_id) if news == "entered" else set()
    if news != "due":
        people |= {*office_of(event.alliance_id, on=timezone.localdate())}
    due = event.report_due_at.isoformat()
    _send(
        people,
        f"service.event_{news}",
        {"device": event.device.name, "due_at": due},
        url=event.get_absolute_url(),
        dedupe=f"service.event:{event.pk}:{news}:{due}",
    )


def _send(
    people: set[Any], text_key: str, values: dict[str, Any], *, url: str, dedupe: str
) -> None:
    notify(
        user_ids=people,
        kind=NoticeKind.EQUIPMENT_TODO if text_key in _TODO else NoticeKind.EQUIPMENT,
        text_key=text_key,
        values=values,
        url=url,
        dedupe=dedupe,
    )
