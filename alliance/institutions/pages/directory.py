"""One institution and its calendar, as their pages show them."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from alliance.core.calendar import Periods, format_periods, holidays_known

from .. import policies, rules, selectors
from ..choices import Direction, TypeCode
from ..models import Institution, Relation

_MOST_PRACTITIONERS = 12
_DAYS_AHEAD = 14


def institution(found: Institution, *, user: Any, on: date) -> dict[str, Any]:
    """The page of one institution."""
    departments = found.departments.select_related("specialty").order_by(
        F("is_active").desc(), "code"
    )
    staff = (
        found.practitioners.visible_to(user)
        .for_list()
        .filter(is_active=True)
        .order_by("title_code", "name")
    )
    return {
        "institution": found,
        "facts": facts(found),
        "memberships": selectors.memberships_of(found.pk, on=on),
        "departments": departments,
        "practitioners": staff[:_MOST_PRACTITIONERS],
        "practitioner_count": staff.count(),
        "clinics": found.clinics.filter(is_active=True).order_by("name"),
        "outgoing": _by_direction(found, "receiver"),
        "incoming": _by_direction(found, "sender"),
        "today": _hours(selectors.working_calendar(found.pk, on, on).periods_on(on)),
        "exceptions": found.calendar_days.filter(day__gte=on).order_by("day")[:3],
        "may_edit": policies.may_edit_institution(user, found),
        "may_edit_departments": policies.may_edit_departments(user, found),
    }


def facts(found: Institution) -> list[dict[str, Any]]:
    """The institution's facts as label and value."""
    kind = dict(TypeCode.choices).get(found.type_code)
    return [
        {
            "label": _("Kind of institution"),
            "value": f"{kind} {found.type_code}" if kind else found.type_code,
        },
        {"label": _("Hospital grade"), "value": found.get_grade_display() or ""},
        {"label": _("Beds"), "value": str(found.beds) if found.beds else ""},
        {"label": _("Telephone"), "value": found.phone},
        {"label": _("Liaison desk"), "value": found.liaison_phone},
        {"label": _("E-mail"), "value": found.email},
        {"label": _("Address"), "value": found.address, "wide": True},
        {"label": _("Unified social credit code"), "value": found.uscc, "wide": True},
        {"label": _("Division code"), "value": found.division_code},
        {
            "label": _("Reviews referrals before they leave"),
            "value": _("Yes") if found.reviews_referrals else _("No"),
        },
    ]


def calendar(found: Institution, *, user: Any, on: date) -> dict[str, Any]:
    """The next two weeks as clocks will count them, and every exception to come."""
    last = on + timedelta(days=_DAYS_AHEAD - 1)
    counted = selectors.working_calendar(found.pk, on, last)
    exceptions = list(found.calendar_days.filter(day__gte=on).order_by("day"))
    own = {row.day: row for row in exceptions}
    days = [on + timedelta(days=offset) for offset in range(_DAYS_AHEAD)]
    return {
        "institution": found,
        "days": [
            {
                "day": day,
                "weekday": WEEKDAYS[day.weekday()],
                "hours": _hours(counted.periods_on(day)),
                "exception": own.get(day),
            }
            for day in days
        ],
        "exceptions": exceptions,
        **_hours_settings(found, on),
        "holidays_known": holidays_known(last.year),
        "year": last.year,
        "may_edit": policies.may_edit_institution(user, found),
    }


def _hours_settings(found: Institution, on: date) -> dict[str, Any]:
    """What hours count now, and what the institution itself decided about them, newest first."""
    values = selectors.calendar_policy(found.pk, on=on)
    decided = selectors.own_hours(found.pk)
    now = next((row for row in decided if row.effective_from <= on), None)
    return {
        "hours_now": {
            "weekday": values[rules.WEEKDAY_HOURS],
            "weekend": values[rules.WEEKEND_HOURS],
            "observes_holidays": values[rules.OBSERVES_HOLIDAYS],
        },
        "has_own_hours": now is not None and now.value is not None,
        "hours_decided": decided,
    }


def _hours(periods: Periods) -> str:
    return format_periods(periods).replace(" ", " · ") or _("closed all day")


def _by_direction(found: Institution, other: str) -> list[dict[str, Any]]:
    """Open relations of an institution, grouped by the way the patient goes."""
    mine = "sender" if other == "receiver" else "receiver"
    cells = (
        Relation.objects.allowed()
        .filter(**{mine: found}, **{f"{other}__is_active": True})
        .select_related(other)
        .order_by(f"{other}__pinyin")
    )
    grouped: dict[str, dict[int, Institution]] = defaultdict(dict)
    for cell in cells:
        house = getattr(cell, other)
        grouped[cell.direction][house.pk] = house
    return [
        {"direction": way, "label": way.label, "houses": list(grouped[way].values())}
        for way in Direction
        if way in grouped
    ]
