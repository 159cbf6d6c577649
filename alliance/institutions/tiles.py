"""The office's own tiles: members, matrix, policy; and the doors of rooms it names by route only."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.models import PolicySetting

from . import selectors
from .models import Alliance, Relation
from .office import Tile, tiles


@tiles(order=10)
def members(user: Any, alliance: Alliance | None) -> Iterator[Tile]:
    """Members, and how many of them the matrix does not know."""
    if alliance is None or not _holds(user, Permission.ALLIANCE_MANAGE, alliance):
        return
    known = Relation.objects.filter(alliance=alliance).values("sender")
    current = selectors.present_and_coming(alliance.pk, on=timezone.localdate())
    strangers = current.exclude(institution__in=known).count()
    note, tone = _count_of(current.count()), "neutral"
    if strangers:
        words = ngettext("%(count)s without relations", "%(count)s without relations", strangers)
        note, tone = words % {"count": strangers}, "warn"
    yield Tile(
        title=_("Members"),
        text=_("Who belongs to the alliance, in which role, with which help, since when."),
        url=reverse("institutions:members"),
        icon="building",
        note=note,
        tone=tone,
    )


@tiles(order=20)
def matrix(user: Any, alliance: Alliance | None) -> Iterator[Tile]:
    """The matrix, and how many of its cells were set by hand."""
    if alliance is None or not _holds(user, Permission.MATRIX_MANAGE, alliance):
        return
    by_hand = Relation.objects.filter(alliance=alliance, by_rule=False).count()
    words = ngettext("%(count)s cell set by hand", "%(count)s cells set by hand", by_hand)
    yield Tile(
        title=_("Relation matrix"),
        text=_("Who may refer to whom: made by rule in one go, then changed cell by cell."),
        url=reverse("institutions:matrix"),
        icon="grid",
        note=words % {"count": by_hand} if by_hand else "",
        tone="neutral",
    )


@tiles(order=40)
def policy(user: Any, alliance: Alliance | None) -> Iterator[Tile]:
    """Policy settings, and how many changes are to come."""
    if Permission.POLICY_MANAGE not in access_of(user).everywhere():
        return
    coming = PolicySetting.objects.filter(
        alliance=alliance, institution=None, effective_from__gt=timezone.localdate()
    ).count()
    words = ngettext("%(count)s change to come", "%(count)s changes to come", coming)
    yield Tile(
        title=_("Policy settings"),
        text=_("Every number that rules here: value, source, since when, and its history."),
        url=reverse("institutions:policy"),
        icon="settings",
        note=words % {"count": coming} if coming else "",
        tone="info",
    )


@tiles(order=50)
def exchange(user: Any, alliance: Alliance | None) -> Iterator[Tile]:
    """Import and export by Excel."""
    if (
        not access_of(user)
        .everywhere()
        .isdisjoint({Permission.DATA_IMPORT, Permission.DATA_EXPORT})
    ):
        yield Tile(
            title=_("Import and export"),
            text=_("Institutions, departments, practitioners, code tables, as Excel."),
            url=reverse("core:imports"),
            icon="upload",
        )


@tiles(order=60)
def accounts(user: Any, alliance: Alliance | None) -> Iterator[Tile]:
    """Accounts and roles, for who keeps them."""
    keepers = {Permission.COLLEAGUE_INVITE, Permission.USER_CREATE, Permission.ROLE_GRANT}
    if not access_of(user).everywhere().isdisjoint(keepers):
        yield Tile(
            title=_("Accounts"),
            text=_("Who may sign in, and what they may do where."),
            url=reverse("people:users"),
            icon="key",
        )


def _holds(user: Any, permission: Permission, alliance: Alliance) -> bool:
    return permission in access_of(user).alliances.get(alliance.pk, frozenset())


def _count_of(count: int) -> str:
    words = ngettext("%(count)s institution", "%(count)s institutions", count)
    return words % {"count": count}
