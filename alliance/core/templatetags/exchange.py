"""A list's own way to Excel and back: the rows as filtered go out, a file of rows comes in."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from ..exchange.spec import find

register = template.Library()


@register.inclusion_tag("core/_export_link.html", takes_context=True)
def export_link(context: Context, name: str, **more: Any) -> dict[str, Any]:
    """A button that takes a table out with the page's filters and `more` of them."""
    table, request = find(name), context["request"]
    if table is None or not table.may_export(request.user):
        return {"url": ""}
    query = request.GET.copy()
    query.pop("cursor", None)
    for key, value in more.items():
        query[key] = str(value)
    address = reverse("core:export", args=[name])
    return {"url": f"{address}?{query.urlencode()}" if query else address}


@register.inclusion_tag("core/_import_link.html", takes_context=True)
def import_link(context: Context, name: str) -> dict[str, Any]:
    """A button to the page that takes a file of this table, for whoever may bring it in."""
    table = find(name)
    allowed = table is not None and table.may_import(context["request"].user)
    return {"url": reverse("core:import-new", args=[name]) if allowed else ""}
