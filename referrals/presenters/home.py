"""What home pages say beside the rows: greeting, tiles, the chart of patient flow, links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.choices import Permission
from alliance.institutions.models import Institution

from ..choices import Status
from ..filters import Stage
from ..models import ClockAlert
from ..overview import PARTNERS, PERIOD, Partner
from ..worklist import Worklist
from .rows import Row

_GREETINGS = (
    (5, gettext_lazy("Still up, %(name)s?")),
    (11, gettext_lazy("Good morning, %(name)s")),
    (13, gettext_lazy("Good day, %(name)s")),
    (18, gettext_lazy("Good afternoon, %(name)s")),
    (24, gettext_lazy("Good evening, %(name)s")),
)


@dataclass(frozen=True)
class Section:
    """A card of rows with a bounded count and the way to the rest."""

    rows: list[Row]
    count: str
    more_url: str = ""


def section(rows: list[Row], *, most: int, more_url: str = "") -> Section:
    """Cut at `most`; the count says when there are more."""
    count = f"{most}+" if len(rows) > most else str(len(rows)) if rows else ""
    return Section(rows[:most], count, more_url if rows else "")


def greeting(name: str, now: datetime) -> str:
    """By the hour of the day."""
    hour = timezone.localtime(now).hour
    words = next(text for until, text in _GREETINGS if hour < until)
    return str(words) % {"name": name}


def listed(**query: Any) -> str:
    """The list of referrals, filtered."""
    return f"{reverse('referrals:list')}?{urlencode(query, doseq=True)}"


def late_url(house: Institution) -> str:
    """What waits for a house beyond its time."""
    return listed(holder=house.public_id, overdue="true", stage=Stage.OPEN.value)


def tiles(counts: Mapping[str, str], house: Institution) -> list[dict[str, Any]]:
    """Today's flow and what is late, each opening its rows."""
    return [
        {
            "label": _("Received today"),
            "value": counts[Worklist.RECEIVED] or "0",
            "formula": _("filed today, addressed to us"),
            "url": listed(worklist=Worklist.RECEIVED.value),
        },
        {
            "label": _("Sent today"),
            "value": counts[Worklist.SENT] or "0",
            "formula": _("filed today by us, without ways back"),
            "url": listed(worklist=Worklist.SENT.value),
        },
        {
            "label": _("Sent back down today"),
            "value": counts[Worklist.SENT_BACK] or "0",
            "formula": _("ways back begun today"),
            "url": listed(worklist=Worklist.SENT_BACK.value),
        },
        {
            "label": _("Clocks broken now"),
            "value": counts["late"] or "0",
            "note": _("wait for us beyond their time") if counts["late"] else "",
            "note_tone": "bad" if counts["late"] else "",
            "formula": _("held by us and overdue"),
            "url": late_url(house),
        },
    ]


def flow_chart(partners: Sequence[Partner], house: Institution, *, now: datetime) -> dict[str, Any]:
    """Who sends us patients and whom we send patients to, as bars beside their numbers."""
    since = (timezone.localdate(now) - PERIOD).isoformat()
    here = house.public_id
    rows = [
        [
            str(one.institution),
            _opening(one.came, sender=one.institution.public_id, receiver=here, filed_from=since),
            _opening(one.went, sender=here, receiver=one.institution.public_id, filed_from=since),
        ]
        for one in partners[:PARTNERS]
    ]
    rest = partners[PARTNERS:]
    if rest:
        others = (sum(one.came for one in rest), sum(one.went for one in rest))
        rows.append([_("Others"), *({"text": number, "value": number} for number in others)])
    return {
        "title": _("Patient flow, last %(n)d days") % {"n": PERIOD.days},
        "headers": [_("Institution"), _("Came to us"), _("Went there")],
        "rows": rows,
    }


def _opening(number: int, **query: Any) -> dict[str, Any]:
    """A number that opens its rows, as words and as the length of a bar."""
    return {
        "text": number,
        "value": number,
        "url": listed(worklist=Worklist.REACHED.value, **query),
    }


def states(counts: Mapping[str, int]) -> list[list[Any]]:
    """Open legs by state, in the order of the way, each opening its rows."""
    return [
        [{"text": status.label, "url": listed(status=status.value)}, counts[status.value]]
        for status in Status
        if counts.get(status.value)
    ]


def late_houses(counts: Iterable[tuple[Institution, int]]) -> list[list[Any]]:
    """Who holds how many legs beyond their time."""
    return [[{"text": str(house), "url": late_url(house)}, number] for house, number in counts]


def escalated(alerts: Iterable[ClockAlert]) -> list[dict[str, Any]]:
    """Legs that the clock brought to the office."""
    return [
        {
            "title": alert.referral.number,
            "url": alert.referral.get_absolute_url(),
            "place": f"{alert.referral.sender} → {alert.referral.receiver}",
            "holder": str(alert.referral.holder or ""),
            "status": alert.referral.status,
            "label": alert.referral.get_status_display(),
            "due": alert.due_at,
            "at": alert.at,
        }
        for alert in alerts
    ]


# Tools by what they need: route, what it is called, what it is for, its picture.
_TOOLS: tuple[tuple[Permission, str, Any, Any, str], ...] = (
    (
        Permission.TRAINING_VIEW,
        "programmes:board",
        gettext_lazy("Trainees"),
        gettext_lazy("How far each is, who waits for a signature, who has no mentor"),
        "book",
    ),
    (
        Permission.ALLIANCE_MANAGE,
        "institutions:members",
        gettext_lazy("Members"),
        gettext_lazy("Who belongs to the alliance, since when, with which help"),
        "users",
    ),
    (
        Permission.MATRIX_MANAGE,
        "institutions:matrix",
        gettext_lazy("Relation matrix"),
        gettext_lazy("Who may refer to whom"),
        "swap",
    ),
    (
        Permission.CATALOGUE_MANAGE,
        "catalogue:editions",
        gettext_lazy("Technique catalogue"),
        gettext_lazy("Draft, compare and publish editions"),
        "book",
    ),
    (
        Permission.POLICY_MANAGE,
        "institutions:policy",
        gettext_lazy("Policy settings"),
        gettext_lazy("Clocks, limits and security, with their sources"),
        "settings",
    ),
    (
        Permission.DATA_IMPORT,
        "core:imports",
        gettext_lazy("Import and export"),
        gettext_lazy("Tables from Excel, checked before they count"),
        "upload",
    ),
    (
        Permission.COLLEAGUE_INVITE,
        "people:users",
        gettext_lazy("Colleagues"),
        gettext_lazy("Invite colleagues, disable accounts of those who leave"),
        "users",
    ),
    (
        Permission.USER_CREATE,
        "people:users",
        gettext_lazy("Accounts"),
        gettext_lazy("Create and disable accounts and API clients"),
        "user",
    ),
    (
        Permission.ROLE_GRANT,
        "people:users",
        gettext_lazy("Roles"),
        gettext_lazy("Grant and withdraw roles"),
        "key",
    ),
    (
        Permission.LEDGER_VIEW,
        "core:ledger",
        gettext_lazy("Ledger"),
        gettext_lazy("Who did what, when, in an unbroken chain"),
        "shield",
    ),
    (
        Permission.REFERENCE_VIEW,
        "institutions:list",
        gettext_lazy("Directory"),
        gettext_lazy("Institutions, departments and staff"),
        "building",
    ),
)


def tools(held: frozenset[Permission]) -> list[dict[str, Any]]:
    """The tools of someone who holds these permissions."""
    return [
        {"route": route, "label": label, "text": text, "icon": icon}
        for permission, route, label, text, icon in _TOOLS
        if permission in held
    ]
