"""The first page after signing in: for each role, what to do now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission, Role
from equipment import hub as equipment

from . import overview, worklists
from .presenters import home as shown
from .presenters.home import Section, listed, section
from .presenters.rows import row_of, rows_of, words_of
from .querysets import ReferralQuerySet
from .views_list import acting, reader_of
from .worklist import Worklist
from .worklists import SECTION, TRAYS

Context = dict[str, Any]
# Rows of the desk's tray on its home page; the inbox has the rest.
_FIRST = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The board of one's role; whoever has several roles finds tabs."""
    boards = _boards(request)
    name = request.GET.get("board", "")
    name = name if name in boards else next(iter(boards))
    now = timezone.now()
    context = {
        "board": name,
        "tabs": _tabs(boards, name),
        "greeting": shown.greeting(request.user.name, now),  # type: ignore[union-attr]
        "today": timezone.localdate(now),
        "may_file": has_permission(
            request.user, Permission.REFERRAL_SEND, institution_id=acting(request)
        ),
        "todos": equipment.todos_for(request.user, now),
        **_BOARDS[name].build(request, now),
    }
    return TemplateResponse(request, f"referrals/home_{name}.html", context)


def _boards(request: HttpRequest) -> list[str]:
    """The boards of the roles held here and apart from institutions, in the order of _BOARDS."""
    roles = access_of(request.user).roles_at(acting(request))
    found = [name for name, board in _BOARDS.items() if roles & board.roles]
    return found or ["tools"]


def _tabs(boards: list[str], current: str) -> list[Context]:
    if len(boards) < 2:
        return []
    return [
        {
            "label": _BOARDS[name].label,
            "url": f"{reverse('home')}?board={name}",
            "active": name == current,
        }
        for name in boards
    ]


def _section(
    request: HttpRequest,
    rows: ReferralQuerySet,
    now: datetime,
    *,
    most: int = SECTION,
    more_url: str = "",
) -> Section:
    legs = list(rows[: most + 1])
    words = words_of(worklists.last_words(legs))
    found = rows_of(legs, reader_of(request), now=now, words=words)
    return section(found, most=most, more_url=more_url)


def _doctor(request: HttpRequest, now: datetime) -> Context:
    """What I sent, what comes back, whom we treat, what I began to write."""
    user, house = request.user, acting(request) or 0
    return {
        "on_the_way": _section(
            request,
            worklists.on_the_way(user, house, now=now),
            now,
            more_url=listed(worklist=Worklist.ON_THE_WAY.value),
        ),
        "coming_back": _section(
            request,
            worklists.coming_back(user, house, now=now),
            now,
            more_url=listed(worklist=Worklist.COMING_BACK.value),
        ),
        "in_care": _section(
            request,
            worklists.in_our_care(user, house, now=now),
            now,
            more_url=listed(worklist=Worklist.IN_CARE.value),
        ),
        "drafts": _section(
            request,
            worklists.drafts(user, house, now=now),
            now,
            more_url=listed(worklist=Worklist.DRAFTS.value),
        ),
    }


def _desk(request: HttpRequest, now: datetime) -> Context:
    """How full each tray is, what is first in it, and who arrives today."""
    user, house = request.user, acting(request) or 0
    trays = {name: tray.of(user, house) for name, tray in TRAYS.items()}
    counts = worklists.bounded_counts({name: [rows] for name, rows in trays.items()})
    first = worklists.desk_page(trays["decide"], after="", size=_FIRST)
    reader = reader_of(request)
    rows = [
        row_of(leg, reader, now=now, url=reverse("referrals:inbox-row", args=[leg.public_id]))
        for leg in first.rows
    ]
    inbox = reverse("referrals:inbox")
    return {
        "trays": [
            {"label": tray.label, "value": counts[name] or "0", "url": f"{inbox}?tray={name}"}
            for name, tray in TRAYS.items()
        ],
        "first": Section(rows, counts["decide"], inbox if rows else ""),
        "arriving": _section(
            request,
            worklists.arriving_today(user, house, now=now),
            now,
            more_url=listed(worklist=Worklist.ARRIVING.value),
        ),
    }


def _manager(request: HttpRequest, now: datetime) -> Context:
    """Today's flow, the clocks we broke, where patients come from and go to."""
    user, house = request.user, request.institution  # type: ignore[attr-defined]
    late = worklists.overdue_here(user, house.pk, now=now)
    counts = worklists.bounded_counts(
        {**overview.sets_of_today(user, house.pk, now=now), "late": [late]}
    )
    partners = overview.flow(user, house.pk, now=now)
    return {
        "tiles": shown.tiles(counts, house),
        "late": _section(request, late, now, most=_FIRST * 2, more_url=shown.late_url(house)),
        "chart": shown.flow_chart(partners, house, now=now) if partners else None,
        "tools": shown.tools(access_of(user).institutions.get(house.pk, frozenset())),
    }


def _alliance(request: HttpRequest, now: datetime) -> Context:
    """What is open in the alliance, who is late, what the clock brought to the office."""
    user = request.user
    access = access_of(user)
    overseen = access.alliances_with(Permission.REFERRAL_OVERSEE)
    rows = overview.open_in(user, overseen)
    return {
        "states": shown.states(overview.by_state(rows)),
        "late": shown.late_houses(overview.late_by_institution(rows, now=now)),
        "escalated": shown.escalated(overview.escalations(rows, now=now)),
        "tools": shown.tools(frozenset().union(*access.alliances.values())),
    }


def _trainer(request: HttpRequest, now: datetime) -> Context:
    """Whom I teach, what I learn; the page fetches it. Beside it the tools."""
    return {"tools": shown.tools(access_of(request.user).everywhere())}


def _tools(request: HttpRequest, now: datetime) -> Context:
    """Only the way to one's tools: these roles see no patients."""
    return {"tools": shown.tools(access_of(request.user).everywhere())}


class Board:
    """A home page: for which roles, what it is called, what it shows."""

    def __init__(
        self, label: Any, roles: set[Role], build: Callable[[HttpRequest, datetime], Context]
    ) -> None:
        self.label, self.roles, self.build = label, roles, build


def _keeper(request: HttpRequest, now: datetime) -> Context:
    """Every door of equipment; those behind which something waits come first."""
    return {"cards": equipment.cards_for(request.user)}


_BOARDS: dict[str, Board] = {
    "doctor": Board(_("My patients"), {Role.DOCTOR}, _doctor),
    "desk": Board(_("Desk"), {Role.LIAISON}, _desk),
    "manager": Board(_("Our hospital"), {Role.MANAGER}, _manager),
    "trainer": Board(_("My trainees"), {Role.TRAINER}, _trainer),
    "keeper": Board(_("Our devices"), {Role.EQUIPMENT_KEEPER}, _keeper),
    "alliance": Board(_("Alliance"), {Role.QC_MEMBER, Role.ALLIANCE_OFFICE}, _alliance),
    "tools": Board(
        _("Administration"), {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}, _tools
    ),
}
