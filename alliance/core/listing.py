"""A list on a page: one page of rows, links to its neighbours, and chips for the filters on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import keyset

M = TypeVar("M")
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Listing(Generic[M]):
    """Rows of one page and the addresses of the pages beside it, empty where there is none."""

    rows: list[M]
    previous_url: str
    next_url: str


def listing(
    request: HttpRequest,
    queryset: QuerySet[Row],
    *,
    ordering: str,
    size: int = 50,
    branches: Sequence[QuerySet[Row]] | None = None,
) -> Listing[Row]:
    """The page that `?cursor=` asks for; its neighbours keep the filters of the query string."""
    page = keyset.paginate(
        branches or [queryset],
        into=queryset,
        ordering=ordering,
        cursor=request.GET.get("cursor"),
        size=size,
    )
    return Listing(page.rows, _with(request, page.previous), _with(request, page.next))


def sliced(
    request: HttpRequest, rows: Sequence[M], *, size: int = 50, name: str = "cursor"
) -> Listing[M]:
    """A page of rows that were read as a whole; `?cursor=` says after how many it begins.

    Where a page has several such lists, each has a `name` of its own for it.
    """
    asked = request.GET.get(name, "")
    begin = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    if begin >= len(rows):
        begin = 0
    previous = str(max(begin - size, 0)) if begin else None
    following = str(begin + size) if begin + size < len(rows) else None
    page = list(rows[begin : begin + size])
    return Listing(page, _with(request, previous, name), _with(request, following, name))


def _with(request: HttpRequest, cursor: str | None, name: str = "cursor") -> str:
    return "" if cursor is None else address(request, **{name: cursor})


def address(request: HttpRequest, **changes: str | None) -> str:
    """This page's query string with some parameters set or (None) taken away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def chips(request: HttpRequest, form: forms.BaseForm, *, search: str = "search") -> list[Any]:
    """What the filter form has switched on: label, value, and the address that takes it off."""
    found = []
    for field in form:
        asked = request.GET.get(field.name)
        if field.name != search and asked and field.name not in form.errors:
            words = _words(form, field, asked)
            off = address(request, **{field.name: None, "cursor": None})
            found.append({"label": field.label, "value": words, "url": off})
    return found


def _words(form: forms.BaseForm, field: forms.BoundField, asked: str) -> Any:
    """What was asked for as people read it."""
    if isinstance(field.field, forms.NullBooleanField):
        return _("Yes") if form.cleaned_data[field.name] else _("No")
    choices = getattr(field.field, "choices", ())
    return {str(value): words for value, words in choices}.get(asked, asked)
