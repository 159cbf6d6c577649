"""Policy settings in words: value, unit, default, source, since when, what is to come."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.core.models import PolicySetting
from alliance.core.policy import Definition, definitions

from .. import policies
from ..models import Alliance

PLATFORM = gettext_lazy("platform")


def words(definition: Definition, value: Any) -> str:
    """A value as people read it, with its unit."""
    kind = definition.kind
    if kind == "boolean":
        return _("Yes") if value else _("No")
    if kind == "choice":
        return str(dict(definition.choices).get(value, value))
    if kind == "text":
        return str(value) or _("(empty)")
    if kind == "minutes":
        return _minutes(value)
    if kind == "hours":
        return _hours(value)
    if kind == "days":
        return ngettext("%(number)s day", "%(number)s days", value) % {"number": value}
    return f"{value}%" if kind == "percent" else str(value)


def _minutes(value: int) -> str:
    """Minutes, and the same in hours where that is easier to take in."""
    plain = ngettext("%(number)s minute", "%(number)s minutes", value) % {"number": value}
    if value < 120 or value % 60:
        return plain
    return _("%(minutes)s (%(hours)s)") % {"minutes": plain, "hours": _hours(value // 60)}


def _hours(value: int) -> str:
    return ngettext("%(number)s hour", "%(number)s hours", value) % {"number": value}


def index(user: Any, alliance: Alliance | None, search: str, *, on: date) -> dict[str, Any]:
    """All settings by group; those whose label or key holds `search`."""
    rows = _rows(alliance)
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for definition in definitions().values():
        shown = alliance is not None or policies.is_platform_setting(definition.key)
        if shown and _matches(definition, search):
            setting = _setting(definition, rows[definition.key], on)
            setting["may_change"] = _may_change(user, definition.key, alliance)
            grouped[str(definition.group)].append(setting)
    return {
        "alliance": alliance,
        "search": search,
        "groups": [
            {"id": f"group-{number}", "name": name, "settings": found}
            for number, (name, found) in enumerate(grouped.items(), start=1)
        ],
    }


def detail(
    user: Any, alliance: Alliance | None, definition: Definition, *, on: date
) -> dict[str, Any]:
    """One setting with its whole history, the newest first."""
    rows = _rows(alliance, key=definition.key)[definition.key]
    history = [
        {
            "at": row.effective_from,
            "value": words(definition, row.value),
            "source": row.source,
            "reason": row.reason,
            "by": row.created_by,
            "recorded_at": row.created_at,
            "to_come": row.effective_from > on,
            "everywhere": row.alliance_id is None,
        }
        for row in sorted(rows, key=lambda row: (row.effective_from, row.pk), reverse=True)
    ]
    return {
        "alliance": alliance,
        "definition": definition,
        "setting": _setting(definition, rows, on),
        "history": history,
        "is_platform": policies.is_platform_setting(definition.key),
        "may_change": _may_change(user, definition.key, alliance),
    }


def scope_of(key: str, alliance: Alliance | None) -> Alliance | None:
    """For whom a setting is changed: the alliance, or None for the platform's own."""
    return None if policies.is_platform_setting(key) else alliance


def value_on(rows: Iterable[PolicySetting], definition: Definition, on: date) -> Any:
    """The value in force on a date among rows in order of precedence."""
    counted = [row for row in rows if row.effective_from <= on]
    return counted[-1].value if counted else definition.default


def present_value(definition: Definition, alliance: Alliance | None, *, on: date) -> Any:
    """The value in force, to begin a change with."""
    return value_on(_rows(alliance, key=definition.key)[definition.key], definition, on)


def _setting(definition: Definition, rows: list[PolicySetting], on: date) -> dict[str, Any]:
    counted = [row for row in rows if row.effective_from <= on]
    coming = [row for row in rows if row.effective_from > on]
    current = counted[-1] if counted else None
    following = min(coming, key=lambda row: row.effective_from) if coming else None
    return {
        "definition": definition,
        "value": words(definition, value_on(rows, definition, on)),
        "default": words(definition, definition.default),
        "is_default": current is None,
        "since": current.effective_from if current else None,
        "source": current.source if current else definition.source,
        "is_verified": definition.verified or current is not None,
        "next_value": words(definition, following.value) if following else "",
        "next_on": following.effective_from if following else None,
        "history_length": len(rows),
    }


def _rows(alliance: Alliance | None, key: str = "") -> dict[str, list[PolicySetting]]:
    """The stored values that count for an alliance, those that win last."""
    found = PolicySetting.objects.filter_alliance(alliance.pk if alliance else None)
    if key:
        found = found.filter(key=key).select_related("created_by")
    rows: dict[str, list[PolicySetting]] = defaultdict(list)
    for row in found:
        rows[row.key].append(row)
    return rows


def _matches(definition: Definition, search: str) -> bool:
    wanted = search.strip().lower()
    return wanted in str(definition.label).lower() or wanted in definition.key


def _may_change(user: Any, key: str, alliance: Alliance | None) -> bool:
    scope = scope_of(key, alliance)
    return policies.may_change_policy(user, key, scope.pk if scope else None)
