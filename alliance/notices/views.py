"""Pages of notices."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from alliance.core.decorators import in_background
from alliance.core.listing import listing

from . import actions, selectors, texts
from .filters import NoticeFilter
from .forms import PreferencesForm
from .models import Notice

_HERE = "notices:list"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's notices, the newest first; those not yet read, unless all are asked for."""
    show_all = request.GET.get("show") == "all"
    rows = Notice.objects.visible_to(request.user)
    found = NoticeFilter(request.GET, queryset=rows if show_all else rows.unread(), request=request)
    page = listing(request, found.qs, ordering="-created_at")
    context = {
        "rows": [_row(notice) for notice in page.rows],
        "listing": page,
        "tabs": _tabs(show_all, selectors.unread_count(request.user)),
        "show_all": show_all,
    }
    return TemplateResponse(request, "notices/list.html", context)


def _row(notice: Notice) -> dict[str, Any]:
    return {"notice": notice, "title": texts.title_of(notice), "body": texts.body_of(notice)}


def _tabs(show_all: bool, waiting: int) -> list[dict[str, Any]]:
    here = reverse(_HERE)
    badge = f"{selectors.MOST}+" if waiting > selectors.MOST else waiting
    return [
        {"label": _("Unread"), "url": here, "active": not show_all, "badge": badge},
        {"label": _("All"), "url": f"{here}?show=all", "active": show_all},
    ]


@in_background
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell of the frame, which asks now and then; asking keeps nobody signed in."""
    return TemplateResponse(request, "notices/_bell.html")


@require_safe
def open_notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark one notice as read and go where it points."""
    notice = _visible(request, public_id)
    actions.mark_read(notice=notice, by=request.user)
    safe = url_has_allowed_host_and_scheme(notice.url, None)
    return redirect(notice.url if safe else _HERE)


@require_POST
def read(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark one notice as read and stay; htmx takes the row away and rings the bell."""
    actions.mark_read(notice=_visible(request, public_id), by=request.user)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(_HERE)
    return trigger_client_event(HttpResponse(), "ring", {"target": "#bell"})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(by=request.user)
    return redirect(_HERE)


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What comes by e-mail."""
    start = {"wanted": sorted(selectors.wanted_kinds(request.user))}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        actions.set_preferences(by=request.user, wanted=form.cleaned_data["wanted"])
        messages.success(request, _("Saved."))
        return redirect("notices:preferences")
    context = {"form": form, "address": getattr(request.user, "email", "")}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "notices/preferences.html", context, status=status)


def _visible(request: HttpRequest, public_id: UUID) -> Notice:
    rows = Notice.objects.visible_to(request.user)
    found: Notice = get_object_or_404(rows, public_id=public_id)
    return found
