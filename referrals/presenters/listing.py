"""What stands around the list: tabs, chips of filters, saved views."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.models import SavedView

from ..filters import ReferralListFilter, Stage

# Never part of what a view keeps: where one was in the list.
_PASSING = ("cursor", "after", "ordering", "next")


def query_of(params: QueryDict, **changes: str | None) -> str:
    """The query string without empty values and cursors, with some parameters set or left out."""
    kept = params.copy()
    for name in (*_PASSING, *changes):
        kept.pop(name, None)
    for name in list(kept):
        values = [value for value in kept.getlist(name) if value]
        kept.setlist(name, values)
        if not values:
            del kept[name]
    for name, value in changes.items():
        if value:
            kept[name] = value
    return kept.urlencode()


def link(params: QueryDict, *, at: str = "referrals:list", **changes: str | None) -> str:
    """The address of a list (the referrals unless told) with this query."""
    query = query_of(params, **changes)
    return f"{reverse(at)}?{query}" if query else reverse(at)


def tabs(params: QueryDict, counts: Mapping[str, str]) -> list[dict[str, Any]]:
    """All, and the stages; each keeps the other filters."""
    current = params.get("stage", "")
    everything = {"label": _("All"), "url": link(params, stage=None), "active": not current}
    stages = [
        {
            "label": stage.label,
            "url": link(params, stage=stage.value),
            "active": current == stage.value,
            "badge": counts.get(stage.value, ""),
        }
        for stage in Stage
    ]
    return [everything, *stages]


def chips(
    filters: ReferralListFilter, params: QueryDict, *, at: str = "referrals:list"
) -> list[dict[str, Any]]:
    """What is on; its address takes it off."""
    labels = {name: field.label for name, field in filters.form.fields.items()}
    return [
        {"label": labels[name], "value": words, "url": link(params, at=at, **{name: None})}
        for name, words in filters.chosen().items()
        if name != "search"
    ]


def saved(views: Iterable[SavedView], params: QueryDict) -> list[dict[str, Any]]:
    """Saved views as links; the one whose query is on is active."""
    current = query_of(params)
    address = reverse("referrals:list")
    return [
        {
            "label": view.name,
            "url": f"{address}?{view.query}",
            "active": bool(current) and view.query == current,
            "drop_url": reverse("referrals:drop-view", args=[view.pk]),
        }
        for view in views
    ]
