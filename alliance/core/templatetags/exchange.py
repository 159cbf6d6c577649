"""A list's own export: the rows as filtered, for whoever may take them out."""

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
