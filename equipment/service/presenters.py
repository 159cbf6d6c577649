"""What the pages of service show, put into words and rows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.core.templatetags.times import day, when
from equipment.devices.choices import Condition
from equipment.devices.models import Device

from . import policies, selectors
from .choices import Move, Result, Status
from .figures import Figures
from .forms import FORMS
from .models import (
    AdverseEvent,
    MaintenancePlan,
    Outage,
    Recall,
    RecalledDevice,
    ServiceRecord,
    WorkOrder,
    WorkOrderEvent,
)

TONES = {
    Status.REPORTED: "warn",
    Status.ASSIGNED: "info",
    Status.IN_REPAIR: "active",
    Status.TESTED: "active",
    Status.RETURNED: "good",
    Status.RETIRED: "neutral",
    Status.CANCELLED: "neutral",
}
RESULT_TONES = {Result.PASSED: "good", Result.LIMITED: "warn", Result.FAILED: "bad"}
_DANGEROUS = {Move.STOP, Move.RETIRE, Move.CANCEL, Move.REOPEN}
_NEXT = {
    Status.REPORTED: Move.ASSIGN,
    Status.ASSIGNED: Move.START,
    Status.IN_REPAIR: Move.TEST,
    Status.TESTED: Move.RETURN,
}


def out_row(out: selectors.Out, *, soon: bool = False) -> dict[str, Any]:
    """Why a device cannot be used, since or from when."""
    since = when(out.since)
    if out.until is not None:
        span = _("%(since)s to %(until)s") % {"since": since, "until": when(out.until)}
    else:
        span = (_("from %(since)s") if soon else _("since %(since)s")) % {"since": since}
    return {"title": out.sentence, "place": span}


def order_row(order: WorkOrder, *, of_device: bool = False) -> dict[str, Any]:
    """A work order as a list shows it; beside its device the number names it."""
    who = order.assigned_to.name if order.assigned_to else order.vendor
    place = [who] if of_device else [order.institution.short_name, order.number, who]
    if order.expected_on and order.is_open:
        place.append(_("back by %(day)s") % {"day": day(order.expected_on)})
    return {
        "title": order.number if of_device else order.device.name,
        "url": order.get_absolute_url(),
        "meta": order.description,
        "place": " · ".join(filter(None, place)),
        "pill_tone": TONES[Status(order.status)],
        "pill_label": Status(order.status).label,
        "note": when(order.created_at),
    }


def plan_row(plan: MaintenancePlan, *, on: date) -> dict[str, Any]:
    """A plan with how it stands on a day."""
    label, tone = standing(plan, on)
    return {
        "title": f"{plan.device.name} · {plan.title}",
        "url": plan.get_absolute_url(),
        "meta": plan.device.asset_number,
        "place": _place(plan),
        "pill_tone": tone,
        "pill_label": label,
        "note": _("due by %(day)s") % {"day": date_format(plan.due_on, "DATE_FORMAT")},
    }


def _place(plan: MaintenancePlan) -> str:
    """Whose it is, and what kind of check where its name does not say so."""
    kind = plan.get_kind_display()
    house: str = plan.device.owner.short_name
    return house if kind == plan.title else f"{house} · {kind}"


def standing(plan: MaintenancePlan, on: date) -> tuple[str, str]:
    """How a plan stands on a day, in a word and a tone."""
    left = (plan.due_on - on).days
    if plan.ended_at is not None:
        return pgettext("check", "Ended"), "neutral"
    if left < 0:
        return pgettext("check", "Overdue"), "bad"
    if left <= 30:
        return pgettext("check", "Due soon"), "warn"
    return pgettext("check", "In time"), "good"


def recalled_row(row: RecalledDevice) -> dict[str, Any]:
    """A recalled device that waits."""
    return {
        "title": row.device.name,
        "url": row.recall.get_absolute_url(),
        "meta": row.device.serial_number or row.device.asset_number,
        "place": f"{row.device.owner.short_name} · {row.recall.title}",
        "pill_tone": "bad",
        "pill_label": row.recall.get_level_display().split(":")[0].split("：")[0],
    }


def event_row(event: AdverseEvent) -> dict[str, Any]:
    """An adverse event with its clock."""
    if event.closed_at is not None:
        label, tone = pgettext("adverse event", "Closed"), "neutral"
    elif event.reported_at is not None:
        label, tone = pgettext("adverse event", "Reported, under inquiry"), "info"
    else:
        label, tone = pgettext("adverse event", "Report owed"), "bad"
    return {
        "title": event.device.name,
        "url": event.get_absolute_url(),
        "meta": event.get_harm_display(),
        "place": event.institution.short_name,
        "pill_tone": tone,
        "pill_label": label,
        "due": event.report_due_at,
        "ended": event.reported_at,
    }


def end_label(outage: Outage, *, at: datetime) -> str:
    """What ending an announced outage means at a moment."""
    return _("Call it off") if outage.starts_at > at else _("Bring back")


def outage_row(outage: Outage) -> dict[str, Any]:
    """A device that is down."""
    return {
        "title": outage.device.name,
        "url": outage.device.get_absolute_url(),
        "meta": outage.get_reason_display(),
        "place": " · ".join(filter(None, [outage.device.owner.short_name, outage.note])),
        "note": _("since %(since)s") % {"since": when(outage.starts_at)},
    }


def order_facts(order: WorkOrder) -> list[dict[str, Any]]:
    """What is known of a work order."""
    given = [
        (_("Device"), f"{order.device.name} {order.device.asset_number}"),
        (_("Institution"), order.institution.name),
        (_("Location"), order.device.location),
        (_("Reported by"), order.reported_by.name),
        (_("Can still be used"), _("yes") if order.is_usable else _("no")),
        (_("Repaired by"), order.assigned_to.name if order.assigned_to else order.vendor),
        (_("Expected back on"), _day(order.expected_on)),
        (_("What was done"), order.work_done),
        (_("Parts in yuan"), money(order.parts_cost)),
        (_("Labour in yuan"), money(order.labour_cost)),
        (_("Cost in yuan"), money(order.cost)),
    ]
    return [{"label": label, "value": value} for label, value in given if value]


def known_fault(device: Device) -> dict[str, str]:
    """What the report of a fault begins with: how the last user left the device."""
    if device.condition == Condition.GOOD:
        return {}
    usable = "yes" if device.condition == Condition.LIMITED else "no"
    return {"description": device.condition_note, "is_usable": usable}


def timeline(found: Iterable[WorkOrderEvent]) -> list[dict[str, Any]]:
    """What happened to an order, in the words of pages."""
    tones: dict[str, str] = {
        Move.RETURN: "good",
        Move.STOP: "bad",
        Move.RETIRE: "bad",
        Move.FAIL: "warn",
    }
    return [
        {
            "at": event.at,
            "who": event.by.name,
            "what": Move(event.move).label if event.move in Move.values else _("Reported a fault"),
            "note": _data(event.data),
            "quote": event.reason,
            "tone": tones.get(event.move, ""),
        }
        for event in found
    ]


def _data(data: dict[str, Any]) -> str:
    found = [data.get("vendor", ""), data.get("work_done", "")]
    if "expected_on" in data:
        expected = date.fromisoformat(data["expected_on"])
        found.append(_("back by %(day)s") % {"day": _day(expected)})
    if "cost" in data:
        found.append(yuan(Decimal(data["cost"])))
    if "condition" in data:
        found.append(str(Condition(data["condition"]).label))
    found += [data.get("condition_note", ""), data.get("file", "")]
    return " · ".join(filter(None, found))


def order_acts(
    user: Any, order: WorkOrder, *, technicians: Any, is_down: bool, tried: Any = None
) -> list[dict[str, Any]]:
    """The moves that the user may make, the next one first; `tried` came back with errors."""
    open_ = policies.moves_open(user, order) - ({Move.STOP} if is_down else set())
    first = _NEXT.get(Status(order.status))
    ordered = sorted((move for move in FORMS if move in open_), key=lambda move: (move != first,))
    return [
        {
            "move": move,
            "form": tried
            if tried is not None and tried.prefix == move.value
            else FORMS[move](
                prefix=move.value,
                technicians=technicians,
                initial={"version": order.version, "expected_on": order.expected_on},
            ),
            "is_next": move == first,
            "danger": move in _DANGEROUS,
            "tried": tried is not None and tried.prefix == move.value,
        }
        for move in ordered
    ]


def plan_facts(plan: MaintenancePlan, *, why: str) -> list[dict[str, Any]]:
    """What a plan says, and why its next check is due when it is."""
    given = [
        (_("Device"), f"{plan.device.name} {plan.device.asset_number}"),
        (_("Institution"), plan.device.owner.name),
        (_("Kind"), plan.get_kind_display()),
        (_("Every so many months"), str(plan.months)),
        (_("Due on"), _day(plan.due_on)),
        (_("Why then"), why),
        (_("Out of use when overdue"), _("yes") if plan.stops_use else _("no")),
        (_("Carried out by"), plan.agency),
        (_("Note"), plan.note),
    ]
    return [{"label": label, "value": value} for label, value in given if value]


def record_rows(found: Iterable[ServiceRecord]) -> list[dict[str, Any]]:
    """What was done, with its papers."""
    return [
        {
            "record": row,
            "tone": "neutral" if row.voided_at else RESULT_TONES[Result(row.result)],
            "label": pgettext("record", "Taken back")
            if row.voided_at
            else Result(row.result).label,
            "cost": yuan(row.cost),
            "late": row.due_on is not None and row.due_on < row.done_on,
            "files": [file_row(file) for file in row.files.all()],
        }
        for row in found
    ]


def file_row(file: Any) -> dict[str, Any]:
    """A file as the list of files shows it."""
    return {
        "name": file.name,
        "url": reverse("service:file", args=[file.public_id]),
        "size": file.size,
        "at": file.created_at,
    }


def event_facts(event: AdverseEvent) -> list[dict[str, Any]]:
    """What is known of an adverse event."""
    field = AdverseEvent._meta.get_field
    names = ("description", "measures", "report_number", "conclusion")
    given = [
        (_("Device"), f"{event.device.name} {event.device.asset_number}"),
        (_("Institution"), event.institution.name),
        (pgettext("adverse event", "Harm"), event.get_harm_display()),
        (_("Happened"), when(event.happened_at)),
        (_("Learned of"), when(event.known_at)),
        (_("Report by"), when(event.report_due_at)),
        (pgettext("adverse event", "Reported at"), when(event.reported_at)),
    ]
    given += [
        (capfirst(str(getattr(field(name), "verbose_name", name))), getattr(event, name))
        for name in names
    ]
    return [{"label": label, "value": value} for label, value in given if value]


def recall_facts(recall: Recall) -> list[dict[str, Any]]:
    """What the notice says, and whom it is for."""
    everybody = recall.alliance.name
    given = [
        (pgettext("recall", "Class"), recall.get_level_display()),
        (_("Number or source of the notice"), recall.reference),
        (_("Published on"), _day(recall.published_on)),
        (_("Concerns"), recall.institution.name if recall.institution else everybody),
        (_("Manufacturer"), recall.maker),
        (_("Device type"), str(recall.type) if recall.type else ""),
        (_("Words in the name or model"), recall.model),
        (_("UDI begins with"), recall.udi),
        (_("Serial numbers"), "、".join(recall.serial_numbers)),
        (_("What to do"), recall.instruction),
        (_("Out of use until dealt with"), _("yes") if recall.stops_use else _("no")),
    ]
    return [{"label": label, "value": value} for label, value in given if value]


def _day(value: Any) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


def money(value: Any) -> str:
    """An amount as accounts write it, in groups of three; empty for none."""
    return "" if value is None else f"{value:,.2f}"


def yuan(value: Any) -> str:
    """The same with its unit."""
    return "" if value is None else _("%(amount)s yuan") % {"amount": money(value)}


def figures_row(one: Figures, *, days: str | None) -> dict[str, Any]:
    """What a period says of a device, or of an institution."""
    house = one.institution
    query = f"?institution={house.public_id}&days={days or ''}"
    return {
        "name": one.device.name if one.device else house.name,
        "number": one.device.asset_number if one.device else "",
        "url": one.device.get_absolute_url() if one.device else query,
        "devices": one.devices,
        "availability": percent(one.availability),
        "tone": "" if one.availability is None or one.availability >= 0.9 else "bad",
        "hours": one.hours_down,
        "faults": one.faults,
        "cost": money(one.cost),
    }


def figures_total(found: Sequence[Figures]) -> list[dict[str, Any]]:
    """The whole period in four numbers, each with how it is counted."""
    time = sum((one.time for one in found), timedelta())
    down = sum((one.down for one in found), timedelta())
    return [
        {
            "label": _("Availability"),
            "value": percent(1 - down / time if time else None),
            "formula": _("time in service ÷ time on the register, all devices together"),
        },
        {
            "label": _("Hours down"),
            "value": f"{int(down.total_seconds() // 3600):,}",
            "formula": _("faults, recalls and overdue checks; nothing counts twice"),
        },
        {"label": _("Faults reported"), "value": str(sum(one.faults for one in found))},
        {
            "label": _("Cost in yuan"),
            "value": money(sum((one.cost for one in found), Decimal(0))),
            "formula": _("repairs, calibration and maintenance"),
        },
    ]


def figures_bars(found: Sequence[Figures]) -> list[list[Any]]:
    """Hours down, the longest first; those that were never down are left out."""
    rows = sorted(found, key=lambda one: one.down, reverse=True)
    return [
        [
            f"{one.device.name} {one.device.asset_number}"
            if one.device
            else one.institution.short_name,
            one.hours_down,
        ]
        for one in rows
        if one.hours_down
    ]


def percent(share: float | None) -> str:
    """A share with one decimal, a dash for none."""
    return "—" if share is None else f"{number_format(share * 100, 1)}%"
