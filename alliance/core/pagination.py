"""Cursor pages for the API, on the same keyset as the pages for people."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from . import keyset

MAX_SIZE = 200


class CursorPagination(BasePagination):
    """`?cursor=`, `?page_size=` and `?ordering=` for views built on `core.api_support`.

    The view names its `orderings` and its `default_ordering()`; it may give `branches(queryset)`
    to have several index ranges merged.
    """

    default_size = 50

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Read the page that the request asks for."""
        self.request = request
        branches = view.branches(queryset) if hasattr(view, "branches") else [queryset]
        self.page = keyset.paginate(
            branches,
            into=queryset,
            ordering=self._ordering(request, view),
            cursor=request.query_params.get("cursor"),
            size=self._size(request),
        )
        return self.page.rows

    def _ordering(self, request: Request, view: Any) -> str:
        asked = request.query_params.get("ordering")
        if not asked:
            return str(view.default_ordering())
        allowed = view.orderings
        if asked not in allowed:
            message = _("Choose one of: %(allowed)s.") % {"allowed": ", ".join(allowed)}
            raise ValidationError({"ordering": [message]})
        return str(asked)

    def _size(self, request: Request) -> int:
        asked = request.query_params.get("page_size") or str(self.default_size)
        if not (asked.isascii() and asked.isdigit()) or not 1 <= int(asked[:6]) <= MAX_SIZE:
            message = _("Enter a whole number from 1 to %(max)s.") % {"max": MAX_SIZE}
            raise ValidationError({"page_size": [message]})
        return int(asked)

    def get_paginated_response(self, data: list[Any]) -> Response:
        """`next`, `previous` and `results`; no count, since counting reads everything."""
        return Response(
            {
                "next": self._link(self.page.next),
                "previous": self._link(self.page.previous),
                "results": data,
            }
        )

    def _link(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The shape above, for the OpenAPI document."""
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """`cursor`, `page_size` and `ordering` for the OpenAPI document."""
        return [
            _parameter("cursor", {"type": "string"}),
            _parameter("page_size", {"type": "integer", "minimum": 1, "maximum": MAX_SIZE}),
            _parameter("ordering", {"type": "string", "enum": list(view.orderings)}),
        ]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}
