"""The desk: what waits, most urgent first, and the one in hand beside it."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.core.access import has_permission
from alliance.core.choices import Permission

from . import selectors, worklists
from .choices import Move
from .filters import InboxFilter
from .models import Referral
from .presenters import detail as shown
from .presenters import listing
from .presenters.acts import RARE
from .presenters.rows import row_of, words_of
from .views_detail import leg_context, leg_or_404
from .views_list import acting, reader_of
from .worklists import TRAYS, Tray

PAGE = 30
_HERE = "referrals:inbox"


@require_safe
def inbox(request: HttpRequest, public_id: UUID | None = None) -> HttpResponse:
    """The tray and the row in hand; htmx asks for the pane alone."""
    house = acting(request)
    if not has_permission(request.user, Permission.REFERRAL_RECEIVE, institution_id=house):
        raise PermissionDenied(str(Permission.REFERRAL_RECEIVE.label))
    tray, filters = _tray(request), InboxFilter(request.GET, request=request)
    rows = tray.of(request.user, house) if house else Referral.objects.none()
    if filters.is_valid():
        (rows,) = filters.narrowed([rows])
    if request.htmx and not request.htmx.boosted and public_id:  # type: ignore[attr-defined]
        leg = leg_or_404(request, public_id)
        context = _pane(request, tray, leg, worklists.next_on_desk(rows, leg))
        return TemplateResponse(request, "referrals/_pane.html", context)
    context = _desk(request, tray, rows, public_id) | _around(request, tray, filters)
    status = 200 if filters.is_valid() else 422
    return TemplateResponse(request, "referrals/inbox.html", context, status=status)


def _tray(request: HttpRequest) -> Tray:
    name = request.GET.get("tray") or next(iter(TRAYS))
    if name not in TRAYS:
        raise Http404
    return TRAYS[name]


def _desk(request: HttpRequest, tray: Tray, rows: Any, public_id: UUID | None) -> dict[str, Any]:
    page = worklists.desk_page(rows, after=request.GET.get("after", ""), size=PAGE)
    current = None
    if public_id or page.rows:
        current = leg_or_404(request, public_id or page.rows[0].public_id)
    now, reader = timezone.now(), reader_of(request)
    said = words_of(worklists.last_words(page.rows))
    context: dict[str, Any] = {
        "rows": [
            row_of(
                leg,
                reader,
                now=now,
                said=said.get(leg.pk, ""),
                current=current is not None and leg.pk == current.pk,
                url=_address(request, leg),
            )
            for leg in page.rows
        ],
        "next_url": listing.link(request.GET, at=_HERE, after=page.next) if page.next else "",
        "first_url": listing.link(request.GET, at=_HERE) if request.GET.get("after") else "",
    }
    if current is not None:
        following = (
            page.after(current)
            if page.knows_next(current)
            else worklists.next_on_desk(rows, current)
        )
        context |= _pane(request, tray, current, following)
    return context


def _pane(
    request: HttpRequest, tray: Tray, leg: Referral, following: Referral | None
) -> dict[str, Any]:
    """The row in hand, why it can be received here, and where accepting leads."""
    onward = _address(request, following) if following else listing.link(request.GET, at=_HERE)
    context = leg_context(request, leg, onward=onward) | {"tray": tray}
    context["tucked"] = [act for act in context["tucked"] if act.move not in RARE]
    deciding = any(act.move == Move.ACCEPT for act in context["acts"])
    if deciding and leg.receiver is not None:
        wish = selectors.wish_of(leg, timezone.localdate())
        facts = selectors.receiving_facts(wish, leg.receiver, leg.receiver_department)
        context["why"] = shown.can_receive(facts, leg)
    return context


def _around(request: HttpRequest, tray: Tray, filters: InboxFilter) -> dict[str, Any]:
    house = acting(request)
    counts = worklists.bounded_counts(
        {name: [other.of(request.user, house)] for name, other in TRAYS.items()} if house else {}
    )
    return {
        "tray": tray,
        "filter": filters,
        "tabs": [
            {
                "label": other.label,
                "url": f"{reverse(_HERE)}?tray={name}",
                "active": name == tray.name,
                "badge": counts.get(name, ""),
            }
            for name, other in TRAYS.items()
        ],
        "is_filtered": bool(filters.chosen()),
        "clear_url": f"{reverse(_HERE)}?tray={tray.name}",
        "chips": listing.chips(filters, request.GET, at=_HERE),
    }


def _address(request: HttpRequest, leg: Referral) -> str:
    """The desk with this row in hand, the tray and filters as they are."""
    query = listing.query_of(request.GET, after=request.GET.get("after"))
    path = reverse("referrals:inbox-row", args=[leg.public_id])
    return f"{path}?{query}" if query else path
