"""Rules about people; no database, no clock: facts in, errors by field out."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.core.choices import INSTITUTION_ROLES, Role

# What a manager may offer a colleague; the interface role belongs to systems, not to people.
INVITABLE_ROLES = INSTITUTION_ROLES - {Role.INTERFACE}
# What the security administrator grants to people.
GRANTABLE_ROLES = frozenset(Role) - {Role.INTERFACE}


def practitioner_errors(
    *,
    practice_started_on: date | None,
    licence_valid_until: date | None,
    department_institution_id: int | None,
    institution_id: int,
    on: date,
) -> dict[str, Any]:
    """What is wrong with a practitioner's dates and place."""
    errors: dict[str, Any] = {}
    if practice_started_on is not None and practice_started_on > on:
        errors["practice_started_on"] = _("The start of practice lies in the future.")
    elif (
        practice_started_on is not None
        and licence_valid_until is not None
        and licence_valid_until <= practice_started_on
    ):
        errors["licence_valid_until"] = _("The licence must end after the start of practice.")
    if department_institution_id not in (None, institution_id):
        errors["department"] = _("This department belongs to another institution.")
    return errors


def grant_errors(
    *, role: str, valid_from: date | None, valid_until: date | None, on: date
) -> dict[str, Any]:
    """What is wrong with a role that is about to be granted to a person."""
    errors: dict[str, Any] = {}
    if role not in GRANTABLE_ROLES:
        errors["role"] = _("This role belongs to systems, not to people.")
    if valid_from is not None and valid_from < on:
        errors["valid_from"] = _("A role cannot begin in the past.")
    if valid_from is not None and valid_until is not None and valid_until <= valid_from:
        errors["valid_until"] = _("The end must be after the start.")
    return errors


# The first that fits names it: Edge calls itself Chrome too, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"), ("MicroMessenger", "WeChat"), ("QQBrowser", "QQ"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """What a browser's own description comes down to: `Chrome · Windows`."""
    names = [
        next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, names)) or agent[:40]


def locked_until(
    failures: list[datetime], *, limit: int, minutes: int, now: datetime
) -> datetime | None:
    """Until when a name is locked; `failures` are its last `limit` wrong passwords, newest first.

    `limit` failures within `minutes` lock for `minutes` from the last one.
    """
    if len(failures) < limit:
        return None
    period = timedelta(minutes=minutes)
    newest, oldest = failures[0], failures[limit - 1]
    if newest - oldest > period or newest + period <= now:
        return None
    return newest + period


def password_is_due(*, changed_at: datetime, days: int, now: datetime) -> bool:
    """Whether a password is older than policy allows."""
    return now - changed_at >= timedelta(days=days)
