"""The main menu, by what a person may do."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.access import access_of
from alliance.core.choices import Permission as P


@dataclass(frozen=True)
class Entry:
    """One menu entry, shown to holders of any of `permissions`."""

    route: str
    label: Any
    icon: str
    permissions: frozenset[P]


ENTRIES = (
    Entry("home", _("Home"), "home", frozenset(P)),
    Entry("referrals:inbox", _("Inbox"), "inbox", frozenset({P.REFERRAL_RECEIVE})),
    Entry("referrals:list", _("Referrals"), "list", frozenset({P.REFERRAL_VIEW})),
    Entry("patients:list", _("Patients"), "users", frozenset({P.PATIENT_VIEW})),
    Entry("institutions:list", _("Directory"), "building", frozenset({P.REFERENCE_VIEW})),
    Entry(
        "training:home",
        _("Training"),
        "book",
        frozenset({P.LEARNING_OWN, P.TRAINING_VIEW, P.PRIVILEGE_VIEW, P.PROGRAMME_MANAGE}),
    ),
    Entry("equipment:home", _("Equipment"), "device", frozenset({P.EQUIPMENT_VIEW})),
    Entry(
        "qc:findings",
        _("Findings"),
        "check-circle",
        frozenset({P.FINDING_VIEW, P.EQUIPMENT_KEEP}),
    ),
    Entry(
        "institutions:office",
        _("Alliance office"),
        "briefcase",
        frozenset({P.ALLIANCE_MANAGE, P.MATRIX_MANAGE, P.CATALOGUE_MANAGE, P.POLICY_MANAGE}),
    ),
    Entry(
        "people:users",
        _("Accounts"),
        "key",
        frozenset({P.COLLEAGUE_INVITE, P.USER_CREATE, P.ROLE_GRANT}),
    ),
    Entry("core:ledger", _("Ledger"), "shield", frozenset({P.LEDGER_VIEW})),
)


def items_for(user: Any, path: str) -> list[dict[str, Any]]:
    """Menu items of a user; the one whose address begins `path` most closely is active."""
    held = access_of(user).everywhere()
    shown = [(entry, reverse(entry.route)) for entry in ENTRIES if held & entry.permissions]
    near = [url for entry, url in shown if _leads_to(entry, url, path)]
    here = max(near, key=len, default=None)
    return [
        {"url": url, "label": entry.label, "icon": entry.icon, "active": url == here}
        for entry, url in shown
    ]


def _leads_to(entry: Entry, url: str, path: str) -> bool:
    return path == url if entry.route == "home" else path.startswith(url)
